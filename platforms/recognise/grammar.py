"""The reading part of platforms.yaml, compiled: hosts, rewriting steps, forms of places."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from platforms.catalogue import files
from platforms.catalogue.files import Row, entries

NO_FORM = "url"


@dataclass(frozen=True)
class Kind:
    name: str
    exact: bool
    warns: bool


@dataclass(frozen=True)
class Step:
    """One canonical step; exactly one of its four forms is set."""

    hosts: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None
    to: str = ""
    unwrap: re.Pattern[str] | None = None
    param: str = ""
    params: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Handle:
    pattern: re.Pattern[str]
    to: str
    certain: bool


@dataclass(frozen=True)
class Reader:
    """How the links of one platform are read."""

    key: str
    steps: tuple[Step, ...] = ()
    forms: tuple[tuple[Kind, re.Pattern[str]], ...] = ()
    handles: tuple[Handle, ...] = ()
    names: tuple[str, ...] = ()
    fragment_hosts: frozenset[str] = frozenset()
    clone: re.Pattern[str] | None = None


class Grammar:
    """All platforms' readers with the rules for every link."""

    def __init__(self, root: Row) -> None:
        rules = root["url_rules"]
        self.kinds = {name: _kind(name, row) for name, row in root["kinds"].items()}
        self.readers = {row["key"]: self._reader(row) for row in entries(root["platforms"])}
        self.schemes: dict[str, str] = {**dict(rules["schemes"]), "https": "https"}
        self.dropped = frozenset(rules["drop_params"])
        self.short: dict[str, str | None] = dict.fromkeys(rules["shorteners"])
        self.exact_hosts: dict[str, str] = {}
        self.hosts: dict[str, str] = {}
        self.app_schemes: dict[str, str] = {}
        for row in entries(root["platforms"]):
            self._index(row)
        readers = list(self.readers.values())
        self.clones = [reader for reader in readers if reader.clone]
        self.certain = [h for reader in readers for h in reader.handles if h.certain]
        self.called = {name: reader for reader in readers for name in reader.names}

    def reader_of(self, host: str) -> Reader | None:
        """The platform of a host: the longest host of any platform that it is or ends in."""
        exact = self.exact_hosts.get(host) or self.exact_hosts.get(host.removeprefix("www."))
        if exact:
            return self.readers[exact]
        labels = host.split(".")
        for start in range(len(labels) - 1):
            key = self.hosts.get(".".join(labels[start:]))
            if key:
                return self.readers[key]
        return None

    def clone_of(self, host: str) -> Reader | None:
        return next((r for r in self.clones if r.clone and r.clone.fullmatch(host)), None)

    def known_names(self) -> Iterable[str]:
        """Every host that a look-alike could be meant for."""
        return {*self.hosts, *self.exact_hosts, *self.short}

    def _index(self, row: Row) -> None:
        key = row["key"]
        self.hosts.update(dict.fromkeys(row["hosts"], key))
        self.exact_hosts.update(dict.fromkeys(row.get("exact_hosts", ()), key))
        self.app_schemes.update(dict.fromkeys(row.get("schemes", ()), key))
        for short in entries(row.get("short_hosts")):
            self.short[short["host"]] = key if short["leads_to"] == "own" else None

    def _reader(self, row: Row) -> Reader:
        clone = row.get("clone_host_regex")
        return Reader(
            key=row["key"],
            steps=tuple(_step(step) for step in entries(row.get("canonical"))),
            forms=tuple(self._form(form) for form in entries(row.get("location_grammar"))),
            handles=tuple(_handle(handle) for handle in entries(row.get("handles"))),
            names=tuple(_names(row)),
            fragment_hosts=frozenset(row.get("fragment_hosts", ())),
            clone=re.compile(clone) if clone else None,
        )

    def _form(self, form: Row) -> tuple[Kind, re.Pattern[str]]:
        return self.kinds[form["kind"]], re.compile(form["regex"])


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    return Kind(name, bool(row["exact"]), bool(row.get("warns", False)))


def _step(step: Row) -> Step:
    if "url" in step:
        return Step(pattern=re.compile(step["url"]), to=step["to"])
    if "unwrap" in step:
        return Step(unwrap=re.compile(step["unwrap"]), param=step["param"])
    if "params" in step:
        return Step(params=tuple(step["params"]))
    return Step(hosts=frozenset(step["hosts"]), to=step["to"])


def _handle(row: Row) -> Handle:
    return Handle(re.compile(row["regex"]), row["to"], bool(row.get("certain", False)))


def _names(row: Row) -> Iterable[str]:
    """What people call it: name, aliases, nicknames and key, in lower case."""
    names = [row["name"], *row.get("aliases", ()), *row.get("nicknames", ()), row["key"]]
    return sorted({name.casefold() for name in names}, key=len, reverse=True)


@cache
def live() -> Grammar:
    """The grammar of the catalogue that the program was started with."""
    return Grammar(files.read(files.CATALOGUE / "platforms.yaml").root)
