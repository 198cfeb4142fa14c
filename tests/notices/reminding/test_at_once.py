"""A person and the tick in the same second, on a database that lets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections, transaction

from notices.models import Reminder
from notices.reminding import making, rounds
from platforms import troubles
from platforms.models import ChannelTrouble

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def really_at_once(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def while_it_waits(other: Callable[[], Any], verb: Callable[[], Any]) -> None:
    """Let `other` run into the rows that `verb` has changed, and commit only then."""

    def run() -> Any:
        try:
            return other()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            verb()
            running = thread.submit(run)
            while not (running.done() or somebody_waits()):
                pass
        running.result(30)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_what_a_person_sent_meanwhile_is_not_proposed_again(proposing):
    proposing.frozen.shift(hours=80)
    at, volunteer = proposing.frozen.now, proposing.people.volunteer
    tick = partial(rounds.remind, at)
    while_it_waits(tick, lambda: making.remind(proposing.fresh(), volunteer, at))
    assert Reminder.objects.get(kind="chase", n=1).state == "made"


def test_what_a_person_left_out_meanwhile_stays_out(proposing):
    proposing.frozen.shift(hours=80)
    at, volunteer = proposing.frozen.now, proposing.people.volunteer
    tick = partial(rounds.remind, at)
    while_it_waits(tick, lambda: making.leave_out(proposing.fresh(), volunteer, at))
    assert Reminder.objects.get(kind="chase", n=1).state == "dropped"


def test_what_a_person_left_out_meanwhile_is_not_planned_anew_where_an_address_works_again(chase):
    chase.frozen.shift(hours=80)
    at, by, to = chase.frozen.now, chase.people.coordinator, chase.desk.channel
    mark = ChannelTrouble.objects.create(
        channel=to, kind="refused", address=to.address, seen_at=at, status_code="5.7.1"
    )
    chase.tick()
    assert chase.pending().state == "blocked"
    clear = partial(troubles.clear, mark, by, at)
    while_it_waits(clear, lambda: making.leave_out(chase.fresh(), by, at))
    assert Reminder.objects.get(kind="chase", n=1).state == "dropped"
