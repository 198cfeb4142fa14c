"""Where apps say how many things wait in their part of the navigation.

An app writes a module `badges.py` with functions wearing `@badge("notices")`; it is found by name.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple


class Badge(NamedTuple):
    words: str
    """What the badge shows, for example "7 overdue"; the count alone where the word is plain."""
    is_late: bool = False


BadgeOf = Callable[[Any, datetime], Badge | None]
_badges: dict[str, BadgeOf] = {}


def badge(place: str) -> Callable[[BadgeOf], BadgeOf]:
    """Register a function (person, moment) -> Badge or None for one place of the navigation."""

    def register(function: BadgeOf) -> BadgeOf:
        _badges[place] = function
        return function

    return register


def badge_for(place: str, person: Any, at: datetime) -> Badge | None:
    function = _badges.get(place)
    return function(person, at) if function else None
