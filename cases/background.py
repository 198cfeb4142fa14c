"""What was said in the report, as pairs of question and answer. Pure."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from cases.countries import COUNTRIES, EMERGENCY, LANGUAGES
from cases.intake import QUESTIONS
from cases.models import Case
from cases.states import ContentKind, Want, YesNo

_SAID = ("threat", "danger", "knows_who", "first_seen", "contacted")


def pairs(case: Case) -> Iterator[tuple[str, str]]:
    """Yield only what was answered."""
    if case.under_18:
        yield str(QUESTIONS["under_18"]), _yes_no(case.under_18)
    for name in _SAID:
        if case.answers.get(name):
            yield str(QUESTIONS[name]), _yes_no(case.answers[name])
    if case.answers.get("contacted_what"):
        yield _("What was written, and what happened"), case.answers["contacted_what"]
    if case.content_kinds:
        yield str(QUESTIONS["content_kind"]), _labels(ContentKind.choices, case.content_kinds)
    if case.self_taken:
        yield str(QUESTIONS["self_taken"]), _yes_no(case.self_taken)
    if case.country:
        yield str(QUESTIONS["country"]), _country(case.country)
    if case.language:
        yield str(QUESTIONS["language"]), _labels(LANGUAGES, [case.language])
    if case.wants:
        yield str(QUESTIONS["wants"]), _labels(Want.choices, case.wants)


def _yes_no(value: str) -> str:
    words = {**dict(YesNo.choices), "unwilling": _("Prefers not to say")}
    return str(words.get(value, value))


def _country(code: str) -> str:
    name = _labels(COUNTRIES, [code])
    number = EMERGENCY.get(code)
    return (
        _("%(name)s (emergency: %(number)s)") % {"name": name, "number": number} if number else name
    )


def _labels(choices: Iterable[tuple[str, object]], values: Iterable[str]) -> str:
    words = dict(choices)
    return ", ".join(str(words.get(value, value)) for value in values)
