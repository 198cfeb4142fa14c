"""What was measured, what was wished for, and whether it was reached. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BARE = "bare view"
# Multiples of the bare view of the same run.
PAGES = {
    "case list": 5.0,
    "notice queue": 5.0,
    "replies": 5.0,
    "case page": 7.0,
    "saving an intake": 3.0,
    "/response/ warm": 15.0,
    "/response/ cold": 200.0,
}
# A page may cost this much more in the larger house before it is said to grow.
GROWTH = 1.3
OK, MISSED = "ok", "missed"


@dataclass(frozen=True)
class Cost:
    """Seconds at the server for one page."""

    name: str
    median: float
    p95: float


@dataclass(frozen=True)
class Goal:
    target: float
    unit: str
    at_least: bool = False


WORK = {
    "PDF": Goal(25, "a second and core", at_least=True),
    "deliveries with PDF": Goal(100, "a second and worker", at_least=True),
    "received mail, stored": Goal(150, "a second", at_least=True),
    "received mail, understood": Goal(150, "a second", at_least=True),
    "tick, none due": Goal(0.2, "s"),
    "tick, a tenth due": Goal(10, "s"),
    "memory": Goal(350, "MB"),
}


def goal_of(name: str) -> Goal | None:
    """Return what was wished for; a name may go on after the one that the table knows."""
    return next((goal for key, goal in WORK.items() if name.startswith(key)), None)


def page_rows(small: list[Cost], large: list[Cost]) -> Iterator[list[str]]:
    """Yield a row a page: both sizes, multiples of each run's bare view, target and verdict."""
    sizes = ("smaller, ms", "p95", "× bare", "larger, ms", "p95", "× bare")
    yield ["page", *sizes, "grew", "target", ""]
    before = {cost.name: cost for cost in small}
    for cost in large:
        first = before.get(cost.name)
        grew = _multiple(cost, large) / _multiple(first, small) if first else 1.0
        row = [cost.name, *_cells(first, small), *_cells(cost, large), f"{grew:.2f}"]
        yield [*row, *_verdict(cost, first, small, large)]


def work_rows(found: dict[str, float]) -> Iterator[list[str]]:
    yield ["work", "measured", "target", ""]
    for name, value in found.items():
        goal = goal_of(name)
        if goal is None:
            yield [name, f"{value:,.1f}", "", ""]
            continue
        reached = value >= goal.target if goal.at_least else value <= goal.target
        sign = "≥" if goal.at_least else "≤"
        measured = f"{value:,.2f} {goal.unit}"
        yield [name, measured, f"{sign} {goal.target:g}", OK if reached else MISSED]


def table(rows: list[list[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: list[str], widths: list[int]) -> str:
    first, *rest = widths
    cells = [row[0].ljust(first), *map(str.rjust, row[1:], rest)]
    return "  ".join(cells).rstrip()


def _cells(cost: Cost | None, run: list[Cost]) -> list[str]:
    if cost is None:
        return ["", "", ""]
    return [f"{cost.median * 1000:.1f}", f"{cost.p95 * 1000:.1f}", f"{_multiple(cost, run):.1f}"]


def _multiple(cost: Cost, run: list[Cost]) -> float:
    bare = next(each for each in run if each.name == BARE)
    return cost.median / bare.median


def _verdict(
    cost: Cost, first: Cost | None, small: list[Cost], large: list[Cost]
) -> tuple[str, str]:
    """Say whether both sizes reach the target, and where the larger one costs much more."""
    target = PAGES.get(cost.name)
    if target is None:
        return "", ""
    at_first = _multiple(first, small) if first else 0.0
    now = _multiple(cost, large)
    words = [OK if max(at_first, now) <= target else MISSED]
    words += ["grows"] if first and now > GROWTH * at_first else []
    return f"≤ {target:g}", ", ".join(words)


def missed(rows: Iterable[list[str]]) -> list[str]:
    """Return the names of what did not reach its target."""
    return [row[0] for row in rows if row[-1].startswith(MISSED)]
