"""The grounds in brief, for pages that come before any notice: names and limits, read by path."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from platforms.words import span

from . import files
from .files import Row, entries

LIMITS = ("removal", "response", "resolve")
HOURS = {"elapsed_hours": 1, "months": 730}


@dataclass(frozen=True)
class GroundBrief:
    """`value` and `unit` of the legal limit, or None where the law gives no number."""

    id: str
    name: str
    citation: str
    value: int | None
    unit: str
    words: str

    @property
    def limit(self) -> str:
        return span(self.value, self.unit) if self.value is not None else ""

    @property
    def in_hours(self) -> int:
        """Roughly, to put limits in an order; never to count one."""
        return (self.value or 0) * HOURS.get(self.unit, 24)


@cache
def grounds_in_brief() -> Mapping[str, GroundBrief]:
    rows = entries(files.read(files.GROUNDS / "grounds.yaml").root["grounds"])
    return {row["id"]: _brief(row) for row in rows}


def _brief(row: Row) -> GroundBrief:
    clocks = list(entries(row["clocks"]))
    limit = next((clock for clock in clocks if _is_limit(clock)), None)
    said = next((clock["text"] for clock in clocks if clock["kind"] == "none"), "")
    return GroundBrief(
        id=row["id"],
        name=row["name"],
        citation=row["citation"],
        value=limit["value"] if limit else None,
        unit=limit["unit"] if limit else "",
        words=said,
    )


def _is_limit(clock: Row) -> bool:
    return clock["kind"] in ("statutory", "contractual") and clock["key"] in LIMITS
