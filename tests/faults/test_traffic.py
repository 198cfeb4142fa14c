"""A minute of traffic with two beats, three workers and a Redis that is emptied again and again."""

from time import monotonic, sleep

import pytest

from core import clock
from notices.models import Delivery, Reminder
from tests.faults.estate import all_left, sums, until
from tests.faults.figures import report
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.services, pytest.mark.django_db]

WORKERS, BEATS = 3, 2


def traffic(estate, seconds, pause):
    """Approve notices and let reminders fall due, and empty Redis every second."""
    ends, emptied, notices = monotonic() + seconds, 0, 0
    with estate.servers.redis_client() as redis:
        while monotonic() < ends:
            outbox.chased() if notices % 4 == 3 else outbox.delivery()
            notices += 1
            if monotonic() - (ends - seconds) > emptied:
                redis.flushall()
                emptied += 1
            sleep(pause)
    return emptied


def counted_alike(estate, emptied):
    until(lambda: all_left() and _all_reminded(), 150)
    accepted = estate.sink.message_ids
    sent = Delivery.objects.filter(state="sent")
    reminders = sent.filter(kind="reminder").count()
    told = f"{sent.count()} sent in the database ({reminders} reminders), {len(accepted)} accepted"
    told += f" by the sink; {WORKERS} workers, {BEATS} beats, Redis emptied {emptied} times"
    report("Traffic", n=sent.count(), **sums(estate), note=told)


def _all_reminded():
    return not Reminder.objects.filter(state="planned", due_at__lte=clock.due_now()).exists()


def test_a_moment_of_traffic_is_counted_alike_on_both_ends(house):
    house.worker("worker 2"), house.worker("worker 3"), house.beat("beat 2")
    counted_alike(house, traffic(house, 10, 0.1))
    house.stop("worker 2", "worker 3", "beat 2")


@pytest.mark.long
def test_a_minute_of_traffic_at_the_shipped_pace_is_counted_alike(estate):
    estate.pulse = estate.lease = ""
    for number in range(WORKERS):
        estate.worker(f"worker {number}")
    for number in range(BEATS):
        estate.beat(f"beat {number}")
    counted_alike(estate, traffic(estate, 60, 0.05))
