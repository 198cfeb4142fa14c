"""Workers are killed where it hurts most; ticks alone bring everything to its end."""

import os
import random
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection

from cases import landing
from core import clock
from core.errors import RuleBroken
from notices import lifecycle
from notices.models import Delivery, Notice
from notices.sending import claiming, rounds
from tests import factories
from tests.notices.delivery import outbox, workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

POINTS = ("after_claim", "after_250", "before_commit")
FEW, MANY = 3, 100
SIZES = [
    pytest.param(FEW, id="few"),
    pytest.param(MANY, id="many", marks=pytest.mark.long),
]


@pytest.fixture(autouse=True)
def _real_server(settings, people, sink):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    settings.SEND_HOLD_SECONDS = 0
    factories.organisation()


@pytest.fixture
def leases_end_at_once(monkeypatch):
    """Let a killed worker's claim count as given up without a minute's wait."""
    monkeypatch.setattr(claiming, "LEASE", timedelta(0))


def tick():
    rounds.send_due()
    rounds.reconcile_unconfirmed()


@pytest.mark.parametrize("kills", SIZES)
@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_a_point_loses_nothing_and_sends_nothing_twice(
    leases_end_at_once, sink, point, kills
):
    case = outbox.case()
    for _ in range(kills):
        outbox.delivery(outbox.notice(case))
        assert workers.one_round(point) == workers.KILLED
    for _ in range(3):
        assert workers.one_round() == 0
        tick()
    assert workers.all_sent()
    assert Notice.objects.exclude(status="sent").count() == 0
    assert len(sink.accepted) == kills
    workers.assert_nothing_lost_or_twice(sink)


@pytest.mark.parametrize("point", POINTS[1:])
def test_what_a_killed_worker_had_handed_over_counts_from_then(leases_end_at_once, sink, point):
    delivery = outbox.delivery()
    workers.one_round(point)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.phase) == ("sending", "data")
    assert delivery.notice.status == "approved"
    tick()
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert delivery.sent_at == delivery.handed_over_at
    assert Notice.objects.get().sent_at == delivery.handed_over_at


def test_many_workers_on_one_row_send_it_once(sink):
    delivery = outbox.delivery()
    assert workers.together(*[rounds.send_due] * 4) == [0] * 4
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)
    assert sink.message_ids == [delivery.message_id]


@pytest.mark.parametrize(
    "mails", [pytest.param(24, id="few"), pytest.param(400, id="many", marks=pytest.mark.long)]
)
def test_many_workers_share_a_heap_without_a_double(sink, mails):
    case = outbox.case()
    for _ in range(mails):
        outbox.delivery(outbox.notice(case))
    while Delivery.objects.exclude(state="sent").exists():
        assert workers.together(*[rounds.send_due] * 3) == [0] * 3
    assert len(sink.accepted) == mails
    workers.assert_nothing_lost_or_twice(sink)


def test_after_the_stop_switch_commits_nothing_is_claimed(sink, people):
    from notices import delivery as verbs

    case = outbox.case()
    for _ in range(12):
        outbox.delivery(outbox.notice(case))
    pid = workers.start(rounds.send_due)
    workers.until(lambda: len(sink.accepted) >= 2, 10)
    at = clock.now()
    verbs.stop_sending(people.coordinator, at)
    landed = landing.wait(Notice.objects.all(), at)
    accepted = len(sink.accepted)
    assert landed.unknown == []
    assert workers.end(pid) == 0
    assert len(sink.accepted) == accepted
    assert Delivery.objects.filter(state="sent").count() == accepted
    assert Delivery.objects.filter(state="sending").count() == 0


@pytest.mark.parametrize(
    "times", [pytest.param(8, id="few"), pytest.param(200, id="many", marks=pytest.mark.long)]
)
def test_a_withdrawal_that_was_accepted_came_in_time(sink, people, times):
    chance = random.Random(times)
    for _ in range(times):
        delivery = outbox.delivery()
        pid = workers.start(rounds.send_due)
        sleep(chance.uniform(0, 0.08))
        notice = Notice.objects.select_related("case").get(pk=delivery.notice_id)
        try:
            lifecycle.withdraw(notice, people.coordinator, clock.now())
            withdrawn = notice.sent_at is None
        except RuleBroken:
            withdrawn = False
        assert workers.end(pid) == 0
        delivery.refresh_from_db()
        assert delivery.state == ("cancelled" if withdrawn else "sent")
        assert (delivery.message_id in sink.message_ids) is not withdrawn
    workers.assert_nothing_lost_or_twice(sink)


@pytest.mark.long
def test_a_storm_of_kills_and_emptied_brokers_loses_nothing(sink, tmp_path):
    """Run Celery's workers under fire. The nudges sent here stand for beat's ticks."""
    import redis

    mails, kills = 400, 20
    for _ in range(mails):
        outbox.delivery()
    broker = redis.Redis.from_url(os.environ["REDIS_URL"])
    for _ in range(kills):
        with workers.celery_worker(sink, tmp_path / "worker.log"):
            _nudge(3)
            broker.flushdb()
            goal = len(sink.accepted) + mails // (3 * kills)
            assert workers.until(lambda goal=goal: _nudge(1) and len(sink.accepted) >= goal, 90)
    with workers.celery_worker(sink, tmp_path / "worker.log"):
        assert workers.until(lambda: _nudge(1) and _time_passes() and workers.all_sent(), 400)
    workers.assert_nothing_lost_or_twice(sink)
    assert len(sink.accepted) == mails


def _nudge(times):
    from notices import tasks

    for _ in range(times):
        tasks.send_due.delay()
        tasks.reconcile_unconfirmed.delay()
    return True


def _time_passes():
    """End the leases of claims that are older than any conversation with this sink lasts."""
    old = clock.now() + claiming.LEASE - timedelta(seconds=6)
    dead = Delivery.objects.filter(state="sending", lease_until__lt=old)
    dead.update(lease_until=clock.now() - timedelta(seconds=1))
    return True
