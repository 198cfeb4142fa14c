"""F23 and F24: everything ends at once, or gives way to a new version, in the middle of work."""

import os
import signal
from pathlib import Path
from time import monotonic

import psycopg2
import pytest

from notices.models import DeliveryAttempt
from tests.faults.clients import Browser, Crowd, Writer, ask, notes_sums
from tests.faults.estate import all_left, ask_to_stop, fair, let_go, sums, until
from tests.faults.figures import report, together
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.services, pytest.mark.django_db]


# ------------------------------------------------------------------ F23


@pytest.mark.parametrize(
    ("mails", "cuts"),
    [pytest.param(20, 1, id="few"), pytest.param(400, 20, id="many", marks=pytest.mark.long)],
)
def test_after_a_power_cut_everything_goes_on_by_itself(house, mails, cuts):
    writer = Writer(Browser(house.web_port, house.people.advocate), outbox.case().code)
    ups = []
    for _ in range(cuts):
        let_go(mails // cuts)
        with Crowd(writer):
            _until_some_left(house.sink)
            _cut(house)
        ups.append(_start_again(house))
    until(all_left, 120)
    assert max(ups) <= fair(15)
    counted = together(sums(house), notes_sums(writer))
    told = f"{cuts} cuts, {len(writer.saved)} notes, up again after {max(ups):.1f} s at most"
    report("F23", n=mails, **counted, note=told)


def _until_some_left(sink):
    before = len(sink.accepted)
    until(lambda: len(sink.accepted) > before, 60, 0.02)


def _cut(house):
    house.kill_all()
    house.servers.crash_postgres(signal.SIGKILL)
    house.servers.redis.end(signal.SIGKILL)


def _start_again(house):
    """Start servers and programs; return the seconds until pages and workers are there."""
    began = monotonic()
    house.servers.postgres.start()
    house.servers.redis.start()
    house.everything()
    until(lambda: _all_alive(house.web_port, began), 60)
    return monotonic() - began


def _all_alive(port, began):
    """Tell whether pages answer, and beat and workers left a sign of life since `began`."""
    since = ask(port, "/readyz").json().get("seconds_since", {})
    return all(since.get(name, 999) < monotonic() - began for name in ("beat", "workers"))


# ------------------------------------------------------------------ F24


@pytest.mark.parametrize(
    ("mails", "times"),
    [pytest.param(20, 1, id="few"), pytest.param(400, 20, id="many", marks=pytest.mark.long)],
)
def test_a_new_version_takes_over_without_a_failed_request_or_a_lost_job(house, mails, times):
    ada, other = [Browser(house.web_port, house.people.advocate) for _ in range(2)]
    writer = Writer(other, outbox.case().code)
    ours = []
    with Crowd(lambda: ada.get("/cases/"), lambda: ada.get("/healthz"), writer) as crowd:
        for number in range(times):
            ours += let_go(mails // times)
            _migrate(house, number)
            _replace_web(house)
            _replace_worker(house)
    until(all_left, 120)
    died = DeliveryAttempt.objects.filter(reason="the worker died", delivery__message_id__in=ours)
    found = crowd.statuses()
    failed = sum(n for status, n in found.items() if status not in {200, 302})
    counted = together(
        sums(house), notes_sums(writer), {"lost": died.count(), "twice": 0, "wrong": failed}
    )
    report("F24", n=len(crowd.answers), **counted, note=f"{times} deploys, answers {found}")


def _migrate(house, number):
    """Change the schema under the running code, as a migration of the new version would."""
    with psycopg2.connect(house.servers.url(house.name)) as database, database.cursor() as cursor:
        cursor.execute(f"ALTER TABLE cases_case ADD COLUMN newer_{number} integer NULL")


def _replace_web(house):
    """Let gunicorn start itself anew on the same socket, then end the old one: USR2, TERM."""
    old = _main_process(house)
    os.kill(old, signal.SIGUSR2)
    draft = house.folder / "web.pid.2"
    until(lambda: draft.exists() and len(_children(int(draft.read_text()))) == 2, 60)
    os.kill(old, signal.SIGTERM)
    until(lambda: not draft.exists() and _main_process(house) != old, 30)


def _main_process(house):
    return int((house.folder / "web.pid").read_text())


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _replace_worker(house):
    old = house.running["worker"]
    house.worker()
    assert ask_to_stop(old) == 0
