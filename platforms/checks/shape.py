"""Rules 1 to 7: fields, closed lists, references, sources, days, what a text must not hold."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from platforms.catalogue.files import Row, entries

from .base import Catalogue, Mistake, rows_below, rule
from .walking import walk

VERSION = 2
GROUND_DAYS = 366  # a ground or offence is read again within twelve months
CHANNEL_DAYS = 90
_UNWANTED = {
    "a network address": re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"),
    "a path of a machine": re.compile(
        r"(?<![\w/.])/(?:home|tmp|work|root|var|mnt|Users)/|\b[A-Z]:\\\w"
    ),
    "the number of a stored copy": re.compile(
        r"(?i)\b(?:copy|snapshot|crawl)[ -]?(?:no\.?|#)? ?\d{4,}\b"
    ),
}


def _of_rule(catalogue: Catalogue, number: int) -> list[Mistake]:
    return [mistake for mistake in walk(catalogue) if mistake.rule == number]


@rule(1)
def versions_fields_and_ids(catalogue: Catalogue) -> Iterator[Mistake]:
    for file in catalogue.files.values():
        if file.root.get("schema_version") != VERSION:
            yield catalogue.wrong(1, file.root, "schema_version", f"is not version {VERSION}")
    yield from _of_rule(catalogue, 1)
    for key, rows in _named(catalogue):
        names = Counter(str(row.get(key)) for row in rows)
        yield from (
            catalogue.wrong(1, row, key, f"{row.get(key)} stands twice")
            for row in rows
            if names[str(row.get(key))] > 1
        )


def _named(catalogue: Catalogue) -> Iterator[tuple[str, list[Row]]]:
    answers = catalogue.rows("answers") + list(entries(catalogue.root("answers").get("observed")))
    yield "id", [channel for channel, _platform in catalogue.channels]
    yield "id", [step for step, _ladder in catalogue.steps]
    yield "code", answers
    yield "key", catalogue.rows("platforms")
    for stem in ("grounds", "statements", "offences", "ladders", "benchmarks"):
        yield "id", catalogue.rows(stem)


@rule(2)
def closed_lists(catalogue: Catalogue) -> list[Mistake]:
    return _of_rule(catalogue, 2)


@rule(3)
def references_resolve(catalogue: Catalogue) -> list[Mistake]:
    return _of_rule(catalogue, 3)


@rule(4)
def sources_and_days_of_reading(catalogue: Catalogue) -> Iterator[Mistake]:
    for stem in catalogue.files:
        for row in rows_below(catalogue.root(stem)):
            if isinstance(row.get("source"), list) and not row["source"]:
                yield catalogue.wrong(4, row, "source", "is empty")
    for stem, rows, days in _dated(catalogue):
        as_of = catalogue.root(stem).get("as_of")
        for row in rows:
            yield from _reading(catalogue, row, as_of, days)


def _dated(catalogue: Catalogue) -> Iterator[tuple[str, list[Row], int]]:
    yield "platforms", [channel for channel, _platform in catalogue.channels], CHANNEL_DAYS
    yield "grounds", catalogue.rows("grounds"), GROUND_DAYS
    yield "offences", catalogue.rows("offences"), GROUND_DAYS
    yield "authorities", [catalogue.root("authorities")], GROUND_DAYS


def _reading(catalogue: Catalogue, row: Row, as_of: Any, days: int) -> Iterator[Mistake]:
    only_memory = row.get("source") == ["M"]
    if "source" in row and (row.get("seen") is None) != only_memory:
        said = "is null, though" if row.get("seen") is None else "is set, though not"
        yield catalogue.wrong(4, row, "seen", f"{said} a source was read")
    review = row.get("review_after")
    dated = isinstance(review, date) and isinstance(as_of, date)
    if dated and review > as_of + timedelta(days=days):
        yield catalogue.wrong(4, row, "review_after", f"is past {days} days")


@rule(5)
def days_and_countries(catalogue: Catalogue) -> list[Mistake]:
    return _of_rule(catalogue, 5)


@rule(6)
def nothing_private_in_texts(catalogue: Catalogue) -> Iterator[Mistake]:
    for stem in catalogue.files:
        for row in rows_below(catalogue.root(stem)):
            for key, value in row.items():
                for text in _strings(value):
                    yield from (
                        catalogue.wrong(6, row, key, f"holds {what}")
                        for what, pattern in _UNWANTED.items()
                        if pattern.search(text)
                    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (child for child in value if isinstance(child, str))


@rule(7)
def every_source_is_used(catalogue: Catalogue) -> Iterator[Mistake]:
    sources, background = catalogue.table("sources"), catalogue.table("background")
    used = {code for stem in catalogue.files for code in _codes(catalogue.root(stem))}
    for code in sources.keys() - used - background.keys():
        yield catalogue.wrong(7, sources, code, "is used nowhere")
    for code in background.keys() - sources.keys():
        yield catalogue.wrong(7, background, code, "is no source")
    for code in background.keys() & used:
        yield catalogue.wrong(7, background, code, "is used in a row and needs no line here")


def _codes(root: Row) -> Iterator[str]:
    for row in rows_below(root):
        for key in ("source", "hash_source", "cooperation_source"):
            value = row.get(key)
            yield from _strings(value)
