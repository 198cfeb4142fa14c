"""The phrases by which platforms answer, one file a language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from core import yaml_files

from .words import Pattern, keys_in

FOLDER = Path(__file__).resolve().parent / "phrases"
LANGUAGES = ("en", "fr", "nl", "it", "de", "es")
# In the file's section `removal`: what claims that something is gone, and what else is a sign.
CLAIMS = ("active", "passive", "pronoun", "some")
SIGNS = (
    "already", "gone_too", "partial", "partial_all", "contrary", "geo", "geo_claims", "delisted",
    "limited", "banked", "closed",
)  # fmt: skip

Name = TypeVar("Name")
Span = tuple[int, int]


class Patterns(Generic[Name]):
    """Patterns with a name each; only those are tried of which a word occurs."""

    def __init__(self, rows: Iterable[tuple[Name, Pattern]]) -> None:
        self._rows = list(rows)
        by_key: dict[str, list[int]] = {}
        for number, (_name, pattern) in enumerate(self._rows):
            for key in pattern.keys:
                by_key.setdefault(key, []).append(number)
        self._by_key = by_key

    def hits(self, words: str) -> Iterator[tuple[Name, int, int]]:
        """Yield (name, start, end) of the first match of each pattern in folded words."""
        numbers: set[int] = set()
        for key in keys_in(words) & self._by_key.keys():
            numbers.update(self._by_key[key])
        line = f"{words} "
        for number in sorted(numbers):
            name, pattern = self._rows[number]
            match = pattern.regex.search(line)
            if match:
                yield name, match.start(), match.end()

    def occur(self, words: str) -> bool:
        return next(self.hits(words), None) is not None


@dataclass(frozen=True, slots=True)
class Language:
    """What one language says beside its phrases.

    `before` and `after` leave a claim of removal in doubt, `negations` those of the same clause;
    `lead` are the words that may stand in front of one, `that` the word between, `but` what ends a
    doubt. `doubts` are by family. `demands` set us a time; `asks` are words with which a sentence
    may want or reserve anything at all.
    """

    doubts: Mapping[str, Patterns[str]]
    before: Patterns[str]
    negations: Patterns[str]
    after: Patterns[str]
    lead: frozenset[str]
    that: frozenset[str]
    but: frozenset[str]
    content: frozenset[str]
    estimates: Patterns[str]
    demands: Patterns[str]
    asks: Patterns[str]


@dataclass(slots=True)
class Hits:
    """What the phrases of one language find in a sentence: where, by answer, claim and sign."""

    answers: list[str] = field(default_factory=list)
    claims: list[tuple[str, int, int]] = field(default_factory=list)
    signs: dict[str, list[Span]] = field(default_factory=dict)

    def add(self, group: str, name: str, start: int, end: int) -> None:
        if group == "answers":
            self.answers.append(name)
        elif name in CLAIMS:
            self.claims.append((name, start, end))
        else:
            self.signs.setdefault(name, []).append((start, end))


def look(words: str) -> dict[str, Hits]:
    """Return what the phrases of every language find in folded words, by language."""
    found: dict[str, Hits] = {}
    for (code, group, name), start, end in _phrases().hits(words):
        found.setdefault(code, Hits()).add(group, name, start, end)
    return found


@cache
def languages() -> Mapping[str, Language]:
    return {code: _language(file_of(code)) for code in LANGUAGES}


@cache
def _phrases() -> Patterns[tuple[str, str, str]]:
    return Patterns(_rows())


def _rows() -> Iterator[tuple[tuple[str, str, str], Pattern]]:
    for code in LANGUAGES:
        data = file_of(code)
        groups = {
            "answers": data["answers"],
            "removal": {name: data["removal"][name] for name in (*CLAIMS, *SIGNS)},
        }
        for group, rules in groups.items():
            for name, row in rules.items():
                yield from (((code, group, name), Pattern(rule, _names(data))) for rule in row)


def _language(data: Mapping[str, Any]) -> Language:
    removal, names = data["removal"], _names(data)

    def compiled(rules: Iterable[str]) -> Patterns[str]:
        return Patterns((rule, Pattern(rule, names)) for rule in rules)

    return Language(
        doubts={family: compiled(rules) for family, rules in data["doubts"].items()},
        before=compiled(removal["before"]),
        negations=compiled(removal["negations"]),
        after=compiled(removal["after"]),
        lead=_words_of(
            removal["lead"], *(names[name] for name in ("content", "det", "adj", "adv"))
        ),
        that=frozenset(removal["that"]),
        but=frozenset(removal["but"]),
        content=frozenset(names["content"]),
        estimates=compiled(data["estimates"]),
        demands=compiled(data["demands"]),
        asks=compiled(data["asks"]),
    )


def _words_of(*lists: Iterable[str]) -> frozenset[str]:
    return frozenset(word for row in lists for entry in row for word in entry.split())


def _names(data: Mapping[str, Any]) -> Mapping[str, list[str]]:
    return {**data["names"], "country": data["countries"]}


@cache
def file_of(code: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml_files.read_as_text(FOLDER / f"{code}.yaml")
    return data
