"""After a database was restored: what it would send may have left since the copy was made.

Nothing is sent until a person says so. Mails that were open become unconfirmed, and the archive
tells which of them left; reminders that were due in between wait for a person.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import Organisation
from audit.chain import record
from audit.models import AuditEntry
from notices import archive
from notices.models import Delivery, Reminder
from notices.states import NOT_CLAIMED, DeliveryState, ReminderKind, ReminderState

OPEN = (*NOT_CLAIMED, DeliveryState.SENDING)


@dataclass(frozen=True)
class InDoubt:
    """`as_of` is the last act that this database knows; `unknown` counts mails in the archive that
    left later and are nowhere in it.
    """

    as_of: datetime | None
    deliveries: int
    reminders: list[str]
    unknown: int


def mark_in_doubt(at: datetime) -> InDoubt:
    """Stop sending, and put everything that would leave by itself before the archive or a person.

    No worker may run. Twice is harmless.
    """
    as_of = AuditEntry.objects.aggregate(newest=Max("at"))["newest"]
    unknown = _unknown(as_of) if as_of else 0
    with transaction.atomic():
        going = Organisation.objects.filter(sending_stopped_at=None)
        going.update(sending_stopped_at=at, sending_stopped_by="after_restore")
        deliveries = Delivery.objects.filter(state__in=OPEN).update(
            state=DeliveryState.UNCONFIRMED, lease_until=None, handed_over_at=None
        )
        reminders = _hold_reminders(at)
        record("database.restored", None, None, at=at, deliveries=deliveries)
    return InDoubt(as_of, deliveries, reminders, unknown)


def _hold_reminders(at: datetime) -> list[str]:
    """Let a person send what its clock would send now: it may have left as another mail."""
    due = Reminder.objects.filter(
        state=ReminderState.PLANNED, kind=ReminderKind.CHASE, due_at__lte=at
    )
    codes = sorted(due.values_list("notice__code", flat=True))
    due.update(state=ReminderState.PROPOSED)
    return codes


def _unknown(as_of: datetime) -> int:
    filed = set(archive.filed_after(as_of))
    return len(filed - set(Delivery.objects.values_list("message_id", flat=True)))
