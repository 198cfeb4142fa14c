"""The looks at a link as its page shows them: what a machine saw unchanged is one line. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from cases.checker import meaning
from cases.models import Check


@dataclass(frozen=True, slots=True)
class Run:
    """Looks that followed each other and saw the same; a person's look stands for itself."""

    newest: Check
    since: datetime
    looks: int

    @property
    def met(self) -> str:
        return meaning.said(self.newest.met)


def of(looks: Iterable[Check]) -> list[Run]:
    """Gather looks, newest first, into runs."""
    runs = []
    for _key, group in groupby(looks, key=_key_of):
        same = list(group)
        runs.append(Run(same[0], same[-1].at, len(same)))
    return runs


def _key_of(look: Check) -> tuple[object, ...]:
    if not look.by_machine or look.undone_at is not None:
        return ("alone", look.pk)
    return (look.result, look.met)
