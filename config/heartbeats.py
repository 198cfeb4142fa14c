"""Lets every recurring job leave a sign of life, and beat one of its own."""

from typing import Any

from celery.signals import (
    after_task_publish,
    beat_init,
    task_failure,
    task_prerun,
    task_success,
    worker_ready,
)
from django.db import connections

from config.celery import BEAT_TABLE
from insights.health import heartbeats

RECURRING = frozenset(row["task"] for row in BEAT_TABLE.values())


@task_prerun.connect
def _began(task: Any, **_: Any) -> None:
    if task.name in RECURRING:
        heartbeats.began(task.name)


@task_success.connect
def _ended(sender: Any, result: Any, **_: Any) -> None:
    if sender.name in RECURRING:
        heartbeats.ended(sender.name, result if isinstance(result, int) and result > 0 else 0)


@task_failure.connect
def _failed(sender: Any, exception: BaseException, **_: Any) -> None:
    if sender.name in RECURRING:
        heartbeats.failed(sender.name, exception)


@worker_ready.connect
def _came_up(**_: Any) -> None:
    _alive(heartbeats.WORKER)


@beat_init.connect
def _listen_to_beat(**_: Any) -> None:
    """Note in beat's own process that it publishes: a nudge from elsewhere proves nothing of it."""
    heartbeats.known(RECURRING)
    _published()
    after_task_publish.connect(_published)


def _published(**_: Any) -> None:
    _alive(heartbeats.BEAT)


def stood_in() -> None:
    """Note that beat does the work itself: it lives, though nobody takes what it publishes."""
    _alive(heartbeats.BEAT)
    _alive(heartbeats.STAND_IN)


def _alive(name: str) -> None:
    heartbeats.alive(name)
    # These processes ask the database for nothing else, and their children must not inherit it.
    connections.close_all()
