"""The Celery app and the whole beat table.

Messages are nudges, "look now": the database knows what is due, and a tick finds what a lost nudge
would have told. So nothing here is asked to be durable, only to be quick to give up.
"""

import logging
import os
from pathlib import Path
from time import monotonic
from typing import Any

from celery import Celery, Task
from celery.signals import celeryd_init, setup_logging, worker_ready
from django.conf import settings
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
logger = logging.getLogger(__name__)

TICK_SECONDS = 15.0
# Seconds for which a broker that failed is left alone: a page never waits for it twice running.
BREAKER_SECONDS = 30.0
# A job handed out is offered again after this many seconds; every job ends well before.
VISIBILITY_SECONDS = 300

# A page that publishes waits for no one; a worker waits longer than its own blocking read.
# `max_retries` is about the connection: left alone, one attempt to publish took 7 s to fail.
PUBLISHER_PATIENCE = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3, "max_retries": 0}
WORKER_PATIENCE = {"socket_timeout": 5, "socket_connect_timeout": 2, "max_retries": None}


def _tick(task: str, seconds: float = TICK_SECONDS) -> dict[str, Any]:
    """Return a beat row; a tick that waited out its own interval is worth nothing."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds - 1}}


BEAT_TABLE = {
    "send what is due": _tick("notices.tasks.send_due"),
    "look at what is due": _tick("cases.tasks.check_due"),
    "remind whom a clock says to": _tick("notices.tasks.remind_due"),
    "look up what is unconfirmed": _tick("notices.tasks.reconcile_unconfirmed"),
    "read received mail": _tick("notices.tasks.understand_stored"),
    "ask the mailbox": _tick("notices.tasks.poll_mailbox", 60.0),
    "send digests to staff": _tick("insights.tasks.send_digests", 60.0),
}


class Nudge(Task):
    """A task whose publishing may fail without anybody being the worse for it."""

    abstract = True
    _silent_until = 0.0

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        options |= {"argsrepr": "", "kwargsrepr": ""}
        if options.get("producer") or self.app.conf.task_always_eager:
            return super().apply_async(args, kwargs, **options)
        if monotonic() < Nudge._silent_until:
            return None
        try:
            return super().apply_async(args, kwargs, **options)
        except (OperationalError, OSError) as error:
            Nudge._silent_until = monotonic() + BREAKER_SECONDS
            logger.warning("broker.unreachable %s, ticks carry on", type(error).__name__)
            return None


def _redis() -> dict[str, Any]:
    transport = {
        "visibility_timeout": VISIBILITY_SECONDS,
        # Without these two a job of a killed worker came back after 101 s instead of 7.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
        "health_check_interval": 15,
        **PUBLISHER_PATIENCE,
    }
    return {"broker_url": settings.REDIS_URL, "broker_transport_options": transport}


def _folder() -> dict[str, Any]:
    """Return the embedded broker: files in VAR_DIR, for one machine."""
    root = Path(settings.VAR_DIR) / "broker"
    folders = {name: root / name for name in ("queue", "control", "processed")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    transport = {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["processed"]),
    }
    return {"broker_url": "filesystem://localhost", "broker_transport_options": transport}


def _configuration() -> dict[str, Any]:
    return {
        **(_redis() if settings.REDIS_URL else _folder()),
        "beat_schedule": BEAT_TABLE,
        "beat_scheduler": "config.ticking:Ticker",
        "task_default_queue": "recourse",
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "task_acks_late": True,
        # Else a killed child counts as done. Loops are cut by the attempts in the database.
        "task_reject_on_worker_lost": True,
        "task_time_limit": 120,
        "task_soft_time_limit": 90,
        "task_publish_retry": False,
        # All three must agree, or a job runs twice.
        "visibility_timeout": VISIBILITY_SECONDS,
        "result_backend_transport_options": {"visibility_timeout": VISIBILITY_SECONDS},
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_soft_shutdown_timeout": 20,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_max_tasks_per_child": 200,
        # In KiB: a PDF that grew beyond reason costs one child, not the machine.
        "worker_max_memory_per_child": 400_000,
        "worker_enable_remote_control": False,
        "broker_connection_retry_on_startup": True,
        "timezone": "UTC",
        "enable_utc": True,
    }


app = Celery("recourse", task_cls=Nudge)
app.add_defaults(_configuration)
app.autodiscover_tasks()


@celeryd_init.connect
def _be_patient(conf: Any, **_: Any) -> None:
    if settings.REDIS_URL:
        conf.broker_transport_options = {**conf.broker_transport_options, **WORKER_PATIENCE}


@worker_ready.connect
def _look_at_once(**_: Any) -> None:
    """Ask for every tick as soon as a worker is up: one that died took the last ones with it."""
    for row in BEAT_TABLE.values():
        app.tasks[row["task"]].apply_async(**row["options"])


@setup_logging.connect
def _keep_the_logs_of_settings(**_: Any) -> None:
    """Stop Celery, by connecting at all, from logging beside the filtered lines of the settings."""
    # Ticks that found nothing, every few seconds, would bury the line that matters.
    for name in ("celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(name).setLevel(logging.WARNING)
