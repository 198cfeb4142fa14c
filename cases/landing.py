"""What was on its way when somebody stopped it: waited for, and named."""

from datetime import datetime
from time import monotonic, sleep
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

# Longer than a worker waits for its mail server.
WAIT_SECONDS = 25.0
LOOK_AGAIN_SECONDS = 0.25


class Landed(NamedTuple):
    """Codes of notices, with the moment of leaving; and those of which nobody knows."""

    left: list[tuple[str, datetime]]
    unknown: list[str]


def wait(notices: QuerySet[Any], since: datetime) -> Landed:
    """Wait, at most 25 s, until none of these is being handed over; tell what left after `since`.

    Never inside a transaction: it would not see what the workers write.
    """
    ends = monotonic() + WAIT_SECONDS
    while notices.filter(deliveries__state="sending").exists() and monotonic() < ends:
        sleep(LOOK_AGAIN_SECONDS)
    doubtful = Q(deliveries__state="sending") | Q(
        deliveries__state="unconfirmed", deliveries__log__at__gte=since
    )
    codes = notices.filter(doubtful).values_list("code", flat=True).distinct()
    return Landed(left_since(notices, since), sorted(codes))


def left_since(notices: QuerySet[Any], since: datetime) -> list[tuple[str, datetime]]:
    """Return what the far server took at `since` or later, a reminder as well as a notice.

    The log counts, and not the moment of the handing over, which may lie before `since`.
    """
    left = notices.filter(deliveries__state="sent", deliveries__log__at__gte=since)
    return list(left.values_list("code", "deliveries__sent_at").distinct().order_by("code"))
