"""Read the law's data files once, with inheritance resolved."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from core import yaml_files
from notices.law.model import (
    Clock,
    ContextFact,
    CounterProcedure,
    Element,
    Ground,
    Offence,
    Statement,
    Tick,
)

FOLDER = Path(__file__).resolve().parent.parent / "grounds"
COUNTER_CLOCKS = ("restore_earliest", "restore_latest", "policy_decide_by")
Shape = TypeVar("Shape")
Keyed = TypeVar("Keyed", Element, Clock, Tick)


def ground(ground_id: str) -> Ground:
    """Return a ground. Raises KeyError for an id that the catalogue does not have."""
    return _grounds()[ground_id]


def grounds() -> tuple[Ground, ...]:
    return tuple(_grounds().values())


def statement(statement_id: str) -> Statement:
    return statements()[statement_id]


@cache
def statements() -> Mapping[str, Statement]:
    return {row["id"]: _build(Statement, row) for row in _rows("statements")}


@cache
def placeholders() -> Mapping[str, Mapping[str, Any]]:
    """Return the names that a statement may use, each with its subject and origin."""
    return dict(_section("placeholders"))


@cache
def context_facts() -> Mapping[str, ContextFact]:
    return {row["code"]: _build(ContextFact, row) for row in _rows("context_facts")}


@cache
def offences() -> tuple[Offence, ...]:
    """Return the offences in the file's order, which is the order of preference."""
    return tuple(_offence(row) for row in _rows("offences"))


@cache
def _grounds() -> Mapping[str, Ground]:
    own = {row["id"]: _ground(row) for row in _rows("grounds")}
    return {key: _with_inheritance(one, own) for key, one in own.items()}


def _with_inheritance(one: Ground, others: Mapping[str, Ground]) -> Ground:
    if one.rides_on:
        one = replace(one, clocks=_merged(others[one.rides_on].clocks, one.clocks))
    if not one.inherits_elements:
        return one
    parent = others[one.inherits_elements]
    extra = tuple(s for s in one.statements if s not in parent.statements)
    return replace(
        one,
        elements=_merged(parent.elements, one.elements),
        ticks=_merged(parent.ticks, one.ticks),
        statements=parent.statements + extra,
    )


def _merged(inherited: Iterable[Keyed], own: Iterable[Keyed]) -> tuple[Keyed, ...]:
    """Let own rows replace inherited ones of the same key in their place; the rest follow."""
    rows = {row.key: row for row in inherited}
    rows.update({row.key: row for row in own})
    return tuple(rows.values())


def _ground(row: Mapping[str, Any]) -> Ground:
    counter = row.get("counter_procedure")
    return _build(
        Ground,
        {
            **row,
            "elements": [_build(Element, element) for element in row["elements"]],
            "ticks": [_build(Tick, tick) for tick in row.get("ticks", [])],
            "clocks": [_build(Clock, clock) for clock in row["clocks"]],
            "counter_procedure": _counter(counter) if counter else None,
        },
    )


def _counter(row: Mapping[str, Any]) -> CounterProcedure:
    clocks = {key: _build(Clock, {"key": key, **row[key]}) for key in COUNTER_CLOCKS if key in row}
    return _build(CounterProcedure, {**row, **clocks})


def _offence(row: Mapping[str, Any]) -> Offence:
    renamed = {"begins" if key == "from" else key: value for key, value in row.items()}
    return _build(Offence, renamed)


def _build(shape: type[Shape], row: Mapping[str, Any]) -> Shape:
    """Make one typed row. Raises ValueError where a field is unknown or lacking."""
    known = {f.name: f for f in fields(shape)}  # type: ignore[arg-type]
    required = {
        name for name, f in known.items() if f.default is MISSING and f.default_factory is MISSING
    }
    wrong = (set(row) - set(known)) | (required - set(row))
    if wrong:
        name = row.get("id") or row.get("key") or row.get("code")
        raise ValueError(f"{shape.__name__} {name}: {', '.join(sorted(wrong))}")
    return shape(**{key: _tupled(value) for key, value in row.items()})


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _rows(section: str) -> list[dict[str, Any]]:
    return list(_section(section))


def _section(name: str) -> Any:
    """Return a section whichever file of the folder holds it."""
    found = [data[name] for data in _files() if name in data]
    if not found:
        raise ValueError(f"no file of {FOLDER.name}/ has the section {name}")
    if isinstance(found[0], dict):
        return {key: value for part in found for key, value in part.items()}
    return [row for part in found for row in part]


@cache
def _files() -> tuple[dict[str, Any], ...]:
    return tuple(yaml_files.read(path) for path in sorted(FOLDER.glob("*.yaml")))
