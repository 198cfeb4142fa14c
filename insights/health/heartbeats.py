"""Signs of life: when each recurring job last began and ended well.

A sign that cannot be written down is no reason for a job to fail: it is logged and forgotten.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import Q

from core import clock
from insights.models import Heartbeat

logger = logging.getLogger(__name__)
# Not jobs of the beat table: that beat published something, that a worker came up, that the door
# for mail is open, and that beat did a worker's work.
BEAT, WORKER, DOOR, STAND_IN = "beat", "worker", "door", "stand_in"
# Nudges may call a job many times a second; its row is written no more often than this.
APART = timedelta(seconds=5)


def began(job: str) -> None:
    _write(job, Q(began_at=None), "began_at")


def ended(job: str, found: int) -> None:
    _write(job, Q(ended_at=None) | ~Q(trouble=""), "ended_at", found=found, trouble="")


def failed(job: str, error: BaseException) -> None:
    """Keep the name of the error alone: its words may carry what somebody wrote."""
    trouble = type(error).__name__[:60]
    _write(job, ~Q(trouble=trouble), "began_at", trouble=trouble)


def alive(name: str) -> None:
    _write(name, Q(began_at=None), "began_at")


def known(jobs: Iterable[str]) -> None:
    """Note that these jobs are to run from now on; of those noted before nothing changes."""
    try:
        at = clock.due_now()
        rows = [Heartbeat(job=job, known_at=at) for job in jobs]
        Heartbeat.objects.bulk_create(rows, ignore_conflicts=True)
    except Error as error:
        logger.warning("heartbeat.not_written %s", type(error).__name__)


def _write(job: str, changed: Q, field: str, **values: object) -> None:
    try:
        _note(job, changed, field, clock.due_now(), values)
    except Error as error:
        logger.warning("heartbeat.not_written %s %s", job, type(error).__name__)


def _note(job: str, changed: Q, field: str, at: datetime, values: dict[str, object]) -> None:
    """Update the row if that says something new; make it if there is none."""
    stale = changed | Q(**{f"{field}__lt": at - APART})
    rows = Heartbeat.objects.filter(job=job)
    if not rows.filter(stale).update(**{field: at}, **values):
        row = Heartbeat(job=job, known_at=at, **{field: at}, **values)
        Heartbeat.objects.bulk_create([row], ignore_conflicts=True)
