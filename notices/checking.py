"""The checklist of one notice: the same function for the page, the button and the approval."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Organisation
from cases import mandates
from cases.models import Case
from cases.states import CaseStatus, Purpose
from core.errors import RuleBroken
from notices import drafting, law
from notices.drafting import Facts, Forbidden, Offers, Row, Speed
from notices.drafting.offers import Closed
from notices.drafting.rows import State
from notices.facts import of_notice
from notices.models import Notice


def rows(notice: Notice, at: datetime, facts: Facts | None = None) -> list[Row]:
    """Return every row of the checklist; a ground that is not for everyday use must be chosen."""
    facts = facts or of_notice(notice, at)
    return [*drafting.checklist(facts, forbidden=names_of(notice.case)), *_opting_in(facts)]


def offers(facts: Facts, speeds: Mapping[str, Speed]) -> Offers:
    """Return the grounds that are open, those left out that the organisation does not use."""
    known = drafting.available_grounds(facts, speeds)
    if copyright_is_on():
        return known
    off = [offer for offer in known.possible if _is_copyright(offer.ground_id)]
    closed = [Closed(offer.ground_id, offer.name, _switched_off()) for offer in off]
    rest = tuple(offer for offer in known.possible if offer not in off)
    return Offers(known.recommended, rest, (*known.closed, *closed))


def copyright_is_on() -> bool:
    organisation = Organisation.current()
    return organisation is not None and organisation.dmca_enabled


def why_not(notice: Notice, at: datetime) -> str:
    """Return the sentence that says what is missing, or "" for a complete notice."""
    return drafting.why_not(rows(notice, at))


def names_of(case: Case) -> Forbidden:
    """Return what must stand in no sentence of an author's own: her names.

    The people who write never see them: a finding says that a name is there, never which.
    """
    person = getattr(case, "person", None)
    if person is None:
        return Forbidden()
    names = [person.alias, person.legal_name]
    parts = [part for name in names for part in name.split() if len(part) > 2]
    return Forbidden(words=tuple(name for name in [*names, *parts] if name))


def refuse_closed_case(notice: Notice) -> None:
    """Raise RuleBroken while nothing may be sent for this case."""
    sentence = closed_sentence(notice.case)
    if sentence:
        raise RuleBroken(sentence)


def closed_sentence(case: Case) -> str:
    """Return why no notice is made or sent for this case now, or ""."""
    if case.is_minor_pathway:
        return _("Under 18: ordinary notices are closed. Use the route for minors.")
    if case.status == CaseStatus.PAUSED:
        return _("%(code)s is paused: nothing is sent until it goes on.") % {"code": case.code}
    if not case.is_open:
        return _("%(code)s is closed: open it again to write notices.") % {"code": case.code}
    return ""


def refuse_without_yes(notice: Notice, at: datetime) -> None:
    """Raise RuleBroken when the person said no to writing to platforms."""
    held = list(notice.case.mandates.all())
    organisation = Organisation.current() or Organisation()
    if mandates.answer(held, Purpose.WRITE, organisation.day_at(at)) == "no":
        raise RuleBroken(
            _("The person said no to writing to platforms. Ask again before anything is sent.")
        )


def _opting_in(facts: Facts) -> Iterator[Row]:
    ground = facts.ground
    if ground.default_enabled:
        return
    if facts.is_copyright and not copyright_is_on():
        told = _switched_off()
        yield Row("switched_off", "standing", "", told, "required", "missing", "", "ground", told)
        return
    words = _("The author chose this ground knowing who may see the notice.")
    told = _("Chosen") if facts.opted_in else _("Not ticked by the person who writes")
    state: State = "ready" if facts.opted_in else "missing"
    short = _("the choice of a ground with a high privacy cost")
    yield Row("opt_in", "standing", "", words, "required", state, told, "opted_in", short)


def _is_copyright(ground_id: str) -> bool:
    return bool(law.ground(ground_id).precondition.get("copyright_owner"))


def _switched_off() -> str:
    return _("The organisation has not switched copyright notices on.")
