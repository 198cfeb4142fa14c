"""Who wrote: addresses that nobody reads, and where to write instead."""

import re
from datetime import datetime
from email.utils import parseaddr

from notices import troubles
from notices.models import Notice
from platforms.models import Channel

_DEAF = (
    "noreply", "noreplies", "notreply", "donotreply", "dontreply", "nepasrepondre",
    "nerepondezpas", "noresponder", "norespond", "keineantwort", "nichtantworten",
    "nichtbeantworten", "geenantwoord", "nietantwoorden", "nietbeantwoorden", "nonrispondere",
    "mailerdaemon",
)  # fmt: skip


def is_deaf(sender: str) -> bool:
    """Tell whether answers to this address are read by nobody: `noreply@` and its like."""
    local = parseaddr(sender)[1].partition("@")[0].partition("+")[0].casefold()
    return any(word in re.sub(r"[^a-z]", "", local[:64]) for word in _DEAF)


def right_channel(notice: Notice, at: datetime) -> Channel | None:
    """Return the way by which this platform takes notices on this ground, by mail where it can."""
    open_ = [
        way.channel
        for way in troubles.others(notice, at)
        if not (way.is_to_be_confirmed or way.is_looked_up) and not is_deaf(way.now["address"])
    ]
    return min(open_, key=lambda channel: channel.medium != "email", default=None)
