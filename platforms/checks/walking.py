"""Walks every row along its shape and says what does not fit, with the rule that it breaks."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from platforms.catalogue.files import Row

from .base import Catalogue, Mistake
from .shapes import SHAPES

_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")
_COUNTRY = re.compile(r"(?:[A-Z]{2}|WORLD|CA-BC)\Z")
TRI = ("yes", "no", "unknown")


def walk(catalogue: Catalogue) -> Iterator[Mistake]:
    for stem, file in catalogue.files.items():
        yield from _Walker(catalogue).row(file.root, stem)


class _Walker:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.names = references(catalogue)

    def row(self, row: Row, shape: str) -> Iterator[Mistake]:
        required, known = _fields(shape)
        for key in required - row.keys():
            yield self.catalogue.wrong(1, row, None, f"{key} is missing")
        for key in row.keys() - known.keys():
            yield self.catalogue.wrong(1, row, key, f"is no field of a row of {shape}")
        for key in row.keys() & known.keys():
            yield from self.value(row, key, row[key], known[key])

    def value(self, row: Row, key: str, value: Any, kind: str) -> Iterator[Mistake]:
        if kind.endswith("?"):
            if value is None:
                return
            kind = kind[:-1]
        found = [list(self.of_kind(row, key, value, one)) for one in kind.split("|")]
        if all(found):
            yield from min(found, key=lambda mistakes: (mistakes[0].rule == 1, len(mistakes)))

    def of_kind(self, row: Row, key: str, value: Any, kind: str) -> Iterator[Mistake]:
        word, _colon, rest = kind.partition(":")
        if word in ("row", "rows", "map"):
            yield from self.below(row, key, value, word, rest)
        elif word in ("many", "refs", "texts", "countries"):
            yield from self.listed(row, key, value, word, rest)
        else:
            text = self.scalar(value, word, rest)
            if text:
                yield self.catalogue.wrong(RULE_OF.get(word, 1), row, key, text)

    def below(self, row: Row, key: str, value: Any, word: str, shape: str) -> Iterator[Mistake]:
        if word == "rows" and isinstance(value, list):
            yield from self.each(row, key, value, shape)
        elif not isinstance(value, Row) or word == "rows":
            yield self.catalogue.wrong(1, row, key, "has another form")
        elif word == "row":
            yield from self.row(value, shape)
        elif shape == "text":
            for name in value:
                yield from self.value(value, name, value[name], "text")
        else:
            yield from self.each(row, key, value.values(), shape)

    def each(self, row: Row, key: str, children: Iterable[Any], shape: str) -> Iterator[Mistake]:
        for child in children:
            if isinstance(child, Row):
                yield from self.row(child, shape)
            else:
                yield self.catalogue.wrong(1, row, key, f"{child!r} is no {shape}")

    def listed(self, row: Row, key: str, value: Any, word: str, rest: str) -> Iterator[Mistake]:
        if not isinstance(value, list):
            yield self.catalogue.wrong(1, row, key, "is no list")
            return
        single = {"many": "one", "refs": "ref", "texts": "text", "countries": "country"}[word]
        for child in value:
            text = self.scalar(child, single, rest)
            if text:
                yield self.catalogue.wrong(RULE_OF.get(single, 1), row, key, text)

    def scalar(self, value: Any, word: str, rest: str) -> str | None:
        if word == "one":
            return None if _is_listed(value, rest.split(",")) else f"cannot be {value!r}"
        if word == "ref":
            return None if str(value) in self.names[rest] else f"names no {rest}: {value!r}"
        says, fits = KINDS[word]
        return None if fits(value) else f"{says}: {value!r}"


RULE_OF = {"one": 2, "tri": 2, "ref": 3, "date": 5, "country": 5}
KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "any": ("", lambda value: True),
    "text": ("is no text", lambda value: isinstance(value, str) and bool(value.strip())),
    "words": ("is no text", lambda value: isinstance(value, str)),
    "id": ("is no id", lambda value: isinstance(value, str) and bool(_ID.match(value))),
    "bool": ("is not true or false", lambda value: isinstance(value, bool)),
    "int": ("is no number", lambda value: type(value) is int),
    "number": ("is no number", lambda value: type(value) in (int, float)),
    "date": ("is no day", lambda value: type(value) is date),
    "country": (
        "is no country, in capitals and in quotes",
        lambda value: isinstance(value, str) and bool(_COUNTRY.match(value)),
    ),
    "tri": (
        'is not one of the quoted words "yes", "no", "unknown"',
        lambda value: isinstance(value, str) and value in TRI,
    ),
}


def _is_listed(value: Any, options: list[str]) -> bool:
    if isinstance(value, bool):
        return "@bool" in options
    if not isinstance(value, str):
        return False
    families = [option[:-1] for option in options if option.endswith("*")]
    return value in options or any(value.startswith(family) for family in families)


@cache
def _fields(shape: str) -> tuple[frozenset[str], dict[str, str]]:
    fields = SHAPES[shape]
    required = frozenset(name[:-1] for name in fields if name.endswith("!"))
    return required, {name.rstrip("!"): kind for name, kind in fields.items()}


def references(catalogue: Catalogue) -> dict[str, set[str]]:
    """What a ref may name, by the word that the shapes use."""
    answers = {str(row.get("code")) for row in catalogue.rows("answers")}
    families = {str(row.get("id")) for row in _list(catalogue, "answers", "families")}
    return {
        "source": set(catalogue.table("sources")),
        "authority": set(catalogue.table("authorities")),
        "ground": set(catalogue.grounds),
        "statement": _ids(catalogue.rows("statements")),
        "ladder": _ids(catalogue.rows("ladders")),
        "platform": {str(row.get("key")) for row in catalogue.rows("platforms")},
        "family": set(catalogue.table("platforms", "families")),
        "text": set(catalogue.table("ladders", "texts")),
        "need": _texts(catalogue, "needs"),
        "fact": _texts(catalogue, "facts"),
        "answer_family": families,
        "answer": answers | families,
    }


def _ids(rows: list[Row]) -> set[str]:
    return {str(row.get("id")) for row in rows}


def _list(catalogue: Catalogue, stem: str, key: str) -> list[Row]:
    value = catalogue.root(stem).get(key)
    return [row for row in value if isinstance(row, Row)] if isinstance(value, list) else []


def _texts(catalogue: Catalogue, key: str) -> set[str]:
    value = catalogue.root("ladders").get(key)
    return {str(word) for word in value} if isinstance(value, list) else set()
