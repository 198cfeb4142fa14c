"""Who wrote: addresses that nobody reads, and where to write instead."""

import re
from email.utils import parseaddr

from notices import law
from notices.models import Notice
from platforms.models import LOOKED_UP, TO_BE_CONFIRMED, Channel

_DEAF = re.compile(r"(do[._-]?)?not?[._-]?reply|no[._-]?responder|ne[._-]?pas[._-]?repondre")


def is_deaf(sender: str) -> bool:
    """Tell whether answers to this address are read by nobody: `noreply@` and its like."""
    local = parseaddr(sender)[1].partition("@")[0].lower()
    return bool(local) and _DEAF.match(local[:64]) is not None


def right_channel(notice: Notice) -> Channel | None:
    """Return the way by which this platform takes notices on this ground, by mail where it can."""
    served = set(law.ground(notice.ground).served_as)
    channels = notice.platform.channels.filter(retired=False).prefetch_related("edits")
    open_ = [
        channel
        for channel in channels.order_by("key")
        if served & set(channel.current("grounds") or ())
        and channel.current_address() not in ("", LOOKED_UP, TO_BE_CONFIRMED)
        and not is_deaf(channel.current_address())
    ]
    return min(open_, key=lambda channel: channel.medium != "email", default=None)
