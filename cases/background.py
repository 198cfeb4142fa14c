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
    yield from _said(case)
    if case.answers.get("contacted_what"):
        yield _("What was written, and what happened"), case.answers["contacted_what"]
    chosen = {
        "content_kind": _labels(ContentKind.choices, case.content_kinds),
        "country": _country(case.country),
        "language": _labels(LANGUAGES, [case.language]),
        "wants": _labels(Want.choices, case.wants),
    }
    for name, words in chosen.items():
        if words:
            yield str(QUESTIONS[name]), words


def _said(case: Case) -> Iterator[tuple[str, str]]:
    if case.under_18:
        yield str(QUESTIONS["under_18"]), _yes_no(case.under_18)
    if case.self_taken:
        yield str(QUESTIONS["self_taken"]), _yes_no(case.self_taken)
    for name in _SAID:
        if case.answers.get(name):
            yield str(QUESTIONS[name]), _yes_no(case.answers[name])


def _yes_no(value: str) -> str:
    words = {**dict(YesNo.choices), "unwilling": _("Prefers not to say")}
    return str(words.get(value, value))


def _country(code: str) -> str:
    name, number = _labels(COUNTRIES, [code]), EMERGENCY.get(code)
    if number is None:
        return name
    return _("%(name)s (emergency: %(number)s)") % {"name": name, "number": number}


def _labels(choices: Iterable[tuple[str, object]], values: Iterable[str]) -> str:
    words = dict(choices)
    return ", ".join(str(words.get(value, value)) for value in values if value)
