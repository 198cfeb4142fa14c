"""Endings known only to lie between two looks: Turnbull's self-consistent estimate on a grid."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf

DAY = 24
MOST_ROUNDS = 2000
CLOSE_ENOUGH = 1e-9
# Spots that the rounds are still emptying; no figure shows so small a share.
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """`count` endings after `after` hours and no later than `by`; `by` is inf while open.

    `after` equal to `by` means that the ending is known to the hour of the grid.
    """

    after: float
    by: float
    count: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.after <= self.by:
            raise ValueError("An ending lies between two looks, the earlier one first.")


@dataclass(frozen=True, slots=True)
class Mass:
    """A share of the endings, somewhere after `after` and no later than `by` hours."""

    after: float
    by: float
    share: float


def grid(longest: float) -> list[int]:
    """Right ends of the cells: hourly to 7 days, 6-hourly to 30, daily from there."""
    ends = [0, *range(1, 7 * DAY + 1), *range(7 * DAY + 6, 30 * DAY + 1, 6)]
    while ends[-1] < longest:
        ends.append(ends[-1] + DAY)
    return ends


def turnbull(endings: Iterable[Seen]) -> tuple[Mass, ...]:
    """Where the data put the mass, smallest intervals first; the rest lies beyond the grid."""
    known = list(endings)
    ends = grid(max((s.by if s.by < inf else s.after for s in known), default=0))
    cells = Counter[tuple[int, int]]()
    for seen in known:
        cells[_cells(seen, ends)] += seen.count
    spots = _innermost(cells)
    shares = _self_consistent(cells, spots)
    return tuple(
        Mass(_left(ends, first), _right(ends, last), share)
        for (first, last), share in zip(spots, shares, strict=True)
        if share > NOTHING
    )


def _left(ends: Sequence[int], cell: int) -> float:
    return float(ends[cell - 1]) if cell else 0.0


def _right(ends: Sequence[int], cell: int) -> float:
    return float(ends[cell]) if cell < len(ends) else inf


def _cells(seen: Seen, ends: Sequence[int]) -> tuple[int, int]:
    """First and last cell that can hold the ending; len(ends) is the cell beyond the grid."""
    last = bisect_left(ends, seen.by)
    return (min(bisect_right(ends, seen.after), last), last)


def _innermost(cells: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that begin with a beginning and end with the next end: mass fits nowhere else."""
    firsts = sorted({first for first, _ in cells})
    lasts = sorted({last for _, last in cells})
    stretches: list[tuple[int, int]] = []
    for last in lasts:
        first = firsts[bisect_right(firsts, last) - 1]
        if not stretches or first > stretches[-1][1]:
            stretches.append((first, last))
    return stretches


def _self_consistent(
    cells: Counter[tuple[int, int]], spots: Sequence[tuple[int, int]]
) -> list[float]:
    if not spots:
        return []
    lefts, rights = [first for first, _ in spots], [last for _, last in spots]
    reach = [
        (bisect_left(lefts, first), bisect_right(rights, last), count)
        for (first, last), count in cells.items()
    ]
    total = cells.total()
    shares = [1 / len(spots)] * len(spots)
    for _ in range(MOST_ROUNDS):
        better = _round(shares, reach, total)
        moved = max(abs(new - old) for new, old in zip(better, shares, strict=True))
        shares = better
        if moved < CLOSE_ENOUGH:
            break
    return shares


def _round(
    shares: Sequence[float], reach: Iterable[tuple[int, int, int]], total: int
) -> list[float]:
    below = [0.0, *accumulate(shares)]
    change = [0.0] * (len(shares) + 1)
    for first, end, count in reach:
        weight = count / (below[end] - below[first])
        change[first] += weight
        change[end] -= weight
    return [
        share * weight / total
        for share, weight in zip(shares, accumulate(change[:-1]), strict=True)
    ]
