"""The only worker is killed whole in the middle of two mails. The supervisor of bin/run starts it
again, and what nobody held goes on at once; what it held waits until it is known to be dead.
"""

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg2
import pytest

from core import clock
from notices.models import Delivery, Message, ReceivedMail
from tests.door.processes import marked
from tests.faults.estate import all_left, fair, let_go, sums, until
from tests.faults.figures import report, together
from tests.notices.receiving import mails

pytestmark = [pytest.mark.services, pytest.mark.django_db]
STARTED_WITHIN, TWO_TICKS = 60, 30
EACH = 5


def test_the_only_worker_killed_whole_goes_on_within_fifteen_seconds(estate):
    estate.start("supervisor", "-m", "tests.faults.supervised")
    let_go(1)
    until(all_left, STARTED_WITHIN)
    killed_at, held = _kill_in_the_middle(estate)
    until(lambda: _unfinished() <= held, STARTED_WITHIN)
    seconds = monotonic() - killed_at
    assert _unfinished() == held
    _let_leases_run_out(held)
    until(lambda: not _unfinished(), STARTED_WITHIN)
    counted = together(sums(estate), _read_once())
    report("F1 only worker killed", n=2 * EACH, **counted, note=f"went on after {seconds:.1f} s")
    assert seconds <= fair(15)


def _kill_in_the_middle(estate):
    """Kill while one mail waits for the far server's word after the dot, and another has been read
    but not been written down. Return when, and which two.
    """
    estate.sink.be("hang-dot")
    with _no_message_is_written(estate):
        let_go(EACH)
        _let_in(EACH)
        until(lambda: len(_held()) == 2, TWO_TICKS, 0.02)
        held = _held()
        os.killpg(_worker(estate), signal.SIGKILL)
        killed_at = monotonic()
    estate.sink.be("normal")
    return killed_at, held


@contextmanager
def _no_message_is_written(estate):
    with psycopg2.connect(estate.servers.url(estate.name)) as database, database.cursor() as cursor:
        cursor.execute("LOCK TABLE notices_message IN EXCLUSIVE MODE")
        yield


def _let_in(count):
    for n in range(count):
        mails.stored(bytes(mails.mail(f"{n}\n", Message_ID=f"<{n}@x.example>")), clock.due_now())


def _worker(estate):
    """Return the leader of the worker's session: its children are killed with it."""
    ours = marked(f"VAR_DIR={estate.folder}\0")
    return next(pid for pid in ours if pid == os.getpgid(pid) and b"\0worker\0" in _command(pid))


def _command(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _held():
    sending = Delivery.objects.filter(state="sending", phase="data")
    reading = ReceivedMail.objects.filter(state="stored", attempts=1)
    return _keys(sending, reading)


def _unfinished():
    to_send = Delivery.objects.filter(state__in=["held", "queued", "sending"])
    return _keys(to_send, ReceivedMail.objects.filter(state="stored"))


def _keys(*found):
    return {pk for rows in found for pk in rows.values_list("pk", flat=True)}


def _let_leases_run_out(held):
    """Let the time pass after which whoever holds these is known to be dead."""
    Delivery.objects.filter(pk__in=held).update(lease_until=clock.due_now())
    ReceivedMail.objects.filter(pk__in=held).update(next_try_at=clock.due_now())


def _read_once():
    """Count the mails; the one at the dot is in doubt, and neither lost nor sent again."""
    read = ReceivedMail.objects.filter(state="understood").count()
    doubtful = Delivery.objects.filter(state="unconfirmed").count()  # the one at the dot
    twice = Message.objects.filter(mail__isnull=False).count() - read
    return {"lost": EACH - read, "twice": twice, "wrong": abs(doubtful - 1)}
