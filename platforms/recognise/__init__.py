"""Free text to places. Pure: no database, no settings, no network."""

import re
from collections.abc import Iterator

from . import words
from .candidates import Candidate, links_in, registrable_domain
from .canonical import place_of
from .grammar import Grammar, live
from .places import PROBLEMS, WARNINGS, Line, Place

__all__ = [
    "PROBLEMS",
    "WARNINGS",
    "Grammar",
    "Line",
    "Place",
    "recognise",
    "recognise_lines",
    "registrable_domain",
]

_COMMA = re.compile("[,;]")
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")
# Browsers skip blanks and control characters inside the word, so a disguise may hold them.
_GAP = (
    r"(?:[\x00-\x20\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|%0[9ad]"
    r"|&#(?:9|10|13|x0?[9ad]);|&(?:tab|newline);){0,4}"
)


def _disguised(word: str) -> str:
    return _GAP.join(word) + f"{_GAP}:"


_DANGEROUS = re.compile(
    rf"(?<![\w./=])(?:{_disguised('javascript')}(?=\S|\s?\w+[(=.])|{_disguised('vbscript')}(?=\S)"
    rf"|{_disguised('data')}(?=[a-z]+/[a-z0-9.+-]+[;,]|;base64|,)|{_disguised('file')}(?=/|[a-z]:[/\\]))"
    r"[^\s<>\"']*(?:\s?[^\s<>\"']*\()?[^\s<>\"']*",
    re.I,
)


def recognise(text: str, grammar: Grammar | None = None) -> list[Place]:
    """Every place in the text in its order, repeated ones too; prose alone gives none."""
    return [place for line in recognise_lines(text, grammar) for place in line.places]


def recognise_lines(text: str, grammar: Grammar | None = None) -> list[Line]:
    """The same by line; lines without a character that can be seen are left out."""
    grammar = grammar or live()
    dangers = _dangers(text)
    lines = []
    for number, (start, line) in enumerate(_lines(text), 1):
        if len(line) < words.SHORTEST and not dangers:
            found = []
        else:
            found = sorted(_in_line(start, line, dangers, grammar), key=lambda hit: hit[0])
        if found or _has_words(line, start, dangers):
            lines.append(Line(number, line, tuple(place for _start, place in found)))
    return lines


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]


def _dangers(text: str) -> list[tuple[int, int, str]]:
    return [(m.start(), m.end(), m.group()) for m in _DANGEROUS.finditer(text)]


def _in_line(
    start: int, line: str, dangers: list[tuple[int, int, str]], grammar: Grammar
) -> Iterator[tuple[int, Place]]:
    end = start + len(line)
    for first, last, verbatim in dangers:
        if first <= end and start <= last:
            line = _blanked(line, first - start, last - start)
            if start <= first:
                yield first - start, Place(verbatim, None, None, "note", problem="dangerous_scheme")
    found = [(hit.start, _read(hit, grammar)) for hit in links_in(line, grammar)]
    if not found:
        yield from words.places_in(line, grammar)
        return
    for place_start, place in found:
        yield place_start, place
        line = _blanked(line, place_start, place_start + len(place.verbatim))
    if not line.isspace():
        yield from words.handles_in(line, grammar)


def _read(hit: Candidate, grammar: Grammar) -> Place:
    """A platform's link that only reads without what follows a comma ends at that comma."""
    place = place_of(hit.link, grammar)
    if place.warning == "unread_form":
        short = _COMMA.split(hit.link, maxsplit=1)[0]
        shorter = place_of(short, grammar)
        if shorter.warning != "unread_form":
            return shorter.found_as(_COMMA.split(hit.verbatim, maxsplit=1)[0])
    return place.found_as(hit.verbatim)


def _blanked(line: str, first: int, last: int) -> str:
    first, last = max(first, 0), min(last, len(line))
    return line[:first] + " " * (last - first) + line[last:]


def _has_words(line: str, start: int, dangers: list[tuple[int, int, str]]) -> bool:
    swallowed = any(first < start < last for first, last, _verbatim in dangers)
    return bool(line.strip()) and not swallowed
