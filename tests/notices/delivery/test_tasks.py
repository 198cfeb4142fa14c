"""What beat asks for exists under exactly that name, and a worker's tick does the work."""

import pytest

from config.celery import BEAT_TABLE, app
from notices import tasks


def test_every_tick_of_beat_has_its_task():
    app.loader.import_default_modules()
    assert {row["task"] for row in BEAT_TABLE.values()} <= set(app.tasks)


@pytest.mark.django_db
def test_the_ticks_send_and_clear_up(due, sink):
    assert tasks.send_due() == 1
    assert tasks.reconcile_unconfirmed() == 0
    assert len(sink.accepted) == 1


@pytest.mark.django_db
def test_ticks_without_work_or_set_up_do_nothing(db):
    assert (tasks.send_due(), tasks.reconcile_unconfirmed()) == (0, 0)


def test_a_nudge_carries_nothing(monkeypatch):
    sent = []
    monkeypatch.setattr(
        tasks.send_due, "delay", lambda *args, **kwargs: sent.append((args, kwargs))
    )
    tasks.nudge()
    assert sent == [((), {})]
