"""Stopping: nothing more begins, what was on its way is waited for, and told exactly."""

from datetime import timedelta

import pytest

from accounts.models import Organisation
from audit.models import AuditEntry
from cases.models import Mandate, Task
from core import clock
from core.errors import RuleBroken, WrongState
from notices import delivery as verbs
from notices import lifecycle
from notices.models import Delivery, Notice
from notices.sending import claiming, rounds
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


def in_flight(delivery):
    """Put a delivery where a worker that talks to the server has it."""
    claimed = claiming.claim(clock.now(), set())
    assert claimed.delivery_id == delivery.pk
    return claimed


def test_stopped_sending_claims_nothing_and_resumed_sending_does(due, sink, people):
    assert verbs.stop_sending(people.coordinator, clock.now()) == []
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert (due.state, due.attempts) == ("held", 0)
    verbs.resume_sending(people.coordinator, clock.now())
    assert rounds.send_due() == 1
    assert Organisation.objects.get().sending_stopped_by == ""
    verbs_seen = list(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs_seen[:2] == ["sending.stopped", "sending.resumed"]


def test_stopping_or_resuming_twice_says_so(due, people):
    verbs.stop_sending(people.coordinator, clock.now())
    with pytest.raises(WrongState, match="stopped already"):
        verbs.stop_sending(people.coordinator, clock.now())
    verbs.resume_sending(people.coordinator, clock.now())
    with pytest.raises(WrongState, match="not stopped"):
        verbs.resume_sending(people.coordinator, clock.now())


def test_the_stop_names_what_is_on_its_way(due, people):
    in_flight(due)
    assert verbs.stop_sending(people.coordinator, clock.now()) == [due.notice_id]


def test_what_is_stopped_before_the_dot_goes_back_and_leaves_after_resuming(
    due, sink, people, monkeypatch
):
    reach = claiming.reach_the_dot

    def stopped_meanwhile(claim, at):
        if not verbs.is_stopped():
            verbs.stop_sending(people.coordinator, at)
        reach(claim, at)

    monkeypatch.setattr(claiming, "reach_the_dot", stopped_meanwhile)
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert (due.state, sink.accepted) == ("queued", [])
    monkeypatch.setattr(claiming, "reach_the_dot", reach)
    verbs.resume_sending(people.coordinator, clock.now())
    assert rounds.send_due() == 1


def test_waiting_ends_when_everything_landed_and_says_where(due, sink, people, frozen):
    stays, doubtful = outbox.delivery(), outbox.delivery()
    rounds.send_due()
    Delivery.objects.filter(pk=stays.pk).update(state="cancelled")
    Delivery.objects.filter(pk=doubtful.pk).update(state="unconfirmed")
    ids = [due.notice_id, stays.notice_id, doubtful.notice_id]
    landed = verbs.wait_for_flight(ids, clock.now() + timedelta(seconds=25))
    assert landed.left == [due.notice.code]
    assert landed.stayed == [stays.notice.code]
    assert landed.unknown == [doubtful.notice.code]


def test_waiting_ends_at_its_time_even_if_something_hangs(due):
    in_flight(due)
    landed = verbs.wait_for_flight([due.notice_id], clock.now() + timedelta(seconds=0.3))
    assert landed.unknown == [due.notice.code]


def test_an_undone_approval_keeps_its_mail_here(due, sink, people):
    lifecycle.undo_approval(due.notice, people.advocate, clock.now())
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert (due.state, sink.accepted) == ("cancelled", [])


def test_a_mail_that_is_leaving_can_neither_be_undone_nor_withdrawn(due, people):
    in_flight(due)
    for verb in (lifecycle.undo_approval, lifecycle.withdraw):
        with pytest.raises(RuleBroken, match="leaving"):
            verb(Notice.objects.get(pk=due.notice_id), people.advocate, clock.now())
    due.refresh_from_db()
    assert due.state == "sending"


def test_a_mandate_withdrawn_before_the_dot_keeps_the_mail_here(due, sink, monkeypatch):
    reach = claiming.reach_the_dot

    def withdrawn_meanwhile(claim, at):
        Mandate.objects.update(withdrawn_at=at)
        reach(claim, at)

    monkeypatch.setattr(claiming, "reach_the_dot", withdrawn_meanwhile)
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert (due.state, sink.accepted) == ("failed", [])
    assert "no mandate" in Task.objects.get().text


def test_sending_counts_as_delayed_two_minutes_after_it_was_due(due, people, frozen):
    assert not verbs.is_delayed(clock.now())
    frozen.shift(minutes=2)
    assert verbs.is_delayed(clock.now())
    verbs.stop_sending(people.coordinator, clock.now())
    assert not verbs.is_delayed(clock.now())


def test_the_numbers_of_the_outbox(due, sink, frozen):
    states = ("queued", "deferred", "unconfirmed", "failed", "sending", "cancelled")
    for state in states:
        Delivery.objects.filter(pk=outbox.delivery().pk).update(state=state)
    told = verbs.numbers()
    assert (told.waiting, told.deferred, told.unconfirmed) == (2, 1, 1)
    assert (told.failed, told.in_flight) == (1, 1)
    assert told.oldest_due_at == due.due_at
