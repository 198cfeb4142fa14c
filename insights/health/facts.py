"""What is known about the portal's workings at one moment, read once from the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db.models import Count, Min, Q

from accounts.models import Organisation
from cases.checker.switching import may_visit
from cases.models import Link
from core import clock
from insights.health import broker, fetches_mail, has_door
from insights.health.heartbeats import BEAT, DOOR, STAND_IN
from insights.models import Heartbeat
from notices.delivery import numbers
from notices.models import Delivery, ReceivedMail
from notices.states import DeliveryState, MailState


@dataclass(frozen=True, slots=True)
class Job:
    """A recurring job: how often it should run, and its last signs of life."""

    name: str
    key: str
    every: timedelta
    began_at: datetime | None = None
    ended_at: datetime | None = None
    found: int = 0
    trouble: str = ""
    known_at: datetime | None = None

    @property
    def since(self) -> datetime | None:
        """Return the last good end; of a job that never had one, when it became known."""
        return self.ended_at or self.known_at


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the signs are read from. `since` stands for signs that never came."""

    at: datetime
    since: datetime
    jobs: list[Job] = field(default_factory=list)
    beat_at: datetime | None = None
    work_at: datetime | None = None
    stood_in_at: datetime | None = None
    """When beat last did the work itself, because the queue took no order for a worker."""
    broker_answers: bool = True
    stopped_at: datetime | None = None
    mail_due_at: datetime | None = None
    unconfirmed: int = 0
    unconfirmed_since: datetime | None = None
    post_due_at: datetime | None = None
    fetches_mail: bool = False
    has_door: bool = False
    door_at: datetime | None = None
    quarantined: int = 0
    quarantined_since: datetime | None = None
    checker_on: bool = False
    look_due_at: datetime | None = None
    clock_ahead: timedelta = timedelta(0)
    """By how much this machine's clock is ahead of the database's."""


def gather(at: datetime) -> Facts:
    organisation = Organisation.current()
    beats = {row.job: row for row in Heartbeat.objects.all()}
    began = {job: row.began_at for job, row in beats.items()}
    signs = [at for job, at in began.items() if job not in {BEAT, DOOR} and at]
    return Facts(
        at=at,
        since=organisation.set_up_at if organisation else at,
        jobs=_jobs(beats),
        beat_at=began.get(BEAT),
        work_at=max(signs, default=None),
        stood_in_at=began.get(STAND_IN),
        broker_answers=broker.answers(),
        stopped_at=organisation.sending_stopped_at if organisation else None,
        checker_on=may_visit(organisation),
        fetches_mail=fetches_mail(),
        has_door=has_door(began.get(DOOR)),
        door_at=began.get(DOOR),
        look_due_at=Link.objects.aggregate(first=Min("next_check_at"))["first"],
        clock_ahead=clock.now() - clock.due_now(),
        **_outgoing(),
        **_incoming(),
    )


def _jobs(beats: Mapping[str, Heartbeat]) -> list[Job]:
    table = current_app.conf.beat_schedule
    return [_job(name, row, beats.get(row["task"])) for name, row in table.items()]


def _job(name: str, row: Mapping[str, object], beat: Heartbeat | None) -> Job:
    every = timedelta(seconds=float(str(row["schedule"])))
    if beat is None:
        return Job(name, str(row["task"]), every)
    return Job(
        name, beat.job, every, beat.began_at, beat.ended_at, beat.found, beat.trouble, beat.known_at
    )


def _outgoing() -> dict[str, Any]:
    doubtful = Delivery.objects.filter(state=DeliveryState.UNCONFIRMED)
    return {
        "mail_due_at": numbers().oldest_due_at,
        **doubtful.aggregate(unconfirmed=Count("pk"), unconfirmed_since=Min("handed_over_at")),
    }


def _incoming() -> dict[str, Any]:
    stored, aside = Q(state=MailState.STORED), Q(state=MailState.QUARANTINED)
    rows = ReceivedMail.objects.filter(stored | aside)
    return rows.aggregate(
        post_due_at=Min("next_try_at", filter=stored),
        quarantined=Count("pk", filter=aside),
        quarantined_since=Min("received_at", filter=aside),
    )
