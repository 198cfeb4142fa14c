"""What every page has to know, in one question to the database: is anything delayed or silent?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from insights.health import POLL, fetches_mail, has_door
from insights.health.heartbeats import BEAT, DOOR
from insights.models import Heartbeat
from notices.delivery import overdue
from notices.models import ReceivedMail
from notices.states import MailState

# As long as this nobody need be told: a restart takes as long.
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """`silent_since` is empty while ticks come and are done."""

    sending_is_delayed: bool = False
    receiving_is_delayed: bool = False
    silent_since: datetime | None = None


def standing(at: datetime) -> Standing:
    found: Any = Organisation.objects.annotate(
        mail_waits=Exists(overdue(at)),
        post_waits=Exists(unread(at)),
        polled_at=_moment(Coalesce("ended_at", "known_at"), job=POLL),
        beat_at=_moment(F("began_at"), job=BEAT),
        door_at=_moment(F("began_at"), job=DOOR),
        work_at=Subquery(_last_sign_of_workers()),
    ).first()
    return _standing(found, at) if found else Standing()


def unread(at: datetime) -> Any:
    """Return mail that somebody should have tried to understand by now."""
    return ReceivedMail.objects.filter(state=MailState.STORED, next_try_at__lt=at - PATIENCE)


def _standing(found: Any, at: datetime) -> Standing:
    limit = at - PATIENCE
    silent_since = min(found.beat_at or found.set_up_at, found.work_at or found.set_up_at)
    ways = [found.polled_at or found.set_up_at] if fetches_mail() else []
    ways += [found.door_at or found.set_up_at] if has_door(found.door_at) else []
    return Standing(
        sending_is_delayed=found.mail_waits and found.sending_stopped_at is None,
        receiving_is_delayed=found.post_waits or any(last < limit for last in ways),
        silent_since=silent_since if silent_since < limit else None,
    )


def _moment(read: Any, job: str) -> Subquery:
    return Subquery(Heartbeat.objects.filter(job=job).values(moment=read)[:1])


def _last_sign_of_workers() -> Any:
    signs = Heartbeat.objects.exclude(job__in=[BEAT, DOOR]).order_by(
        F("began_at").desc(nulls_last=True)
    )
    return signs.values("began_at")[:1]
