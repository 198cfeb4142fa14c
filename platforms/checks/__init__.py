"""The numbered rules that a catalogue has to pass before any of it goes live."""

from . import law, platforms, rest, shape
from .base import RULES, Catalogue, Mistake
from .rest import counts

__all__ = ["RULES", "Catalogue", "Mistake", "broken_rules", "counts"]

_MODULES = (shape, law, platforms, rest)
# Each stage stands on the one before: rules past 5 need rows of the right shape, and the examples
# need patterns that compile.
_STAGES = (range(1, 6), (*range(6, 33), 34), (33,))


def broken_rules(catalogue: Catalogue) -> list[Mistake]:
    """All mistakes of the first stage that has any, by file and line."""
    for stage in _STAGES:
        found = {mistake for number in stage for mistake in RULES[number](catalogue)}
        if found:
            return sorted(found)
    return []
