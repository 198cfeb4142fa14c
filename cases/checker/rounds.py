"""What the checker's tick does: claim a link, visit it, write down what was met."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import Count, Q

from accounts.models import Organisation
from cases import checks
from cases.checker import meaning, pacing, planning, switching
from cases.checker.asking import Egress
from cases.checker.visiting import Met
from cases.models import Check, Link
from cases.states import CheckResult
from core import clock, faults, keystore
from core.errors import RuleBroken

logger = logging.getLogger(__name__)

# Less than a tick apart: rounds of one beat never run side by side and never keep mail waiting.
ROUND_SECONDS = 12.0
# A visit lasts seconds. Whoever holds a link longer has died, and the link is looked at again.
LEASE = timedelta(minutes=10)
Visit = Callable[[str], Met]


@dataclass(frozen=True, slots=True)
class Claim:
    """A link in one worker's hands, with what the meaning of its visit depends on."""

    link: Link
    site: str
    is_telling: bool


def check_due(egress: Callable[[], AbstractContextManager[Visit]] = Egress) -> int:
    """Look at what is due; return how many links were looked at."""
    ends, looked, busy = monotonic() + ROUND_SECONDS, 0, set[str]()
    pacing.forget(clock.due_now())
    with egress() as visit:
        while monotonic() < ends:
            with keystore.scope():
                claim = _claim(clock.due_now(), busy)
                if claim is None:
                    break
                faults.point("after_look_claim")
                try:
                    looked += _look(claim, visit(claim.link.canonical))
                except SoftTimeLimitExceeded:
                    raise
                except Exception:  # noqa: BLE001 - one bad link must not keep the others waiting
                    logger.exception("link.stuck %s", claim.link.pk)
    return looked


def _claim(at: datetime, busy: set[str]) -> Claim | None:
    """Return the next link to visit, its claim committed, or None when nothing is due.

    `busy` collects the sites that were asked a moment ago.
    """
    while True:
        if not switching.may_visit(Organisation.current()):
            return None
        due = Link.objects.filter(next_check_at__lte=at).exclude(domain_index__in=busy)
        link = due.select_related("platform", "case").order_by("next_check_at", "id").first()
        if link is None:
            return None
        if not _is_still_due(link, at):
            continue
        if not pacing.take(_site(link), at):
            busy.add(link.domain_index)
        elif _is_taken(link, at + LEASE) and link.platform:
            return Claim(link, _site(link), link.platform.status_is_telling)


def _is_still_due(link: Link, at: datetime) -> bool:
    """Ask the plan again: it may be older than the rule that would keep the checker away."""
    rows = Link.objects.filter(pk=link.pk).with_watch_facts().select_related("platform")
    seen = rows.filter(planning.open_to_checker()).first()
    moment = planning.next_look(planning.standing_of(seen), at) if seen else None
    if moment is None:
        _is_taken(link, None)
    return moment is not None


def _is_taken(link: Link, until: datetime | None) -> bool:
    as_seen = Link.objects.filter(pk=link.pk, next_check_at=link.next_check_at)
    return as_seen.update(next_check_at=until) == 1


def _look(claim: Claim, met: Met) -> bool:
    at = clock.due_now()
    if met.rest:
        pacing.rest(claim.site, at + timedelta(seconds=met.rest))
    link = Link.objects.select_related("platform").get(pk=claim.link.pk)
    result, word = _understood(link, claim, met, at)
    try:
        checks.look(link, result, None, at, by_machine=True, met=word)
    except RuleBroken:
        # Closed, paused or looked at meanwhile: what a machine saw on the way is dropped.
        planning.replan(Link.objects.filter(pk=link.pk), at)
        return False
    logger.info("link.looked %s %s", link.pk, word)
    return True


def _understood(link: Link, claim: Claim, met: Met, at: datetime) -> tuple[str, str]:
    looks = Check.objects.filter(link=link, by_machine=True, undone_at=None)
    was_reached = looks.filter(met__in=meaning.THERE).exists()
    result = meaning.result_of(met.word, is_telling=claim.is_telling, was_reached=was_reached)
    if result == CheckResult.GONE and _is_too_sudden(link, at):
        return CheckResult.UNCLEAR, meaning.MANY_GONE
    return result, met.word


def _is_too_sudden(link: Link, at: datetime) -> bool:
    recent = Check.objects.filter(
        link__domain_index=link.domain_index,
        link__platform=link.platform_id,
        at__gt=at - meaning.MANY_WITHIN,
        undone_at=None,
    )
    first_sighting = Q(result=CheckResult.LOOKS_GONE) | Q(met=meaning.MANY_GONE)
    alive = Q(met__in=meaning.THERE) | Q(result=CheckResult.ONLINE)
    confirmed = Q(result=CheckResult.GONE, by_machine=False)
    found = recent.aggregate(
        gone=Count("link", filter=first_sighting & ~Q(link=link), distinct=True),
        alive=Count("id", filter=alive | confirmed),
    )
    return meaning.is_too_sudden(found["gone"] + 1, found["alive"])


def _site(link: Link) -> str:
    """Return under which name a site is counted; addresses without a name share one."""
    return link.domain_index or "-"
