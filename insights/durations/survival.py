"""Kaplan-Meier with Greenwood's variance and 95 % limits on the log(-log) scale."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import exp, inf, isfinite, log, sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)
# A product of fractions that should be one half can miss it by a few units in the last place.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """`count` waiting times of `hours`; `event` is False where following stopped first."""

    hours: float
    event: bool
    count: int = 1

    def __post_init__(self) -> None:
        if not (isfinite(self.hours) and self.hours >= 0 and self.count >= 0):
            raise ValueError("An interval has a finite length of zero hours or more.")


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


@dataclass(frozen=True, slots=True)
class Moment:
    """One time at which something ended: `followed` is counted just before it."""

    hours: float
    followed: int
    gone: int
    stopped: int
    remaining: Estimate


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
        if hours > last.hours and last.remaining.value > 0:
            return None
        before = bisect_right(self.moments, hours, key=lambda moment: moment.hours)
        return self.moments[before - 1].remaining if before else Estimate(1.0, None, None)

    def share_gone(self, hours: float) -> Estimate | None:
        """One minus `remaining_at`, with the same limits and None in the same places."""
        remaining = self.remaining_at(hours)
        return None if remaining is None else remaining.complement()

    @cached_property
    def median(self) -> float | None:
        """The first hour at which half or less remain; None where that is not reached."""
        return self._first_hour_below_half(lambda moment: moment.remaining.value)

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
        gone = sum(moment.gone for moment in self.moments if moment.hours <= hours)
        stopped = sum(moment.stopped for moment in self.moments if moment.hours < hours)
        return Followed(hours, self.n - gone - stopped, gone, stopped)


def kaplan_meier(intervals: Iterable[Interval]) -> Curve:
    """What ends and what stops in the same hour: the end comes first."""
    return Curve(tuple(_walk(sorted(intervals, key=_hours))))


def _hours(interval: Interval) -> float:
    return interval.hours


def _walk(ordered: list[Interval]) -> Iterator[Moment]:
    followed = sum(interval.count for interval in ordered)
    remaining, greenwood = 1.0, 0.0
    estimate = _limits(remaining, greenwood)
    for hours, ending in groupby(ordered, key=_hours):
        gone, stopped = _tally(ending)
        if not gone + stopped:
            continue
        if gone:
            left = followed - gone
            remaining *= left / followed
            greenwood += gone / (followed * left) if left else inf
            estimate = _limits(remaining, greenwood)
        yield Moment(hours, followed, gone, stopped, estimate)
        followed -= gone + stopped


def _tally(ending: Iterable[Interval]) -> tuple[int, int]:
    gone = stopped = 0
    for interval in ending:
        if interval.event:
            gone += interval.count
        else:
            stopped += interval.count
    return gone, stopped


def _limits(remaining: float, greenwood: float) -> Estimate:
    if not 0 < remaining < 1:
        return Estimate(remaining, None, None)
    spread = exp(Z95 * sqrt(greenwood) / -log(remaining))
    return Estimate(remaining, remaining**spread, remaining ** (1 / spread))
