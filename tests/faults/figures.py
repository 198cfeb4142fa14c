"""What each fault did to the data: counted in the tests, shown as a table under pytest's summary.

`lost` never arrived though the database says so or should; `twice` arrived more than once; `wrong`
counts whatever else must not be: a row that says something untrue, a page that failed without
words.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Row:
    fault: str
    n: int
    lost: int
    twice: int
    wrong: int
    note: str

    def __str__(self) -> str:
        told = f"{self.fault}: lost {self.lost}, twice {self.twice}, wrong {self.wrong}"
        return f"{told} (n={self.n})" + (f"  {self.note}" if self.note else "")


ROWS: list[Row] = []


def report(
    fault: str, *, n: int, lost: int = 0, twice: int = 0, wrong: int = 0, note: str = ""
) -> None:
    """Put a row into the table, then hold that nothing was lost, twice or wrong."""
    row = Row(fault, n, lost, twice, wrong, note)
    ROWS.append(row)
    assert n > 0, f"{fault} counted nothing"
    assert (lost, twice, wrong) == (0, 0, 0), str(row)


def compare(sent: Iterable[str], accepted: Iterable[str]) -> dict[str, int]:
    """Compare Message-IDs: what the database calls sent with what the far server accepted."""
    ours, theirs = set(sent), list(accepted)
    return {
        "lost": len(ours - set(theirs)),
        "twice": len(theirs) - len(set(theirs)),
        "wrong": len(set(theirs) - ours),
    }


def together(*sums: dict[str, int]) -> dict[str, int]:
    return {name: sum(each[name] for each in sums) for name in ("lost", "twice", "wrong")}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the rows of one of several processes to the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["faults"] = [astuple(row) for row in ROWS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    rows = getattr(node, "workeroutput", {}).get("faults", ())
    ROWS.extend(Row(*row) for row in rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if ROWS:
        terminalreporter.section("faults")
    for row in sorted(ROWS, key=lambda row: (len(row.fault.split()[0]), row.fault)):
        terminalreporter.line(str(row))
