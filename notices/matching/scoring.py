"""How much a mail's signs say about the notice that it belongs to. Pure: codes in, a choice out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

SURE = 0.9
JUST_NOT_SURE = 0.89
# What each sign alone is worth; the best one counts, and each further one that agrees a little.
WORTH = {
    "reply_address": 1.0,
    "thread": 0.95,
    "ticket": 0.9,
    "nearly_reply_address": 0.85,
    "code_in_subject": 0.8,
    "code_in_text": 0.8,
    "one_open_notice": 0.7,
    "ticket_of_somebody": 0.6,
    "nearly_code": 0.6,
    "several_open_notices": 0.4,
}
CODE_OF_SENDER = 0.95
FURTHER_SIGN = 0.05
LINK = 0.2
# Two notices this close to each other are for a person to tell apart.
NEAR = 0.15
# Signs that point at one notice and no other; code in subject and text are one.
POINTERS = {
    "reply_address": "address",
    "nearly_reply_address": "address",
    "thread": "thread",
    "ticket": "ticket",
    "ticket_of_somebody": "ticket",
    "code_in_subject": "code",
    "code_in_text": "code",
}

Key = TypeVar("Key")
Signs = frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice(Generic[Key]):
    """The likeliest notice, or None. Only a sure one is attached without a person."""

    key: Key | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    is_sure: bool = False


def choose(found: Mapping[Key, Signs], *, may_act: bool) -> Choice[Key]:
    """Choose among notices by their signs; `may_act` is whether the sender may be believed."""
    ranked = sorted(found, key=lambda key: worth(found[key]), reverse=True)
    if not ranked:
        return Choice()
    best, others = ranked[0], ranked[1:]
    signs = found[best]
    doubts = [code for code, holds in (
        ("another_notice_too", any(_speaks_against(signs, found[other]) for other in others)),
        ("not_trusted", not may_act),
    ) if holds]  # fmt: skip
    confidence = worth(signs)
    if doubts:
        confidence = min(confidence, JUST_NOT_SURE)
    return Choice(best, confidence, (*_in_order(signs), *doubts), confidence >= SURE)


def worth(signs: Signs) -> float:
    """Return how sure these signs make it, from 0 to 1."""
    values = sorted((_worth(sign, signs) for sign in signs if sign in WORTH), reverse=True)
    if not values:
        return 0.0
    agreeing = len({POINTERS[sign] for sign in signs if sign in POINTERS})
    best = values[0] + FURTHER_SIGN * max(0, agreeing - 1)
    if "link_in_text" in signs:
        best += LINK
    # Only the address that nobody can guess is worth everything.
    return round(min(best, 1.0 if "reply_address" in signs else 0.99), 2)


def _worth(sign: str, signs: Signs) -> float:
    is_code = POINTERS.get(sign) == "code"
    return CODE_OF_SENDER if is_code and "sender_domain" in signs else WORTH[sign]


def _speaks_against(signs: Signs, other: Signs) -> bool:
    """Tell whether another notice is meant as well: by a sign of its own, or nearly as strongly."""
    if _pointers(other) - _pointers(signs):
        return True
    return worth(signs) - worth(other) < NEAR and not _pointers(other) < _pointers(signs)


def _pointers(signs: Signs) -> frozenset[str]:
    return frozenset(POINTERS[sign] for sign in signs if sign in POINTERS)


def _in_order(signs: Signs) -> list[str]:
    order = [*WORTH, "sender_domain", "link_in_text"]
    return sorted(signs & set(order), key=order.index)
