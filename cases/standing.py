"""Where a case stands, in words for the telephone and as a list of what is still missing. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.link_states import LinkState


class Counts(NamedTuple):
    total: int
    gone: int
    attention: int
    written: int
    back: int
    online: int


class Missing(NamedTuple):
    words: str
    url_name: str
    is_there: bool


WRITTEN_TO = frozenset(LinkState) - {LinkState.TO_DO}
ATTENTION = frozenset({LinkState.ONLINE, LinkState.BACK, LinkState.UNCLEAR})


def count(states: Sequence[LinkState]) -> Counts:
    tally = Counter(states)
    return Counts(
        total=len(states),
        gone=tally[LinkState.GONE],
        attention=sum(tally[state] for state in ATTENTION),
        written=sum(tally[state] for state in WRITTEN_TO),
        back=tally[LinkState.BACK],
        online=tally[LinkState.ONLINE],
    )


def sentence(states: Iterable[LinkState], *, paused: bool = False) -> str:
    """Say on the phone where things stand: true, short, no promise, no name of a platform."""
    counts = count(list(states))
    if not counts.total:
        return _("We have no links yet. Send them whenever it suits you.")
    parts = [_first(counts)]
    if counts.gone:
        parts.append(ngettext("%(n)s is gone.", "%(n)s are gone.", counts.gone) % _n(counts.gone))
    if counts.online:
        words = ngettext("%(n)s is still online.", "%(n)s are still online.", counts.online)
        parts.append(words % _n(counts.online))
    if counts.back:
        words = ngettext("%(n)s came back.", "%(n)s came back.", counts.back)
        parts.append(words % _n(counts.back))
    parts.append(_last(counts, paused))
    return " ".join(part for part in parts if part)


def _first(counts: Counts) -> str:
    if not counts.written:
        words = ngettext(
            "We know of %(n)s place and have not written yet.",
            "We know of %(n)s places and have not written yet.",
            counts.total,
        )
        return words % _small(counts.total)
    words = ngettext("We wrote about %(n)s place.", "We wrote about %(n)s places.", counts.written)
    return words % _small(counts.written)


def _last(counts: Counts, paused: bool) -> str:
    if paused:
        return _("Everything is paused, as you asked.")
    if counts.gone == counts.total:
        return _("You do not need to do anything.")
    return _("We go on asking. You do not need to do anything.") if counts.written else ""


def _n(n: int) -> dict[str, str]:
    return {"n": _word(n).capitalize()}


def _small(n: int) -> dict[str, str]:
    return {"n": _word(n)}


def _word(n: int) -> str:
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"),
        _("eight"), _("nine"), _("ten"),
    )  # fmt: skip
    return words[n] if n < len(words) else str(n)
