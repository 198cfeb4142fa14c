"""What is due at one moment, job by job: how much, since when, and the first few codes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat

from accounts.models import Organisation, User
from cases.checker import planning, switching
from cases.models import Link
from insights.digests import timing
from insights.models import DigestMail
from notices.models import Delivery, ReceivedMail, Reminder
from notices.states import NOT_CLAIMED, DeliveryState, MailState, ReminderState

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Due:
    job: str
    count: int
    since: datetime | None
    codes: list[str]


def at(moment: datetime) -> list[Due]:
    return [_due(job, *find(moment)) for job, find in _FINDERS.items()]


def _due(job: str, rows: QuerySet[Any], since: str = "", code: Any = None) -> Due:
    """Read one job's rows, the oldest first; `code` is what a row may be called by, if anything."""
    ordered = rows.order_by(since or "pk")
    codes = list(ordered.values_list(code, flat=True)[:SHOWN]) if code else []
    first = ordered.values_list(since, flat=True).first() if since else None
    return Due(job, rows.count(), first, codes)


def _mail(moment: datetime) -> tuple[Any, ...]:
    rows = Delivery.objects.filter(state__in=NOT_CLAIMED, due_at__lte=moment)
    return rows, "due_at", "notice__code"


def _left_behind(moment: datetime) -> tuple[Any, ...]:
    rows = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=moment)
    return rows, "lease_until", "notice__code"


def _unconfirmed(moment: datetime) -> tuple[Any, ...]:
    rows = Delivery.objects.filter(state=DeliveryState.UNCONFIRMED)
    return rows, "handed_over_at", "notice__code"


def _received(moment: datetime) -> tuple[Any, ...]:
    rows = ReceivedMail.objects.filter(state=MailState.STORED, next_try_at__lte=moment)
    return rows, "next_try_at"


def _reminders(moment: datetime) -> tuple[Any, ...]:
    rows = Reminder.objects.filter(state=ReminderState.PLANNED, due_at__lte=moment)
    return rows, "due_at", "notice__code"


def _looks(moment: datetime) -> tuple[Any, ...]:
    """Return what the checker would look at: nothing where it is off, or may not go."""
    open_now = Link.objects.filter(planning.open_to_checker(), next_check_at__lte=moment)
    rows = open_now if switching.may_visit(Organisation.current()) else open_now.none()
    name = Concat(F("case__code"), Value(" link "), F("number"), output_field=CharField())
    return rows, "next_check_at", name


def _digests(moment: datetime) -> tuple[Any, ...]:
    """Return the seats whose digest of this day is not made yet."""
    seats = User.objects.filter(is_active=True)
    days = {user.pk: timing.day_of(user, moment) for user in seats}
    made = set(DigestMail.objects.filter(user__in=days).values_list("user_id", "day"))
    due = [pk for pk, day in days.items() if day and (pk, day) not in made]
    return (seats.filter(pk__in=due),)


_FINDERS: dict[str, Callable[[datetime], tuple[Any, ...]]] = {
    "mail to send": _mail,
    "mail of dead workers": _left_behind,
    "mail in doubt": _unconfirmed,
    "received mail to read": _received,
    "reminders": _reminders,
    "links to look at": _looks,
    "digests": _digests,
}
