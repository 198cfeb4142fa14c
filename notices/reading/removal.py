"""Whether a sentence says that something is gone. Said only when nothing in it is in doubt."""

from collections.abc import Iterator
from dataclasses import dataclass

from .rules import Hits, Language
from .words import Sentence

CONTRARY = "contrary"
# What the signs of a sentence make of it: less than gone, or gone without their doing.
LESS = {
    "delisted": "delisted",
    "limited": "visibility_restricted",
    "geo_claims": "removed_geo",
    "banked": "hash_banked",
    "closed": "account_or_group_actioned",
    "already": "already_gone",
}
# Signs that hold words which leave a claim of removal in doubt.
STATES = ("already", "limited")
_QUOTED = frozenset('"«»“”„')


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with the one in front of it, and what the phrases of one language find in it."""

    sentence: Sentence
    before: Sentence | None
    language: Language
    hits: Hits


def claim(said: Said) -> str:
    """Return what a sentence says has become of the material, as a code of the catalogue, or ""."""
    if said.sentence.is_question:
        return ""
    signs = said.hits.signs
    if "partial" in signs and "partial_all" not in signs and _is_hedged(said):
        return "partially_removed"
    less = next(_less(said), "")
    if less:
        return less
    gone = "removed" if any(_is_sure(said, *found) for found in said.hits.claims) else ""
    if not gone and any(not _is_doubted(said, start) for start, _end in signs.get("gone_too", ())):
        gone = "already_gone"
    return "removed_geo" if gone and "geo" in signs else gone


def speaks_against(said: Said) -> bool:
    """Tell whether the sentence says that something was not removed, or is back."""
    return CONTRARY in said.hits.signs


def _less(said: Said) -> Iterator[str]:
    for name, answer in LESS.items():
        if name == "geo_claims" and "geo" not in said.hits.signs:
            continue
        for start, end in said.hits.signs.get(name, ()):
            if not _is_doubted(said, start if name in STATES else end):
                yield answer


def _is_doubted(said: Said, end: int) -> bool:
    """Tell whether something up to here leaves it open; what stands before a "but" does not."""
    words = said.sentence.folded[:end].split()
    last = max((n for n, word in enumerate(words) if word in said.language.but), default=-1)
    return _leaves_open(said.language, " ".join(words[last + 1 :]))


def _leaves_open(language: Language, front: str) -> bool:
    """Tell whether a condition stands anywhere in front, or a negation in the same clause."""
    clause = front.rpartition(",")[2].strip()
    if clause.partition(" ")[0] in language.that:
        clause = front
    return language.before.occur(front) or language.negations.occur(clause)


def _is_hedged(said: Said) -> bool:
    """Tell whether it claims a removal if its exceptions are left aside."""
    for name, start, end in said.hits.claims:
        doubted = _is_doubted(said, start) if name == "some" else _is_left_open(said, end)
        if not doubted:
            return True
    return False


def _is_sure(said: Said, name: str, start: int, end: int) -> bool:
    if name == "some" or (name == "pronoun" and not _names_content(said, start)):
        return False
    if _is_left_open(said, end) or not _is_plainly_led(said, start):
        return False
    return not said.language.after.occur(said.sentence.folded[end:])


def _is_left_open(said: Said, end: int) -> bool:
    is_quoted = not _QUOTED.isdisjoint(said.sentence.written)
    return is_quoted or _leaves_open(said.language, said.sentence.folded[:end])


def _is_plainly_led(said: Said, start: int) -> bool:
    """Tell whether only words of the list lead to a claim, from the beginning of its clause.

    With "that" in front of the claim, from the beginning of the sentence.
    """
    front = said.sentence.folded[:start]
    clause = front.rpartition(",")[2].split()
    if clause and clause[0] in said.language.that:
        clause = front.replace(",", " ").split()
    return all(word in said.language.lead or word in said.language.that for word in clause)


def _names_content(said: Said, start: int) -> bool:
    """Tell whether "it" can be the material: named earlier, or in the sentence in front."""
    earlier = said.sentence.folded[:start] + (f" {said.before.folded}" if said.before else "")
    return not said.language.content.isdisjoint(earlier.split())
