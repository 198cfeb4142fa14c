"""What the looks at a link say about a notice that was sent about it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.states import CheckResult


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    result: str


@dataclass(frozen=True, slots=True)
class Seen:
    """`last_online_at` and `first_gone_at` bound the removal; `back_at` ended it."""

    last_online_at: datetime | None = None
    first_gone_at: datetime | None = None
    back_at: datetime | None = None


def seen_since(
    sent_at: datetime, looks: Iterable[Look], gone_results: Iterable[str] = (CheckResult.GONE,)
) -> Seen:
    """Return what the looks, in any order, say of a notice that left at `sent_at`.

    The first removal after sending stays, whatever comes later. A machine's first sight of it is
    its moment, once a second look has agreed.
    """
    in_order = sorted(looks, key=lambda look: look.at)
    results = frozenset(gone_results)
    gone_at = next(_gone(in_order, sent_at, results), None)
    online = [look.at for look in in_order if look.result == CheckResult.ONLINE]
    if gone_at is None:
        return Seen(last_online_at=max(online, default=None))
    return Seen(
        max((at for at in online if at <= gone_at), default=None),
        gone_at,
        min((at for at in online if at > gone_at), default=None),
    )


def _gone(looks: list[Look], sent_at: datetime, results: frozenset[str]) -> Iterator[datetime]:
    sighted: datetime | None = None
    for look in looks:
        if look.result == CheckResult.ONLINE:
            sighted = None
        elif look.at >= sent_at and look.result == CheckResult.LOOKS_GONE:
            sighted = sighted or look.at
        elif look.at >= sent_at and look.result in results:
            yield sighted or look.at
