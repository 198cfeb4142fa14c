"""When the checker looks next at a link: decided in the transaction that moves the link."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases.checker.meaning import APART
from cases.models import Case, Link
from cases.models.links import LinkQuerySet
from cases.states import CaseStatus, CheckResult, Pathway
from platforms.models import Platform, ServiceStatus

# What is gone is looked at once a day, for this long, in case it comes back.
WATCHED_FOR = timedelta(days=90)
WATCHED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the plan of one link depends on."""

    result: str | None
    looked_at: datetime | None
    is_followed: bool
    watched_since: datetime | None
    every: timedelta


def next_look(standing: Standing, at: datetime) -> datetime | None:
    """Return when to look next, or None: neither followed nor watched for a return. Pure."""
    if standing.looked_at is None:
        return at if standing.is_followed else None
    if standing.is_followed:
        waits = standing.result == CheckResult.LOOKS_GONE
        return standing.looked_at + (min(APART, standing.every) if waits else standing.every)
    since = standing.watched_since
    if since is None or at >= since + WATCHED_FOR:
        return None
    return standing.looked_at + WATCHED_EVERY


def open_to_checker() -> Q:
    """Return which links the checker may look at: the one place that keeps it from a case."""
    return Q(
        case__status__in=[CaseStatus.NEW, CaseStatus.ACTIVE],
        case__pathway=Pathway.ADULT,
        removed_at=None,
        exact=True,
        problem="",
        platform__retired=False,
    ) & ~Q(canonical_index="") & ~Q(platform__service_status__in=[
        ServiceStatus.DEFUNCT, ServiceStatus.SEIZED,
    ])  # fmt: skip


def replan(links: LinkQuerySet, at: datetime) -> None:
    """Work out again when these links are looked at next. Part of the caller's transaction."""
    open_ = links.filter(open_to_checker())
    links.exclude(next_check_at=None).exclude(pk__in=open_.values("pk")).update(next_check_at=None)
    by_moment: dict[datetime | None, list[UUID]] = defaultdict(list)
    for link in open_.with_watch_facts().select_related("platform"):
        moment = next_look(standing_of(link), at)
        if moment != link.next_check_at:
            by_moment[moment].append(link.pk)
    for moment, ids in by_moment.items():
        Link.objects.filter(pk__in=ids).update(next_check_at=moment)


def look_now(links: LinkQuerySet, at: datetime) -> None:
    """Put these links first: a notice about them just left, or their platform says "removed".

    One that has no business there is struck when it is claimed, before it is visited.
    """
    open_ = Link.objects.filter(open_to_checker(), pk=OuterRef("pk"))
    first = models.When(Exists(open_), then=models.Value(at))
    links.update(next_check_at=models.Case(first, default=None))


def replan_case(case: Case, at: datetime) -> None:
    replan(Link.objects.filter(case=case), at)


def change_interval(platform: Platform, at: datetime) -> None:
    """Bring the looks at a platform's links to its new interval."""
    planned = Link.objects.filter(platform=platform).exclude(next_check_at=None)
    replan(planned, at)


def begin(at: datetime) -> None:
    """Plan what was sent before anything was planned: one statement, whatever there is."""
    sent = Link.sent_out().filter(stopped_at=None).exclude(sent_at=None)
    followed = Q(notice__status="sent", first_seen_gone_at=None)
    watched = Q(first_seen_gone_at__gte=at - WATCHED_FOR)
    forgotten = Link.objects.filter(open_to_checker(), next_check_at=None)
    forgotten.filter(Exists(sent.filter(followed | watched))).update(next_check_at=at)


def standing_of(link: Link) -> Standing:
    """Return where a link stands. The query needs `with_watch_facts()` and the platform."""
    hours = link.platform.check_hours if link.platform else 0
    return Standing(
        result=link.last_result,
        looked_at=link.last_looked_at,
        is_followed=link.is_followed,
        watched_since=link.watched_since,
        every=timedelta(hours=hours),
    )
