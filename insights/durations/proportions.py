from dataclasses import dataclass
from math import sqrt

from insights.durations.survival import Z95, Curve, Estimate


@dataclass(frozen=True, slots=True)
class Bound:
    """Nothing ended among `n` followed to `hours`: at most the share `at_most` would have."""

    n: int
    hours: float
    at_most: float


def wilson(k: int, n: int) -> Estimate | None:
    """Wilson's 95 % interval for k of n where nothing is censored; None for n = 0."""
    if not 0 <= k <= n:
        raise ValueError("k lies between 0 and n.")
    if not n:
        return None
    share, square = k / n, Z95**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = Z95 * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if k == 0 else middle - reach
    high = 1.0 if k == n else middle + reach
    return Estimate(share, low, high)


def at_most(n: int) -> float:
    """The upper end of Clopper and Pearson's 95 % interval for 0 of n, which is exact."""
    return float(1 - 0.025 ** (1 / n))


def bound_without_events(curve: Curve, hours: float) -> Bound | None:
    """None where something did end by then, or where nothing was followed so long."""
    counts = curve.followed_at(hours)
    if counts.gone or not counts.followed:
        return None
    return Bound(counts.followed, hours, at_most(counts.followed))
