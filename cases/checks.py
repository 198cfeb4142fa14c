"""A look whether a link is still there, and what it means for the case."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import signals, timeline
from cases.checker import planning
from cases.checker.meaning import as_believed
from cases.models import Case, Check, Link
from cases.states import CheckResult
from core.errors import RuleBroken, WrongState

UNDO_WITHIN = timedelta(minutes=10)


def look(
    link: Link,
    result: str,
    actor: User | None,
    at: datetime,
    *,
    by_machine: bool = False,
    met: str = "",
) -> Check:
    """Write down what somebody saw. A person's "gone" counts at once, a machine's the second time.

    A link that was gone and is online again is "back again": a new episode; the first removal
    stays counted. What a machine sees unchanged is a row and no news.
    """
    if result not in CheckResult.values or result == CheckResult.LOOKS_GONE:
        raise RuleBroken(_("Choose what you saw: gone, still online, or something else."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=link.case_id)
        seen = _as_it_stands(link)
        if by_machine:
            _refuse_machine(seen)
            result = as_believed(_sightings(seen), at) if result == CheckResult.GONE else result
        if seen.last_checked_at and seen.last_checked_at > at:
            raise WrongState(_("Somebody looked at this link a moment ago. Look at it again."))
        check = Check.objects.create(
            link=link, at=at, result=result, by=actor, by_machine=by_machine, met=met
        )
        if not by_machine or _is_news(seen, result):
            _tell(case, seen, check, actor)
        signals.link_checked.send(Link, link=link, check=check, actor=actor, at=at)
        planning.replan(Link.objects.filter(pk=link.pk), at)
        if not by_machine or _is_news(seen, result):
            record(_event(seen, result), actor, link, at=at, result=result)
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
        planning.replan(Link.objects.filter(pk=link.pk), at)
        record("link.check_undone", actor, link, at=at, result=check.result)


def _as_it_stands(link: Link) -> Link:
    found = Link.objects.with_state_facts().select_related("case", "platform").get(pk=link.pk)
    if found.removed_at is not None:
        raise RuleBroken(_("This link was removed from the case."))
    return found


def _refuse_machine(seen: Link) -> None:
    """No machine looks into the minors' pathway, nor where the case rests or the link is shut."""
    if not Link.objects.filter(planning.open_to_checker(), pk=seen.pk).exists():
        raise RuleBroken(_("The checker has no business at this link."))


def _sightings(seen: Link) -> list[tuple[datetime, str]]:
    """Return when it was seen gone since it was last seen online, oldest first."""
    looks = Check.objects.filter(link=seen, undone_at=None)
    online = looks.filter(result=CheckResult.ONLINE).order_by("-at", "-id").first()
    gone = looks.filter(result__in=[CheckResult.GONE, CheckResult.LOOKS_GONE])
    if online is not None:
        gone = gone.filter(at__gt=online.at)
    return list(gone.order_by("at", "id").values_list("at", "result"))


def _is_news(seen: Link, result: str) -> bool:
    return result not in {seen.last_result, CheckResult.UNCLEAR}


def _tell(case: Case, seen: Link, check: Check, actor: User | None) -> None:
    params = {"number": seen.number, "result": check.result, "platform": _platform(seen)}
    kind = _event(seen, check.result)
    timeline.add(case, kind, actor, check.at, subject=seen, params=params)


def _event(seen: Link, result: str) -> str:
    if result == CheckResult.GONE:
        return "link.gone"
    comes_back = result == CheckResult.ONLINE and seen.was_gone
    return "link.back_again" if comes_back and seen.last_result != result else "link.checked"


def _platform(link: Link) -> str:
    return link.platform.name if link.platform else ""
