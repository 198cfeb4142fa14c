"""Several beats, several workers, clocks that are wrong: each reminder once, at its own moment."""

import subprocess
import sys
from datetime import timedelta
from shutil import which

import pytest
from django.db import connection

from core import clock
from notices import lifecycle
from notices.models import Delivery, Reminder
from notices.reminding import rounds
from tests import factories
from tests.faults.figures import report
from tests.notices.delivery import outbox, workers
from tests.notices.delivery.conftest import running_sink, sink

__all__ = ["running_sink", "sink"]

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
FEW, MANY = 6, 400
SIZES = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.long)]
ROUND = "import django; django.setup(); from notices.reminding import rounds; rounds.remind_due()"


@pytest.fixture(autouse=True)
def _real_server(people):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    factories.organisation()


def sent(count, hours):
    """Make notices that left so many hours ago; a reminder is due 72 hours after that."""
    at, case = clock.due_now(), outbox.case()
    for _ in range(count):
        notice = outbox.notice(case)
        outbox.approval(notice)
        lifecycle.mark_sent(notice, at - timedelta(hours=hours))


def until_nothing_is_due():
    while rounds.due(clock.due_now()).exists():
        rounds.remind_due()


def each_once(count):
    """Count reminders that were not made, were made or became a mail again, or became none."""
    made, mails = Reminder.objects.filter(state="made"), Delivery.objects.filter(kind="reminder")
    reminded = made.values("notice").distinct().count()
    mailed = mails.values("notice", "seq").distinct().count()
    twice = (made.count() - reminded) + (mails.count() - mailed)
    return {"n": count, "lost": count - reminded, "twice": twice, "wrong": abs(reminded - mailed)}


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("beats", [2, 4])
def test_f17_t8_several_beats_at_once_make_each_reminder_once(beats, count):
    sent(count, hours=73)
    codes = workers.together(*[until_nothing_is_due] * beats)
    assert codes == [0] * beats
    report(f"F17 {beats} beats at once", **each_once(count))


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("point", ["reminder_written", "reminder_made"])
def test_f17_a_worker_killed_before_the_commit_leaves_it_for_the_next_round(point, count):
    sent(count, hours=73)
    for _ in range(min(count, 20)):
        assert workers.end(workers.start(rounds.remind_due, point)) == workers.KILLED
    assert not Delivery.objects.filter(kind="reminder").exists()
    until_nothing_is_due()
    report(f"F17 killed, {point}", **each_once(count))


def test_f17_no_beat_for_three_days_and_then_each_fires_once():
    sent(3, hours=72 + 73)
    until_nothing_is_due()
    assert rounds.remind_due() == 0
    report("F17 three days without a beat", **each_once(3))


@pytest.mark.parametrize("count", SIZES)
def test_f18_wrong_clocks_of_workers_change_nothing(sink, count):
    """One clock an hour ahead, one behind, one a day behind, one 400 days ahead."""
    if which("faketime") is None:
        pytest.skip("needs faketime")
    sent(count, hours=73)
    sent(count, hours=71)
    planned = dict(Reminder.objects.values_list("notice", "due_at"))
    began = clock.due_now()
    for offset in ("+1h", "-1h", "-1d", "+400d"):
        command = ["faketime", "-f", offset, sys.executable, "-c", ROUND]
        run = subprocess.run(command, env=workers.environment(sink), cwd=workers.ROOT, timeout=300)
        assert run.returncode == 0
    by_these = Reminder.objects.filter(state="made").count()
    # A round ends in time: what these four left is due in the next one.
    until_nothing_is_due()
    made, ends = Reminder.objects.filter(state="made"), clock.due_now()
    wrong = sum(
        not planned[row.notice_id] == row.due_at <= began <= row.made_at <= ends for row in made
    )
    wrong += abs(Reminder.objects.filter(state="planned").count() - count)
    counted = each_once(count)
    counted["wrong"] += wrong
    report("F18 wrong clocks", **counted, note=f"{by_these} made by workers with wrong clocks")
    assert by_these > 0
