"""A look whether a link is still there, and what it means for the case."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import signals, timeline
from cases.models import Case, Check, Link
from cases.states import CheckResult
from core.errors import RuleBroken, WrongState

UNDO_WITHIN = timedelta(minutes=10)


def look(
    link: Link, result: str, actor: User | None, at: datetime, *, by_machine: bool = False
) -> Check:
    """Write down what somebody saw. A person's "gone" counts at once.

    A link that was gone and is online again is "back again": a new episode; the first removal
    stays counted.
    """
    if result not in CheckResult.values:
        raise RuleBroken(_("Choose what you saw: gone, still online, or something else."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=link.case_id)
        seen = _as_it_stands(link)
        if seen.last_checked_at and seen.last_checked_at > at:
            raise WrongState(_("Somebody looked at this link a moment ago. Look at it again."))
        check = Check.objects.create(
            link=link, at=at, result=result, by=actor, by_machine=by_machine
        )
        kind = _event(seen, result)
        params = {"number": link.number, "result": result, "platform": _platform(link)}
        timeline.add(case, kind, actor, at, subject=link, params=params)
        signals.link_checked.send(Link, link=link, check=check, actor=actor, at=at)
        record(kind, actor, link, at=at, result=result)
    return check


def undo(check: Check, actor: User, at: datetime) -> None:
    """Take back a look within ten minutes; the row stays, marked as undone."""
    if at - check.at > UNDO_WITHIN:
        raise RuleBroken(_("This is older than ten minutes. Look again and mark what you see."))
    link = check.link
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=link.case_id)
        if Check.objects.filter(pk=check.pk, undone_at=None).update(undone_at=at) != 1:
            raise WrongState(_("This was taken back before."))
        check.undone_at = at
        params = {"number": link.number, "result": check.result}
        timeline.add(case, "link.check_undone", actor, at, subject=link, params=params)
        signals.check_undone.send(Link, link=link, check=check, actor=actor, at=at)
        record("link.check_undone", actor, link, at=at, result=check.result)


def _as_it_stands(link: Link) -> Link:
    found = Link.objects.with_state_facts().select_related("case", "platform").get(pk=link.pk)
    if found.removed_at is not None:
        raise RuleBroken(_("This link was removed from the case."))
    return found


def _event(seen: Link, result: str) -> str:
    if result == CheckResult.GONE:
        return "link.gone"
    comes_back = result == CheckResult.ONLINE and seen.was_gone
    return "link.back_again" if comes_back and seen.last_result != result else "link.checked"


def _platform(link: Link) -> str:
    return link.platform.name if link.platform else ""
