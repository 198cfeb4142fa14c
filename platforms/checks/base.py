"""What a check is: a numbered function over the read files that yields mistakes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from platforms.catalogue.files import DataFile, Row, entries

TOP = 2  # rows of a file's own list; below them `key` names no row of its own


@dataclass(frozen=True, order=True)
class Mistake:
    file: str
    line: int
    id: str
    rule: int
    field: str
    text: str

    def __str__(self) -> str:
        what = f"{self.field}: {self.text}" if self.field else self.text
        return f"{self.file}:{self.line}: {self.id}: rule {self.rule}: {what}"


class Catalogue:
    """The read files, with the lists that most rules ask for."""

    def __init__(self, files: Mapping[str, DataFile]) -> None:
        self.files = files
        self._origin: dict[int, tuple[str, str]] = {}
        for file in files.values():
            self._remember(file.root, file.name, "the file")

    def _remember(self, value: Any, file: str, owner: str, depth: int = 0) -> None:
        """Note for each row in which file it stands and whose row it is."""
        if isinstance(value, Row):
            naming = ("id", "code", "key") if depth <= TOP else ("id", "code")
            owner = next((str(value[key]) for key in naming if key in value), owner)
            self._origin[id(value)] = (file, owner)
            for key, child in value.items():
                in_table = depth < 2 and isinstance(child, Row)
                self._remember(child, file, str(key) if in_table else owner, depth + 1)
        elif isinstance(value, list):
            for child in value:
                self._remember(child, file, owner, depth + 1)

    def wrong(self, rule: int, row: Row, key: str | None, text: str) -> Mistake:
        file, owner = self._origin[id(row)]
        line = row.lines.get(key, row.line) if key else row.line
        return Mistake(file, line, owner, rule, key or "", text)

    def root(self, stem: str) -> Row:
        return self.files[stem].root

    def rows(self, stem: str) -> list[Row]:
        """The rows of the file's list, which bears the file's name."""
        return list(entries(self.root(stem).get(stem)))

    def table(self, stem: str, name: str | None = None) -> Row:
        """The mapping of a file that is keyed by id; empty where it is missing."""
        value = self.root(stem).get(name or stem)
        return value if isinstance(value, Row) else _nothing()

    @cached_property
    def channels(self) -> list[tuple[Row, Row]]:
        """Each channel with its platform."""
        return [(ch, p) for p in self.rows("platforms") for ch in entries(p.get("channels"))]

    @cached_property
    def grounds(self) -> dict[str, Row]:
        return {str(row.get("id")): row for row in self.rows("grounds")}

    @cached_property
    def steps(self) -> list[tuple[Row, Row]]:
        """Each step with its ladder."""
        return [(step, lad) for lad in self.rows("ladders") for step in entries(lad.get("steps"))]

    def elements_of(self, ground: Row) -> list[Row]:
        own = list(entries(ground.get("elements")))
        base = self.grounds.get(str(ground.get("inherits_elements")))
        keys = {row.get("key") for row in own}
        inherited = self.elements_of(base) if base is not None and base is not ground else []
        return own + [row for row in inherited if row.get("key") not in keys]

    def statements_of(self, ground: Row) -> set[str]:
        base = self.grounds.get(str(ground.get("inherits_elements")))
        inherited = self.statements_of(base) if base is not None and base is not ground else set()
        return set(ground.get("statements") or ()) | inherited

    def clocks_of(self, ground: Row) -> set[str]:
        """Keys of the clocks that run for a notice on this ground."""
        own = {str(clock.get("key")) for clock in entries(ground.get("clocks"))}
        base = self.grounds.get(str(ground.get("rides_on")))
        return own | (self.clocks_of(base) if base is not None and base is not ground else set())


def _nothing() -> Row:
    row = Row()
    row.line, row.lines = 1, {}
    return row


Rule = Callable[[Catalogue], Iterable[Mistake]]
RULES: dict[int, Rule] = {}


def rule(number: int) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        RULES[number] = function
        return function

    return register


def rows_below(value: Any) -> Iterator[Row]:
    """Every row in a value, itself included, from the outside in."""
    if isinstance(value, Row):
        yield value
        for child in value.values():
            yield from rows_below(child)
    elif isinstance(value, list):
        for child in value:
            yield from rows_below(child)
