"""Kaplan-Meier with Greenwood's variance and 95 % limits on the log(-log) scale."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, zip_longest
from math import exp, inf, isfinite, log, sqrt
from operator import itemgetter
from statistics import NormalDist
from typing import NamedTuple

Z95 = NormalDist().inv_cdf(0.975)
# A product of fractions that should be one half can miss it by a few units in the last place.
ROUNDING = 1e-12


class Interval(NamedTuple):
    """`count` waiting times of `hours`; `event` is False where following stopped first."""

    hours: float
    event: bool
    count: int = 1  # type: ignore[assignment]  # hides a method of tuples


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its limits; both limits are None where log(-log) leaves them undefined."""

    value: float
    low: float | None
    high: float | None

    def complement(self) -> "Estimate":
        low = None if self.high is None else 1 - self.high
        high = None if self.low is None else 1 - self.low
        return Estimate(1 - self.value, low, high)


class Moment(NamedTuple):
    """One time at which something ended: `followed` is counted just before it.

    `share` still waits just after it; `greenwood` is the sum that its variance is made of. There
    are many moments and few are looked at: limits are worked out for those alone.
    """

    hours: float
    followed: int
    gone: int
    stopped: int
    share: float
    greenwood: float

    @property
    def remaining(self) -> Estimate:
        return _limits(self.share, self.greenwood)


@dataclass(frozen=True, slots=True)
class Followed:
    """A column of the at-risk table; the three counts always add up to n."""

    hours: float
    followed: int
    gone: int
    stopped: int


@dataclass(frozen=True)
class Curve:
    """Every moment at which something ended or stopped, in order; figures are computed once."""

    moments: tuple[Moment, ...]

    @property
    def n(self) -> int:
        return self.moments[0].followed if self.moments else 0

    @cached_property
    def events(self) -> int:
        return sum(moment.gone for moment in self.moments)

    @cached_property
    def censored(self) -> int:
        return sum(moment.stopped for moment in self.moments)

    @property
    def followed_to(self) -> float:
        return self.moments[-1].hours if self.moments else 0.0

    @cached_property
    def steps(self) -> tuple[Moment, ...]:
        return tuple(moment for moment in self.moments if moment.gone)

    @cached_property
    def ticks(self) -> tuple[Moment, ...]:
        return tuple(moment for moment in self.moments if moment.stopped)

    def remaining_at(self, hours: float) -> Estimate | None:
        """The share still waiting just after `hours`.

        None where the curve is not defined: nothing was followed as long as that, and
        the last one followed had not ended. Once nothing remains it stays at 0 for ever.
        Without an event so far the value is 1, with nothing remaining 0; both limits are
        None then, because log(-log) has none there.
        """
        if not self.moments:
            return None
        last = self.moments[-1]
        if hours > last.hours and last.share > 0:
            return None
        before = bisect_right(self.moments, hours, key=_hours)
        return self.moments[before - 1].remaining if before else Estimate(1.0, None, None)

    def share_gone(self, hours: float) -> Estimate | None:
        """One minus `remaining_at`, with the same limits and None in the same places."""
        remaining = self.remaining_at(hours)
        return None if remaining is None else remaining.complement()

    @cached_property
    def median(self) -> float | None:
        """The first hour at which half or less remain; None where that is not reached."""
        return self._first_hour_below_half(lambda moment: moment.share)

    @cached_property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Brookmeyer and Crowley's 95 % interval, read off the log(-log) band.

        The lower end is the first hour at which the lower limit is at one half or below, the
        upper end the first at which the upper limit is; an end that the band never gives,
        or gives only where it is undefined, is None.
        """
        return (
            self._first_hour_below_half(lambda moment: moment.remaining.low),
            self._first_hour_below_half(lambda moment: moment.remaining.high),
        )

    def _first_hour_below_half(self, line: Callable[[Moment], float | None]) -> float | None:
        for moment in self.steps:
            value = line(moment)
            if value is not None and value <= 0.5 + ROUNDING:
                return moment.hours
        return None

    def followed_at(self, hours: float) -> Followed:
        """Counts at `hours`: one that stopped at that very hour was followed up to it."""
        until = bisect_right(self.moments, hours, key=_hours)
        before = bisect_left(self.moments, hours, key=_hours)
        gone, stopped = self._gone_before[until], self._stopped_before[before]
        return Followed(hours, self.n - gone - stopped, gone, stopped)

    @cached_property
    def _gone_before(self) -> list[int]:
        return list(accumulate((moment.gone for moment in self.moments), initial=0))

    @cached_property
    def _stopped_before(self) -> list[int]:
        return list(accumulate((moment.stopped for moment in self.moments), initial=0))


_hours = itemgetter(0)


def kaplan_meier(intervals: Iterable[Interval]) -> Curve:
    """What ends and what stops in the same hour: the end comes first."""
    endings = [
        (hours, count, 0) if ended else (hours, 0, count) for hours, ended, count in intervals
    ]
    if not all(
        isfinite(hours) and min(hours, gone, stopped) >= 0 for hours, gone, stopped in endings
    ):
        raise ValueError("An interval has a finite length of zero hours or more.")
    return Curve(tuple(_walk(endings)))


def combined(curves: Iterable[Curve]) -> Curve:
    """The curve of all that these are about together."""
    return Curve(tuple(_walk([(m.hours, m.gone, m.stopped) for c in curves for m in c.moments])))


def _walk(endings: list[tuple[float, int, int]]) -> Iterator[Moment]:
    """Yield each hour at which any ended or stopped; an hour may come several times."""
    endings.sort(key=_hours)
    followed = sum(gone + stopped for _, gone, stopped in endings)
    share, greenwood, gone, stopped = 1.0, 0.0, 0, 0
    for (hours, ended, left_off), following in zip_longest(endings, endings[1:]):
        gone, stopped = gone + ended, stopped + left_off
        if (following and following[0] == hours) or not gone + stopped:
            continue
        if gone:
            left = followed - gone
            share *= left / followed
            greenwood += gone / (followed * left) if left else inf
        yield Moment(hours, followed, gone, stopped, share, greenwood)
        followed -= gone + stopped
        gone = stopped = 0


def _limits(remaining: float, greenwood: float) -> Estimate:
    if not 0 < remaining < 1:
        return Estimate(remaining, None, None)
    spread = exp(Z95 * sqrt(greenwood) / -log(remaining))
    return Estimate(remaining, remaining**spread, remaining ** (1 / spread))
