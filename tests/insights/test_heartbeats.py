"""Signs of life: written by every recurring job, cheaply, and never a reason for it to fail."""

from datetime import timedelta

import pytest
from celery.signals import task_failure, task_prerun, task_success
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from config import heartbeats as wiring
from insights.health import heartbeats
from insights.models import Heartbeat
from notices import tasks

pytestmark = pytest.mark.django_db
JOB = "notices.tasks.send_due"


def test_a_run_leaves_when_it_began_when_it_ended_and_what_it_found(frozen):
    began_at = frozen.now
    task_prerun.send(sender=tasks.send_due, task=tasks.send_due)
    ended_at = frozen.shift(seconds=3)
    task_success.send(sender=tasks.send_due, result=7)
    row = Heartbeat.objects.get()
    assert (row.job, row.began_at, row.ended_at, row.found) == (JOB, began_at, ended_at, 7)


def test_a_failure_keeps_the_last_good_end_and_only_the_name_of_the_error(frozen):
    good = frozen.now
    heartbeats.ended(JOB, 0)
    frozen.shift(seconds=15)
    task_failure.send(sender=tasks.send_due, exception=ValueError("robin@x.example"))
    row = Heartbeat.objects.get()
    assert (row.ended_at, row.trouble) == (good, "ValueError")
    frozen.shift(seconds=1)
    heartbeats.ended(JOB, 0)
    row.refresh_from_db()
    assert (row.ended_at, row.trouble) == (frozen.now, "")


def test_a_storm_of_nudges_writes_the_row_once_in_five_seconds(frozen):
    heartbeats.began(JOB)
    first = frozen.now
    frozen.shift(seconds=4)
    heartbeats.began(JOB)
    assert Heartbeat.objects.get().began_at == first
    frozen.shift(seconds=2)
    heartbeats.began(JOB)
    assert Heartbeat.objects.get().began_at == frozen.now


def test_a_sign_costs_one_statement(frozen):
    heartbeats.began(JOB)
    frozen.shift(seconds=15)
    with CaptureQueriesContext(connection) as queries:
        heartbeats.began(JOB)
    assert len(queries) == 1


def test_a_database_that_refuses_fails_no_job(monkeypatch, caplog):
    def refuse(*args):
        raise OperationalError("robin@x.example")

    monkeypatch.setattr(heartbeats, "_note", refuse)
    task_success.send(sender=tasks.send_due, result=1)
    assert "heartbeat.not_written" in caplog.text
    assert "robin" not in caplog.text


def test_only_recurring_jobs_leave_signs(frozen):
    class Other:
        name = "cases.tasks.something_else"

    task_prerun.send(sender=Other, task=Other)
    assert not Heartbeat.objects.exists()


def test_beat_leaves_a_sign_of_its_own_for_what_it_publishes(frozen, monkeypatch):
    monkeypatch.setattr(wiring.connections, "close_all", lambda: None)
    wiring._published()
    assert Heartbeat.objects.get(job="beat").began_at == frozen.now


def test_two_workers_that_begin_the_first_run_together_make_one_row(frozen):
    at = frozen.now + timedelta(seconds=1)
    row = Heartbeat(job=JOB, began_at=at)
    Heartbeat.objects.bulk_create([row, row], ignore_conflicts=True)
    heartbeats.began(JOB)
    assert Heartbeat.objects.count() == 1
