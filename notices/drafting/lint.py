"""Words that do not belong in a notice: insults, descriptions, give-away or harmful wording."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from notices.drafting.rendering import clean

Kind = Literal["insult", "description", "wording", "date", "name"]

INSULTS = (
    "asshole", "bastard", "bitch", "creep", "crook", "dickhead", "idiot", "imbecile", "moron",
    "parasite", "pervert", "pig", "psycho", "scum", "scumbag", "sicko", "stupid", "trash",
    "vermin",
)  # fmt: skip
DESCRIPTIONS = (
    "anal", "anus", "ass", "bare", "blowjob", "boobs", "bra", "breast", "breasts", "bum",
    "butt", "buttocks", "clitoris", "cock", "cum", "dick", "ejaculat*", "erect*", "explicit",
    "fellatio", "genital*", "groin", "lingerie", "masturbat*", "naked", "nipple*", "nude",
    "nudity", "oral", "orgasm*", "panties", "penetrat*", "penis", "piercing", "pubic", "pussy",
    "semen", "sex*", "strip*", "tattoo", "tits", "topless", "underwear", "undress*", "vagina*",
    "vulva",
)  # fmt: skip
WORDINGS = (
    "revenge porn", "porno-vengeance", "vengeance pornographique", "wraakporno", "racheporno",
    "pornovenganza", "porno vindicativo", "victim of", "leaked nudes",
)  # fmt: skip
NUMERIC_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
WORD = re.compile(r"[^\W_]+")
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Her names, as words or as digests of words: what no notice may contain.

    With digests, `digest` turns one normalised word, or several joined by spaces, into one.
    """

    words: Collection[str] = ()
    digests: Collection[str] = ()
    digest: Callable[[str], str] | None = None
    plain: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        known = frozenset(name for name in (normal(word) for word in self.words) if name)
        object.__setattr__(self, "plain", known)

    def stands_in(self, text: str) -> bool:
        return any(self._is_name(run) for run in _runs(text))

    def _is_name(self, run: str) -> bool:
        if run in self.plain:
            return True
        return self.digest is not None and bool(self.digests) and self.digest(run) in self.digests


NOBODY = Forbidden()


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    found: str


def lint(text: str, forbidden: Forbidden = NOBODY) -> list[Finding]:
    """Return what in a text of the author's own should not be sent; each kind of thing once."""
    small = normal(text)
    found = [
        *_listed("insult", small, INSULTS),
        *_listed("description", small, DESCRIPTIONS),
        *_phrases(text),
    ]
    date = NUMERIC_DATE.search(text)
    if date:
        found.append(Finding("date", date.group()))
    if forbidden.stands_in(text):
        found.append(Finding("name", ""))
    return found


def normal(text: str) -> str:
    """Return the words of a text in small letters, without marks, joined by single spaces."""
    # Cleaned first, as the letter prints it: a mark inside a name must not hide the name.
    plain = unicodedata.normalize("NFKD", clean(text).casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(WORD.findall(letters))


def _listed(kind: Kind, small: str, words: Collection[str]) -> Iterator[Finding]:
    starts = tuple(word[:-1] for word in words if word.endswith("*"))
    for word in small.split():
        if word in words or word.startswith(starts or "\0"):
            yield Finding(kind, word)
            return


def _phrases(text: str) -> Iterator[Finding]:
    lowered = " ".join(text.casefold().split())
    for phrase in WORDINGS:
        if phrase in lowered:
            yield Finding("wording", phrase)
            return


def _runs(text: str) -> Iterator[str]:
    words = normal(text).split()
    for start in range(len(words)):
        for length in range(1, min(LONGEST_NAME, len(words) - start) + 1):
            yield " ".join(words[start : start + length])
