"""Looking after whoever opens live pages: a number that only she sees, and a word about a pause."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.chain import record
from audit.models import AuditEntry
from cases.models import Link

OPENED = "link.opened"
MANY = 10
LONG = timedelta(minutes=45)
# So long without opening anything counts as a pause.
PAUSE = timedelta(minutes=15)


def note_opening(link: Link, user: User, at: datetime) -> None:
    with transaction.atomic():
        record(OPENED, user, link, at=at)


def openings_today(user: User, at: datetime) -> list[datetime]:
    """Return when this person opened live pages today, in her own zone, oldest first."""
    local = timezone.localtime(at, user.local_zone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    mine = AuditEntry.objects.filter(actor_id=user.pk, verb=OPENED, at__gte=midnight)
    return list(mine.order_by("number").values_list("at", flat=True))


def suggests_pause(opened: Sequence[datetime], at: datetime) -> bool:
    """Tell whether a pause would be good: ten pages, or 45 minutes, without one. Pure."""
    stretch: list[datetime] = []
    for moment in opened:
        if stretch and moment - stretch[-1] >= PAUSE:
            stretch = []
        stretch.append(moment)
    if not stretch or at - stretch[-1] >= PAUSE:
        return False
    return len(stretch) >= MANY or at - stretch[0] >= LONG
