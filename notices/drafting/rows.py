"""The rows of the checklist, and what they mean together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Level = Literal["required", "recommended"]
State = Literal["ready", "missing", "unsure", "not_needed"]
Group = Literal["element", "tick", "standing", "preflight", "text"]


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a notice. `anchor` names the part of the form where it can be mended.

    `words` are the statute's where `group` is element; `reason` says why a recommended part was
    left out.
    """

    key: str
    group: Group
    ref: str
    words: str
    level: Level
    state: State
    filler: str
    anchor: str
    short: str = ""
    reason: str = ""

    @property
    def blocks(self) -> bool:
        return self.level == "required" and self.state == "missing"

    @property
    def warns(self) -> bool:
        return not self.blocks and self.state in ("missing", "unsure") and not self.reason


def blocking(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.blocks]


def warnings(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.warns]


def progress(rows: Iterable[Row]) -> tuple[int, int]:
    """Return how many of the parts that the law requires are ready, and how many there are."""
    parts = [row for row in rows if row.group == "element" and row.level == "required"]
    return sum(row.state == "ready" for row in parts), len(parts)


def why_not(rows: Iterable[Row]) -> str:
    """Return the sentence that the approval button says, or "" where nothing blocks."""
    stops = blocking(rows)
    if not stops:
        return ""
    names = ", ".join(dict.fromkeys(row.short or row.words for row in stops))
    sentence = ngettext(
        "%(n)d part missing: %(names)s", "%(n)d parts missing: %(names)s", len(stops)
    )
    return sentence % {"n": len(stops), "names": names or _("a part of the notice")}
