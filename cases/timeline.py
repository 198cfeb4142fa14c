"""What happened in a case, a sentence an entry. One maker; every page reads the same rows."""

import secrets
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from accounts.models import User
from cases.models import Case, TimelineEvent
from cases.states import EventShape

SHAPES: dict[str, EventShape] = {
    "notice.sent": EventShape.SENT,
    "reply.received": EventShape.RECEIVED,
    "reply.filed": EventShape.RECEIVED,
    "link.gone": EventShape.GONE,
    "link.back_again": EventShape.LINK,
    "link.checked": EventShape.LINK,
    "link.added": EventShape.LINK,
    "contact.shown": EventShape.CONTACT,
    "name.shown": EventShape.CONTACT,
    "contact.changed": EventShape.CONTACT,
    "contact.confirmed": EventShape.CONTACT,
    "reminder.sent": EventShape.SENT,
    "notice.answered": EventShape.SENT,
    "link.removed": EventShape.LINK,
    "link.check_undone": EventShape.LINK,
    "link.changed": EventShape.LINK,
    "notice.late": EventShape.DEADLINE,
    "notice.bounced": EventShape.RECEIVED,
}
ONLY_LOOKED = frozenset({"contact.shown", "name.shown"})


def add(
    case: Case,
    kind: str,
    actor: User | None,
    at: datetime,
    *,
    subject: Any = None,
    params: dict[str, Any] | None = None,
) -> TimelineEvent:
    """Write one entry. `params` and any text in them are encrypted under the case's key.

    The case moves to the top of the lists, except for a mere look at it.
    """
    if kind not in ONLY_LOOKED:
        case.changed_at = at
        Case.objects.filter(pk=case.pk).update(changed_at=at)
    made = entry(case, kind, actor, at, subject=subject, params=params)
    made.save(force_insert=True)
    return made


def entry(
    case: Case,
    kind: str,
    actor: User | None,
    at: datetime,
    *,
    subject: Any = None,
    params: dict[str, Any] | None = None,
) -> TimelineEvent:
    """Return an entry that is not stored yet."""
    return TimelineEvent(
        id=_next_id(),
        case=case,
        key_id=case.key_id,
        at=at,
        kind=kind,
        shape=SHAPES.get(kind, EventShape.INTERNAL),
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "",
        subject_type=type(subject).__name__ if subject is not None else "",
        subject_id=subject.pk if isinstance(getattr(subject, "pk", None), UUID) else None,
        subject_code=str(getattr(subject, "code", "")),
        params=params or {},
    )


_order = count()


def _next_id() -> UUID:
    """Return a random id that begins with a count.

    Entries of one transaction share their moment, and lists are read by (moment, id): without the
    count, "opened" and "added 3 links" would stand in any order.
    """
    return UUID(int=(next(_order) % 2**32) << 96 | secrets.randbits(96))
