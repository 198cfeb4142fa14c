"""Reading the YAML data files so that every row still knows the line on which it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "platforms" / "catalogue"
GROUNDS = ROOT / "notices" / "grounds"
NAMES = {
    CATALOGUE: (
        "platforms", "sources", "authorities", "benchmarks", "examples", "background",
    ),
    GROUNDS: ("grounds", "statements", "offences", "ladders", "answers"),
}  # fmt: skip

_Node = yaml.nodes.Node
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(Exception):
    """A file that is no YAML, or that names one key twice; says file, line and why."""

    def __init__(self, file: str, line: int, why: str) -> None:
        super().__init__(f"{file}:{line}: rule 1: {why}")
        self.file, self.line, self.why = file, line, why


class Row(dict[str, Any]):
    """A mapping of the file; `line` and `lines[key]` count from 1."""

    line: int
    lines: dict[str, int]


class Rows(list[Any]):
    """A list of the file with the line on which each entry begins."""

    line: int
    lines: list[int]


@dataclass(frozen=True)
class DataFile:
    name: str  # as shown to people: "platforms.yaml"
    root: Row
    digest: str


def read(path: Path) -> DataFile:
    text = path.read_bytes()
    root = parse(path.name, text.decode("utf-8"))
    return DataFile(path.name, root, sha256(text).hexdigest())


def parse(name: str, text: str) -> Row:
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as mistake:
        line = mistake.problem_mark.line + 1 if mistake.problem_mark else 1
        raise Unreadable(name, line, str(mistake.problem or mistake.context)) from mistake
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable(name, 1, "the file is not a mapping")
    row = _value(name, node)
    assert isinstance(row, Row)  # noqa: S101 - a MappingNode always gives a Row
    return row


def read_all(folders: dict[Path, tuple[str, ...]] | None = None) -> dict[str, DataFile]:
    """All data files by stem; a missing one raises FileNotFoundError."""
    found = {}
    for folder, stems in (folders or NAMES).items():
        for stem in stems:
            found[stem] = read(folder / f"{stem}.yaml")
    return found


def _value(name: str, node: _Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(name, node)
    if isinstance(node, yaml.SequenceNode):
        return _sequence(name, node)
    return _scalar(name, node)


def _mapping(name: str, node: yaml.MappingNode) -> Row:
    row = Row()
    row.line = node.start_mark.line + 1
    row.lines = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        if key in row:
            raise Unreadable(name, line, f"{key} stands twice")
        row[key] = _value(name, value_node)
        row.lines[key] = line
    return row


def _sequence(name: str, node: yaml.SequenceNode) -> Rows:
    rows = Rows(_value(name, child) for child in node.value)
    rows.line = node.start_mark.line + 1
    rows.lines = [child.start_mark.line + 1 for child in node.value]
    return rows


def _scalar(name: str, node: _Node) -> Any:
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, yaml.YAMLError) as mistake:
        line = node.start_mark.line + 1
        raise Unreadable(name, line, f"{node.value!r} is no {node.tag[-8:]}") from mistake


def entries(value: Any) -> Iterator[Row]:
    """The rows of a list, skipping what is no row (rule 1 names those)."""
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, Row))


def text_of(value: date | str | int | None) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
