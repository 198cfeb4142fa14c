"""Kaplan-Meier with Greenwood's variance and 95 % limits on the log(-log) scale."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress
from math import exp, inf, isfinite, log, nan, sqrt
from operator import add, sub
from statistics import NormalDist
from typing import NamedTuple, TypeVar

Z95 = NormalDist().inv_cdf(0.975)
# A product of fractions that should be one half can miss it by a few units in the last place.
ROUNDING = 1e-12
HALF = 0.5 + ROUNDING
Time = TypeVar("Time", bound=float)


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

    `share` still waits just after it; `greenwood` is the sum that its variance is made of.
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
    """Every moment at which something ended or stopped, in order; figures are computed once.

    There are many moments and few are looked at. They are kept as columns: an object for each
    would cost several times what the figures do.
    """

    hours: Sequence[float]
    followed: Sequence[int]
    gone: Sequence[int]
    stopped: Sequence[int]
    shares: Sequence[float]
    greenwood: Sequence[float]

    def moment(self, place: int) -> Moment:
        return Moment(
            self.hours[place],
            self.followed[place],
            self.gone[place],
            self.stopped[place],
            self.shares[place],
            self.greenwood[place],
        )

    @property
    def n(self) -> int:
        return self.followed[0] if self.followed else 0

    @cached_property
    def events(self) -> int:
        return sum(self.gone)

    @cached_property
    def censored(self) -> int:
        return sum(self.stopped)

    @property
    def followed_to(self) -> float:
        return self.hours[-1] if self.hours else 0.0

    @property
    def left(self) -> float:
        """The share that still waited when the last one was followed no longer."""
        return self.shares[-1] if self.shares else 1.0

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(self.moment(place) for place in range(len(self.hours)))

    @property
    def steps(self) -> tuple[Moment, ...]:
        return tuple(self.moment(place) for place, gone in enumerate(self.gone) if gone)

    def remaining_at(self, hours: float) -> Estimate | None:
        """The share still waiting just after `hours`.

        None where the curve is not defined: nothing was followed as long as that, and
        the last one followed had not ended. Once nothing remains it stays at 0 for ever.
        Without an event so far the value is 1, with nothing remaining 0; both limits are
        None then, because log(-log) has none there.
        """
        if not self.hours or (hours > self.hours[-1] and self.left > 0):
            return None
        before = bisect_right(self.hours, hours)
        return self.moment(before - 1).remaining if before else Estimate(1.0, None, None)

    def share_gone(self, hours: float) -> Estimate | None:
        """One minus `remaining_at`, with the same limits and None in the same places."""
        remaining = self.remaining_at(hours)
        return None if remaining is None else remaining.complement()

    @cached_property
    def median(self) -> float | None:
        """The first hour at which half or less remain; None where that is not reached."""
        along = zip(self.hours, self.shares, strict=True)
        return next((hours for hours, share in along if share <= HALF), None)

    @cached_property
    def median_interval(self) -> tuple[float | None, float | None]:
        """Brookmeyer and Crowley's 95 % interval, read off the log(-log) band.

        The lower end is the first hour at which the lower limit is at one half or below, the
        upper end the first at which the upper limit is; an end that the band never gives,
        or gives only where it is undefined, is None.
        """
        low = (hours for hours, share, sum_ in self._steps() if _low(share, sum_) <= HALF)
        # The upper limit is never below the share; the slack is for what a power rounds away.
        high = (
            hours
            for hours, share, sum_ in self._steps()
            if share <= HALF + ROUNDING and _high(share, sum_) <= HALF
        )
        return next(low, None), next(high, None)

    def _steps(self) -> Iterator[tuple[float, float, float]]:
        return compress(zip(self.hours, self.shares, self.greenwood, strict=True), self.gone)

    def followed_at(self, hours: float) -> Followed:
        """Counts at `hours`: one that stopped at that very hour was followed up to it."""
        until, before = bisect_right(self.hours, hours), bisect_left(self.hours, hours)
        gone, stopped = self._gone_before[until], self._stopped_before[before]
        return Followed(hours, self.n - gone - stopped, gone, stopped)

    @cached_property
    def _gone_before(self) -> list[int]:
        return list(accumulate(self.gone, initial=0))

    @cached_property
    def _stopped_before(self) -> list[int]:
        return list(accumulate(self.stopped, initial=0))


def kaplan_meier(intervals: Iterable[Interval]) -> Curve:
    gone, stopped = Counter[float](), Counter[float]()
    for hours, ended, count in intervals:
        if not isfinite(hours) or min(hours, count) < 0:
            raise ValueError("An interval has a finite length of zero hours or more.")
        if count:
            (gone if ended else stopped)[hours] += count
    return counted(gone, stopped)


def combined(curves: Iterable[Curve]) -> Curve:
    """The curve of all that these are about together."""
    gone, stopped = Counter[float](), Counter[float]()
    for curve in curves:
        for hours, ended, left_off in zip(curve.hours, curve.gone, curve.stopped, strict=True):
            if ended:
                gone[hours] += ended
            if left_off:
                stopped[hours] += left_off
    return counted(gone, stopped)


def counted(gone: Mapping[Time, int], stopped: Mapping[Time, int], an_hour: int = 1) -> Curve:
    """From how many ended and how many stopped after each time, of which `an_hour` make an hour.

    What ends and what stops at the same time: the end comes first.
    """
    times = sorted(gone.keys() | stopped.keys())
    ended = [gone.get(time, 0) for time in times]
    left_off = [stopped.get(time, 0) for time in times]
    n = sum(ended) + sum(left_off)
    followed = list(accumulate(map(add, ended, left_off), sub, initial=n))[:-1]
    shares, greenwood = _walk(followed, ended)
    return Curve([time / an_hour for time in times], followed, ended, left_off, shares, greenwood)


def _walk(followed: Sequence[int], gone: Sequence[int]) -> tuple[list[float], list[float]]:
    shares, sums = [], []
    share, greenwood = 1.0, 0.0
    for before, ended in zip(followed, gone, strict=True):
        if ended:
            left = before - ended
            share *= left / before
            greenwood += ended / (before * left) if left else inf
        shares.append(share)
        sums.append(greenwood)
    return shares, sums


def _limits(remaining: float, greenwood: float) -> Estimate:
    if not 0 < remaining < 1:
        return Estimate(remaining, None, None)
    return Estimate(remaining, _low(remaining, greenwood), _high(remaining, greenwood))


def _low(share: float, greenwood: float) -> float:
    """The lower limit; not a number where log(-log) has none."""
    return share ** _spread(share, greenwood) if 0 < share < 1 else nan


def _high(share: float, greenwood: float) -> float:
    return share ** (1 / _spread(share, greenwood)) if 0 < share < 1 else nan


def _spread(share: float, greenwood: float) -> float:
    return exp(Z95 * sqrt(greenwood) / -log(share))
