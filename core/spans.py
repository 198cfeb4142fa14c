"""Lengths of time in words, and what a deadline chip says. Pure: moments in, words out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Below this, hours are read more exactly than days: "31 h late" says more than "1 d late".
HOURS_UNTIL = timedelta(hours=72)
SOON = timedelta(hours=24)
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Chip:
    words: str
    family: str
    elapsed: int
    """Share of the period that is over, 0 to 100."""


def chip(due_at: datetime, at: datetime, start: datetime | None = None, kind: str = "") -> Chip:
    """Say where a deadline stands at `at`.

    A target of one's own (`kind` "policy") is never called late: only a law or a promise can be.
    """
    left = due_at - at
    if left < timedelta(0):
        if kind == POLICY:
            return Chip(_("past our target"), "past", 100)
        return Chip(_("%(span)s late") % {"span": short(-left)}, "over", 100)
    family = "soon" if left <= SOON else "wait"
    return Chip(_("%(span)s left") % {"span": short(left)}, family, _elapsed(due_at, at, start))


def short(span: timedelta) -> str:
    """Return `40 min`, `31 h` or `3 d`: whole units, rounded down, at least one minute."""
    span = abs(span)
    if span < HOUR:
        return _("%(n)d min") % {"n": max(1, int(span.total_seconds() // 60))}
    if span < HOURS_UNTIL:
        return _("%(n)d h") % {"n": span // HOUR}
    return _("%(n)d d") % {"n": span // DAY}


def long(span: timedelta) -> str:
    """Return `40 minutes`, `31 hours` or `3 days`."""
    span = abs(span)
    if span < HOUR:
        n = max(1, int(span.total_seconds() // 60))
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    if span < HOURS_UNTIL:
        n = span // HOUR
        return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}
    n = span // DAY
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _elapsed(due_at: datetime, at: datetime, start: datetime | None) -> int:
    if start is None or due_at <= start:
        return 0
    return max(0, min(100, round(100 * ((at - start) / (due_at - start)))))
