"""F13 to F15: Redis emptied, frozen, or away; and a whole worker killed. The database knows all."""

import os
import signal
from contextlib import contextmanager
from time import monotonic

import pytest
import redis
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config import celery
from core import clock
from notices import tasks
from notices.models import Delivery
from tests.faults import figures
from tests.faults.sending.test_workers import size, work
from tests.notices.delivery import outbox, workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# Beat ticks every 15 s; a loaded machine takes a while to start its programs.
SWEPT_WITHIN, STARTED_WITHIN = 30, 60


@pytest.fixture
def broker():
    if not os.environ.get("REDIS_URL"):
        pytest.skip("needs REDIS_URL: run bin/test")
    found = redis.Redis.from_url(os.environ["REDIS_URL"])
    found.flushdb()
    celery.Nudge._silent_until = 0.0
    yield found
    found.flushdb()
    celery.Nudge._silent_until = 0.0


@contextmanager
def frozen(broker):
    pid = broker.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def queue(n):
    case = outbox.case()
    for _ in range(n):
        outbox.delivery(outbox.notice(case))


def unsent():
    return Delivery.objects.exclude(state="sent").count()


def until_all_sent(seconds):
    """Wait; return how long it took, or twice as long as allowed."""
    began = monotonic()
    is_done = workers.until(workers.all_sent, seconds)
    return monotonic() - began if is_done else 2.0 * seconds


def counted(sink):
    found = workers.sums(sink)
    found["lost"] += unsent()
    return found


def a_mail_leaves(sink, folder):
    """Wait until the programs that were just started do their work."""
    before = len(sink.accepted)
    queue(1)
    tasks.send_due.delay()
    assert workers.until(lambda: len(sink.accepted) > before, STARTED_WITHIN), (
        folder / "worker.log"
    ).read_text()[-2000:]


@size(30, 400)
def test_f13_redis_is_emptied_in_the_middle(sink, broker, tmp_path, n):
    log = tmp_path / "worker.log"
    with workers.celery_worker(sink, log), workers.celery_beat(sink, tmp_path):
        a_mail_leaves(sink, tmp_path)
        queue(n)
        tasks.send_due.delay()
        broker.flushall()
        seconds = until_all_sent(SWEPT_WITHIN + n / 5)
    note = f"all left {seconds:.0f} s after"
    figures.report("F13 Redis emptied", n=n + 1, note=note, **counted(sink))


@size(8, 60)
def test_f14_redis_is_frozen_while_people_save(sink, broker, tmp_path, n):
    """Each page that asks a worker to look now answers within a second, and saves."""
    case = outbox.case()
    notices = [outbox.notice(case) for _ in range(n)]
    for notice in notices:
        outbox.approval(notice)
    person = Client()
    person.force_login(User.objects.get(role="coordinator"))
    person.get(reverse("notices:outbox"))
    took, refused = [], 0
    with frozen(broker):
        for notice in notices:
            celery.Nudge._silent_until = 0.0  # the worst case: nobody has noticed yet
            began = monotonic()
            answer = person.post(reverse("notices:send", args=[notice.code]))
            took.append(monotonic() - began)
            refused += answer.status_code != 302
    saved = Delivery.objects.count()
    celery.Nudge._silent_until = 0.0
    with workers.celery_worker(sink, tmp_path / "worker.log"):
        tasks.send_due.delay()
        until_all_sent(STARTED_WITHIN + n)
    found = counted(sink)
    found["lost"] += n - saved
    found["wrong"] += refused
    slow = sorted(took)[int(0.95 * (n - 1))]
    figures.report("F14 Redis frozen", n=n, note=f"saved in {slow:.2f} s (p95)", **found)
    assert slow <= 1


@size(20, 200)
def test_f15_redis_is_away_for_the_whole_run(sink, broker, tmp_path, n):
    """Beat does the ticks itself while it reaches no broker."""
    queue(n)
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0"}
    with workers.celery_beat(sink, tmp_path, **nowhere):
        seconds = until_all_sent(STARTED_WITHIN + n)
    figures.report("F15 Redis away", n=n, note=f"all left in {seconds:.0f} s", **counted(sink))


def the_one_at_work(first, second, sink):
    """Return the worker that sends at this moment: where the first is stopped, nothing moves."""
    os.killpg(first.pid, signal.SIGSTOP)
    workers.until(lambda: False, 0.5)  # what was on its way arrives
    accepted = len(sink.accepted)
    if workers.until(lambda: len(sink.accepted) > accepted, 1.5):
        os.killpg(first.pid, signal.SIGCONT)
        return second
    return first


def let_leases_run_out():
    """Let the minute pass after which a dead worker's claims are given up."""
    Delivery.objects.filter(state="sending").update(lease_until=clock.due_now())


def waiting_workers(broker):
    return sum(client["cmd"] == "brpop" for client in broker.client_list())


@pytest.mark.long
@pytest.mark.parametrize("n", [600])
def test_the_work_of_a_worker_killed_whole_goes_on_within_fifteen_seconds(
    sink, broker, tmp_path, n
):
    first = workers.celery_worker(sink, tmp_path / "worker.log")
    second = workers.celery_worker(sink, tmp_path / "second.log")
    with first as one, second as other, workers.celery_beat(sink, tmp_path):
        a_mail_leaves(sink, tmp_path)
        assert workers.until(lambda: waiting_workers(broker) == 2, STARTED_WITHIN)
        before = len(sink.accepted)
        queue(n)
        assert workers.until(lambda: len(sink.accepted) > before + 3, STARTED_WITHIN)
        killed = the_one_at_work(one, other, sink)
        os.killpg(killed.pid, signal.SIGKILL)
        began, accepted = monotonic(), len(sink.accepted)
        assert Delivery.objects.filter(state="held").exists(), "nothing was left to go on with"
        assert workers.until(lambda: len(sink.accepted) > accepted, STARTED_WITHIN)
        seconds = monotonic() - began
        workers.until(lambda: Delivery.objects.filter(state="held").count() == 0, 60 + n)
    let_leases_run_out()
    assert workers.end(workers.start(work)) == 0
    note = f"went on after {seconds:.1f} s"
    figures.report("F1 whole worker killed", n=n + 1, note=note, **counted(sink))
    assert seconds <= 15
