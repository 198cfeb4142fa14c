"""The deadlines of one notice: which run, and which makes it late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Organisation
from notices import law
from notices.facts import channel_facts
from notices.law import Due
from notices.law.clocks import UTC_ZONE
from notices.models import Notice, NoticeClock

RANKS = {"statutory": 0, "order": 0, "contractual": 1, "self_declared": 2, "policy": 3}


def start(notice: Notice, at: datetime) -> None:
    """Let every clock run that starts when the notice leaves."""
    NoticeClock.objects.bulk_create(rows(notice, at))


def rows(notice: Notice, at: datetime) -> list[NoticeClock]:
    """Return the clocks that start when the notice leaves, not stored yet."""
    dues = expected(notice, at)
    limit = limit_of(dues)
    return [
        NoticeClock(
            notice=notice,
            key=due.key,
            kind=due.kind,
            starts_at=at,
            due_at=due.at,
            basis=due.basis,
            certain=due.certain,
            is_limit=due is limit,
        )
        for due in dues
        if due.at
    ]


def expected(notice: Notice, sent_at: datetime) -> list[Due]:
    """Return the deadlines that a sending at this moment starts, for showing it beforehand too."""
    organisation = Organisation.current()
    channel = channel_facts(notice.channel) if notice.channel else None
    zone = organisation.local_zone() if organisation else UTC_ZONE
    ground = law.ground(notice.ground)
    return law.clocks_from_sending(ground, channel, sent_at, notice.case.country or None, zone)


def limit_of(dues: Iterable[Due]) -> Due | None:
    """Return the deadline by which the notice counts as late, or else as past our own target.

    A statutory time that may not have begun makes nobody late: calling it so could be untrue.
    """
    dated = [due for due in dues if due.at is not None and due.certain]
    return min(dated, key=lambda due: (RANKS.get(due.kind, 3), due.at), default=None)


@dataclass(frozen=True)
class Running:
    """A clock with the words of whose deadline it is.

    `stands_still`: a target of our own, while the answer is ours.
    """

    clock: NoticeClock
    words: str
    stands_still: bool = False

    @property
    def stood_still(self) -> timedelta:
        return self.clock.stood_still


def of(notice: Notice) -> list[Running]:
    """Return the clocks of a sent notice, what binds the platform first."""
    rows = list(notice.clocks.order_by("due_at"))
    known = {due.key: due.text for due in expected(notice, rows[0].starts_at)} if rows else {}
    rows.sort(key=lambda clock: RANKS.get(clock.kind, 3))
    waits = notice.waits_for_us_since
    return [
        Running(
            clock,
            known.get(clock.key, clock.basis or clock.key),
            stands_still=clock.kind == "policy" and waits is not None and waits < clock.due_at,
        )
        for clock in rows
    ]
