"""Typed access to the data files. Read once a process; no database and no settings needed."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from . import files
from .files import Row, entries
from .specs import (
    CHANNEL_COLUMNS,
    PLATFORM_COLUMNS,
    READING_FIELDS,
    Authority,
    Benchmark,
    ChannelSpec,
    PlatformSpec,
    Source,
)

__all__ = [
    "Authority",
    "Benchmark",
    "ChannelSpec",
    "PlatformSpec",
    "Source",
    "authorities",
    "authority_for",
    "benchmarks",
    "families",
    "platform_specs",
    "platforms",
    "sources",
]

HOURS = {"hours": 1.0, "elapsed_hours": 1.0, "calendar_days": 24.0, "days": 24.0}


@cache
def _root(stem: str) -> Row:
    return files.read(files.CATALOGUE / f"{stem}.yaml").root


@cache
def sources() -> Mapping[str, Source]:
    return {
        code: Source(code=code, **_known(Source, row))
        for code, row in _root("sources")["sources"].items()
    }


@cache
def authorities() -> Mapping[str, Authority]:
    root = _root("authorities")
    return {key: _authority(key, row, root) for key, row in root["authorities"].items()}


def authority_for(role: str, country: str) -> Authority | None:
    """Return the first authority with this role in this country, in the order of the file."""
    hits = (a for a in authorities().values() if (a.role, a.country) == (role, country))
    return next(hits, None)


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    return tuple(_benchmark(row) for row in entries(_root("benchmarks")["benchmarks"]))


@cache
def families() -> Mapping[str, str]:
    return {key: str(row["name"]) for key, row in _root("platforms")["families"].items()}


@cache
def platforms() -> Mapping[str, PlatformSpec]:
    return {spec.key: spec for spec in platform_specs(_root("platforms"))}


def platform_specs(root: Row) -> list[PlatformSpec]:
    """The platforms of a read platforms.yaml, its defaults filled in."""
    defaults = root["defaults"]
    return [_platform(row, defaults) for row in entries(root["platforms"])]


def _platform(row: Row, defaults: Row) -> PlatformSpec:
    full = {**defaults["platform"], **row}
    channels = tuple(_channel(ch, defaults) for ch in entries(row["channels"]))
    rest = _rest(full, PLATFORM_COLUMNS | READING_FIELDS | {"channels"})
    columns = {key: full[key] for key in PLATFORM_COLUMNS & full.keys()}
    return PlatformSpec(channels=channels, facts=rest, **columns)


def _channel(row: Row, defaults: Row) -> ChannelSpec:
    full = {**defaults["channel"], **row}
    rest = _rest(full, CHANNEL_COLUMNS)
    columns = {key: _frozen(full[key]) for key in CHANNEL_COLUMNS & full.keys()}
    return ChannelSpec(facts=rest, **columns)


def _authority(key: str, row: Row, root: Row) -> Authority:
    """Rows that rest on memory alone were never seen, whatever the head of the file says."""
    full: dict[str, Any] = {
        "seen": None if row["source"] == ["M"] else root["seen"],
        "review_after": root["review_after"],
        **row,
    }
    return Authority(id=key, **_known(Authority, full))


def _benchmark(row: Row) -> Benchmark:
    full: dict[str, Any] = dict(row)
    within = full.pop("within", None)
    if within:
        full["within_hours"] = within["value"] * HOURS[within["unit"]]
    for key in ("year", "period", "month"):
        full[key] = None if full.get(key) is None else str(full[key])
    return Benchmark(**_known(Benchmark, full))


def _known(kind: type, row: Mapping[str, Any]) -> dict[str, Any]:
    names = {f.name for f in fields(kind)}
    return {key: _frozen(value) for key, value in row.items() if key in names}


def _rest(row: Mapping[str, Any], taken: frozenset[str]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in row.items() if key not in taken}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """The same as JSON can hold: dates as text, rows as plain mappings."""
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_plain(child) for child in value]
    return files.text_of(value) if hasattr(value, "isoformat") else value
