"""Several ways of ending that exclude each other: Aalen and Johansen's estimator."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class Ending:
    """`count` waiting times of `hours`; `cause` is None where following stopped first."""

    hours: float
    cause: str | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rise:
    hours: float
    share: float


def cumulative_incidence(endings: Iterable[Ending]) -> dict[str, tuple[Rise, ...]]:
    """Per cause the share ended by it so far; together one minus Kaplan-Meier of any end.

    One minus Kaplan-Meier of a single cause, the others taken as stopped, would answer
    what happened if the others did not exist, and promises too much.
    """
    ordered = sorted(endings, key=attrgetter("hours"))
    followed, remaining = sum(ending.count for ending in ordered), 1.0
    shares: defaultdict[str, float] = defaultdict(float)
    rises: dict[str, list[Rise]] = {}
    for hours, group in groupby(ordered, key=attrgetter("hours")):
        tally = _by_cause(group)
        ended = tally.total() - tally[None]
        for cause, count in sorted((c, k) for c, k in tally.items() if c is not None and k):
            shares[cause] += remaining * count / followed
            rises.setdefault(cause, []).append(Rise(hours, shares[cause]))
        remaining *= 1 - ended / followed if followed else 1
        followed -= tally.total()
    return {cause: tuple(steps) for cause, steps in rises.items()}


def _by_cause(group: Iterable[Ending]) -> Counter[str | None]:
    tally: Counter[str | None] = Counter()
    for ending in group:
        tally[ending.cause] += ending.count
    return tally


def share_at(rises: Sequence[Rise], hours: float) -> float:
    """What has risen by `hours`; meaningful only as far as something was followed."""
    return max((rise.share for rise in rises if rise.hours <= hours), default=0.0)
