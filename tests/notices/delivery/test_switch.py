"""Stopping: nothing more begins, what was on its way is waited for, and told exactly."""

from datetime import timedelta

import pytest

from accounts.models import Organisation
from audit.models import AuditEntry
from cases import landing
from cases.models import Mandate, Task
from core import clock
from core.errors import RuleBroken, WrongState
from notices import delivery as verbs
from notices import lifecycle
from notices.models import Delivery, DeliveryAttempt, Notice
from notices.sending import claiming, rounds, settling
from notices.sending.smtp import Reply
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


def in_flight(delivery):
    """Put a delivery where a worker that talks to the server has it."""
    claimed = claiming.claim(clock.now(), set(), set())
    assert claimed.delivery_id == delivery.pk
    return claimed


def test_stopped_sending_claims_nothing_and_resumed_sending_does(due, sink, people):
    verbs.stop_sending(people.coordinator, clock.now())
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


def test_what_landed_is_told_with_its_moment_and_what_nobody_knows(due, sink, people, frozen):
    since = clock.now()
    stays, doubtful, long_ago = outbox.delivery(), outbox.delivery(), outbox.delivery()
    Delivery.objects.exclude(pk=due.pk).update(state="cancelled")
    assert rounds.send_due() == 1
    Delivery.objects.filter(pk__in=[doubtful.pk, long_ago.pk]).update(state="unconfirmed")
    DeliveryAttempt.objects.create(delivery=doubtful, number=1, at=since, phase="dot")
    landed = landing.wait(Notice.objects.all(), since)
    assert landed.left == [(due.notice.code, Delivery.objects.get(pk=due.pk).sent_at)]
    assert landed.unknown == [doubtful.notice.code]
    assert stays.notice.code not in landed.unknown
    assert landing.left_since(Notice.objects.all(), since + timedelta(seconds=1)) == []


def test_a_mail_handed_over_before_the_stop_and_taken_after_it_is_named(due, sink, frozen):
    claimed = in_flight(due)
    claiming.reach_the_dot(claimed, clock.now())
    since = frozen.shift(seconds=2)
    settling.accepted(claimed, Reply("250", "taken"), frozen.shift(seconds=1))
    assert [code for code, _at in landing.left_since(Notice.objects.all(), since)] == [
        due.notice.code
    ]


def test_waiting_ends_at_its_time_even_if_something_hangs(due, monkeypatch):
    monkeypatch.setattr(landing, "WAIT_SECONDS", 0.3)
    in_flight(due)
    assert landing.wait(Notice.objects.all(), clock.now()).unknown == [due.notice.code]


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
