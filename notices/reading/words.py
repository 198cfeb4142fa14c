"""Text made comparable: folded words, sentences, and the small pattern language of the rules."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

LONGEST_SENTENCE = 600
_QUOTES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT = re.compile(r"n't\b")
_PIECES = re.compile(r"\w+|,")
# Not after "4.": that is a day.
_ENDS = re.compile(r"(?<=[.!?;:…])(?<!\s\d\.)(?<!\s\d\d\.)[\"'”»)]{0,2}\s+|\s[–—-]\s+")
_ITEM = re.compile(r"\s{0,8}(?:[-*•·]|\d{1,2}[.)])\s")
_PARTS = re.compile(
    r"\((?P<any>[^()]*)\)(?P<maybe>\?)?|<(?P<name>\w+)>(?P<perhaps>\?)?|=(?P<ahead>\w+)"
    r"|(?P<word>[^\s()<>=?]+)|(?P<wrong>\S)"
)
_FIXED = {
    "..": r"(?:\w+ ){0,2}",
    "...": r"(?:\w+ ){0,5}",
    "....": r"(?:\w+ ){0,9}",
    "^": r"\A",
    "$": r"\Z",
}
# Of a word that a rule gives by its beginning, so many letters are looked up.
STEM = 5
# A rule is looked up by its rarest words; words this short are in every sentence.
COMMON = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it was written, and its folded words with commas between single spaces."""

    written: str
    folded: str

    @property
    def is_question(self) -> bool:
        return self.written.endswith("?")


class Pattern:
    """A rule of words, compiled when it is first tried.

    `word*` is the beginning of a word, `(a|b c)` a choice, `<name>` a choice from `names`, `?`
    after either makes it optional; `..`, `...` and `....` stand for up to 2, 5 and 9 words without
    a comma; `=name` looks ahead for one of these or the end; `^` and `$` are the sentence's ends.
    """

    def __init__(self, rule: str, names: Mapping[str, Iterable[str]]) -> None:
        self.rule = rule
        self._names = names
        self.keys = min((_keys(options) for options in self._needed()), key=_commonness)

    def __repr__(self) -> str:
        return f"Pattern({self.rule!r})"

    @cached_property
    def regex(self) -> re.Pattern[str]:
        parts = (self._part(match) for match in _PARTS.finditer(self.rule))
        return re.compile(rf"(?<!\S){''.join(parts)}")

    def _needed(self) -> Iterator[list[str]]:
        """Yield the choices of which each match has one. Raises ValueError for a bad rule."""
        for match in _PARTS.finditer(self.rule):
            if match["wrong"]:
                raise ValueError(f"{match['wrong']} in {self.rule}")
            optional = match["maybe"] or match["perhaps"] or match["ahead"]
            if not optional and match["word"] not in _FIXED:
                yield self._options(match)

    def _part(self, match: re.Match[str]) -> str:
        if match["word"] in _FIXED:
            return _FIXED[match["word"]]
        if match["ahead"]:
            return f"(?={_any(self._names[match['ahead']])}|\\Z)"
        optional = match["maybe"] or match["perhaps"] or ""
        return f"(?:{_any(self._options(match))}){optional}"

    def _options(self, match: re.Match[str]) -> list[str]:
        if match["name"]:
            return list(self._names[match["name"]])
        return str(match["any"] or match["word"]).split("|")


def folded(text: str) -> str:
    """Return lower-case words without accents; `n't` becomes `not`, punctuation but commas goes."""
    text = text.translate(_QUOTES).casefold()
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return " ".join(_PIECES.findall(_NOT.sub(" not", text)))


def keys_in(words: str) -> set[str]:
    """Return the keys under which the patterns are found that may match these words."""
    keys = set(words.split())
    keys.update([f"{word[:size]}*" for word in keys for size in range(2, STEM + 1)])
    return keys


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text, wrapped lines joined, each at most 600 characters long."""
    for block in blocks(text):
        for piece in _ENDS.split(block):
            for start in range(0, len(piece), LONGEST_SENTENCE):
                written = piece[start : start + LONGEST_SENTENCE].strip()
                words = folded(written)
                if words:
                    yield Sentence(written, words)


def blocks(text: str) -> Iterator[str]:
    """Yield paragraphs and list items, each on one line."""
    held: list[str] = []
    for line in text.split("\n"):
        is_item = _ITEM.match(line) is not None
        if held and (is_item or not line.strip()):
            yield " ".join(held)
            held = []
        if line.strip():
            held.append(_ITEM.sub("", line, count=1).strip() if is_item else line.strip())
    if held:
        yield " ".join(held)


def _keys(options: Iterable[str]) -> frozenset[str]:
    firsts = (option.split()[0] for option in options)
    return frozenset(f"{one[:-1][:STEM]}*" if one.endswith("*") else one for one in firsts)


def _commonness(keys: Iterable[str]) -> int:
    return sum(10 if len(key) < COMMON else 1 for key in keys)


def _any(options: Iterable[str]) -> str:
    return "|".join(map(_regex, options))


def _regex(option: str) -> str:
    """Return what matches these words, each with the space behind it."""
    return "".join(
        rf"{re.escape(word[:-1])}\w* " if word.endswith("*") else f"{re.escape(word)} "
        for word in option.split()
    )
