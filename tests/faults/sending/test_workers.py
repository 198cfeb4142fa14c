"""F1 and F2: workers are killed while they send, anywhere, and exactly where it hurts."""

import os
import random
import signal
from datetime import timedelta
from time import monotonic, sleep

import pytest

from notices.models import Delivery
from notices.sending import claiming, rounds
from tests.faults import figures
from tests.notices.delivery import outbox, workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LEASE = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _short_leases(monkeypatch):
    """Let a dead worker's claim run out soon; a live one that loses it is called back."""
    monkeypatch.setattr(claiming, "LEASE", LEASE)


def work():
    rounds.send_due()
    rounds.reconcile_unconfirmed()


def size(few: int, many: int):
    return pytest.mark.parametrize(
        "n", [pytest.param(few, id="few"), pytest.param(many, id="many", marks=pytest.mark.long)]
    )


@size(20, 400)
def test_f1_random_workers_killed_again_and_again(sink, n):
    case = outbox.case()
    for _ in range(n):
        outbox.delivery(outbox.notice(case))
    chance, kills, most = random.Random(n), 0, 8 if n == 20 else 60
    running = [workers.start(work) for _ in range(3)]
    ends = monotonic() + 30 + n
    while not workers.all_sent() and monotonic() < ends:
        sleep(chance.uniform(0.1, 0.35))
        place = chance.randrange(3)
        if kills < most:
            os.kill(running[place], signal.SIGKILL)
            kills += 1
            workers.end(running[place])
            running[place] = workers.start(work)
        for index, pid in enumerate(running):
            if os.waitpid(pid, os.WNOHANG)[0]:
                running[index] = workers.start(work)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
        workers.end(pid)
    unsent = Delivery.objects.exclude(state="sent").count()
    found = workers.sums(sink)
    found["lost"] += unsent
    figures.report("F1 random kills", n=n, note=f"{kills} kills", **found)
    assert kills >= 5


@size(3, 100)
@pytest.mark.parametrize("point", ["after_claim", "after_250", "before_commit"])
def test_f2_killed_at_the_three_places_that_hurt(monkeypatch, sink, point, n):
    monkeypatch.setattr(claiming, "LEASE", timedelta(0))
    case = outbox.case()
    killed = 0
    for _ in range(n):
        outbox.delivery(outbox.notice(case))
        killed += workers.one_round(point) == workers.KILLED
    for _ in range(3):
        assert workers.end(workers.start(work)) == 0
    found = workers.sums(sink)
    found["lost"] += Delivery.objects.exclude(state="sent").count()
    figures.report(f"F2 killed {point}", n=n, **found)
    assert killed == n
