"""What their servers say after the sending: delivered, delayed, come back, and what follows."""

from datetime import timedelta

import pytest

from audit.models import AuditEntry
from cases import tasklist
from cases.lifecycle import close, pause
from cases.models import Task, TimelineEvent
from cases.models.events import TaskQuerySet
from core.addresses import reply_address
from core.errors import WrongState
from notices import bouncing, lifecycle, replies
from notices.bouncing import Bounce
from notices.delivery import stop_sending
from notices.models import Delivery, Notice, Outcome
from notices.sending import rounds
from platforms import troubles
from platforms.models import ChannelTrouble
from tests import factories
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db

UNKNOWN = Bounce("bounced_no_such_address", "5.1.1", "550 no such user <removal@x.example>")
FULL = Bounce("bounced_mailbox_full", "4.2.2", "mailbox full")
REFUSED = Bounce("bounced_refused", "5.7.1", "looks like spam")


@pytest.fixture
def left(due, frozen):
    """Return a delivery that was accepted an hour ago, and another way to reach the platform."""
    factories.channel(
        "x-legal", address="legal@x.example", seen=frozen.now.date() - timedelta(days=49)
    )
    rounds.send_due()
    frozen.shift(hours=1)
    return again(due)


def again(delivery):
    return Delivery.objects.select_related("notice", "approval", "notice__channel").get(
        pk=delivery.pk
    )


def tasks(kind):
    return list(Task.objects.open().filter(kind=kind))


def lines(delivery):
    return list(delivery.log.order_by("number").values_list("phase", "code"))


@pytest.mark.parametrize(("bounce", "kind"), [(UNKNOWN, "no_such_address"), (REFUSED, "refused")])
def test_a_final_bounce_marks_the_channel_and_tells_with_the_other_ways(left, frozen, bounce, kind):
    sent_at = left.notice.sent_at
    bouncing.note(left, bounce, frozen.now)
    row = again(left)
    assert (row.state, row.shown_state) == ("sent", "bounced")
    assert (row.bounced_at, row.bounce_code) == (frozen.now, bounce.status)
    assert (row.notice.status, row.notice.sent_at) == ("sent", sent_at)
    trouble = ChannelTrouble.objects.get()
    assert (trouble.channel, trouble.kind) == (left.notice.channel, kind)
    assert (trouble.address, trouble.status_code) == ("removal@x.example", bounce.status)
    for_coordinators, for_author = tasks("channel_broken")[0], tasks("delivery_failed")[0]
    assert for_coordinators.role == "coordinator"
    assert for_author.owner == left.notice.case.advocate
    assert bounce.status in for_coordinators.text
    assert "legal@x.example (verified 3 Oct)" in for_coordinators.text
    assert "removal@x.example" not in lines_text(left)
    assert TimelineEvent.objects.filter(kind="notice.bounced").count() == 1
    assert AuditEntry.objects.filter(verb="delivery.bounced").count() == 1


def lines_text(delivery):
    return " ".join(delivery.log.values_list("reason", flat=True))


def test_the_same_report_twice_changes_nothing_more(left, frozen):
    bouncing.note(left, UNKNOWN, frozen.now)
    before = (AuditEntry.objects.count(), Task.objects.count(), lines(left), again(left).bounces)
    bouncing.note(left, UNKNOWN, frozen.now)
    bouncing.note(left, REFUSED, frozen.shift(minutes=1))
    assert before == (
        AuditEntry.objects.count(), Task.objects.count(), lines(left), again(left).bounces
    )  # fmt: skip


def test_two_notices_to_one_broken_address_make_one_task_for_the_coordinators(left, frozen):
    second = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    for each in (left, second):
        bouncing.note(each, UNKNOWN, frozen.now)
    assert ChannelTrouble.objects.count() == 1
    assert len(tasks("channel_broken")) == 1
    assert len(tasks("delivery_failed")) == 2


def test_two_kinds_of_trouble_in_the_same_moment_make_one_task(left, people, frozen, monkeypatch):
    second = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    bouncing.note(left, UNKNOWN, frozen.now)
    (task,) = tasks("channel_broken")
    with monkeypatch.context() as neither_sees_the_other:
        neither_sees_the_other.setattr(TaskQuerySet, "exists", lambda self: False)
        bouncing.note(second, REFUSED, frozen.now)
    assert ChannelTrouble.objects.count() == 2
    assert tasks("channel_broken") == [task]
    tasklist.done(task, people.coordinator, frozen.now)
    Task.objects.create(kind=task.kind, subject_id=task.subject_id, made_at=frozen.now)
    with pytest.raises(WrongState):
        tasklist.not_done(task, people.coordinator, frozen.now)


def test_t21_a_full_mailbox_is_tried_again_after_two_days_then_the_channel_is_marked(
    left, sink, frozen
):
    first_sent, handed_over = left.sent_at, left.handed_over_at
    bouncing.note(left, FULL, frozen.now)
    row = again(left)
    assert (row.state, row.due_at) == ("deferred", frozen.now + timedelta(days=2))
    assert row.goes_again
    assert not ChannelTrouble.objects.exists()
    assert not Task.objects.open().exists()
    frozen.shift(days=2, seconds=-1)
    rounds.send_due()
    assert len(sink.accepted) == 1
    frozen.shift(seconds=1)
    rounds.send_due()
    row = again(left)
    assert (row.state, row.message_id) == ("sent", left.message_id)
    assert sink.message_ids == [left.message_id] * 2
    assert sink.accepted[0]["content"] == sink.accepted[1]["content"]
    assert (row.sent_at, row.notice.sent_at) == (first_sent, first_sent)
    assert row.handed_over_at > handed_over
    bouncing.note(left, FULL, frozen.shift(hours=2))
    row = again(left)
    assert (row.state, row.shown_state, row.bounces) == ("sent", "bounced", 2)
    assert ChannelTrouble.objects.get().kind == "mailbox_full"
    assert len(tasks("channel_broken")) == 1
    frozen.shift(days=30)
    rounds.send_due()
    assert len(sink.accepted) == 2


def test_a_late_copy_of_the_first_report_does_not_count_as_the_second_bounce(left, frozen):
    reported = frozen.now
    bouncing.note(left, FULL, reported)
    bouncing.note(left, FULL, frozen.shift(hours=3))
    assert again(left).due_at == reported + timedelta(days=2)
    frozen.shift(days=2)
    rounds.send_due()
    bouncing.note(left, FULL, reported)
    assert (again(left).shown_state, again(left).bounces) == ("sent", 1)


def test_the_second_try_refused_at_the_door_marks_the_channel_too(left, sink, frozen):
    bouncing.note(left, FULL, frozen.now)
    sink.be("outside-550")
    frozen.shift(days=2)
    rounds.send_due()
    row = again(left)
    assert (row.state, row.shown_state, row.bounce_code) == ("sent", "bounced", "550")
    assert row.notice.status == "sent"
    assert ChannelTrouble.objects.get().kind == "refused"


ENDINGS = {
    "withdraw": lambda notice, who, at: lifecycle.withdraw(notice, who, at),
    "finish": lambda notice, who, at: lifecycle.finish(notice, who, at),
    "pause": lambda notice, who, at: pause(notice.case, who, at),
    "close": lambda notice, who, at: close(notice.case, who, at, reason="withdrew"),
    "stop": lambda notice, who, at: stop_sending(who, at),
}


@pytest.mark.parametrize("how", ENDINGS)
def test_nothing_is_sent_again_after_a_withdrawal_a_pause_or_the_stop_switch(
    left, sink, people, frozen, how
):
    bouncing.note(left, FULL, frozen.now)
    notice = Notice.objects.select_related("case", "platform", "channel").get(pk=left.notice_id)
    ENDINGS[how](notice, people.coordinator, frozen.now)
    frozen.shift(days=3)
    rounds.send_due()
    assert len(sink.accepted) == 1
    assert again(left).state == ("deferred" if how == "stop" else "sent")


def test_a_mandate_withdrawn_in_the_two_days_stops_the_second_try(left, sink, frozen):
    bouncing.note(left, FULL, frozen.now)
    left.notice.case.mandates.update(withdrawn_at=frozen.now)
    frozen.shift(days=2)
    rounds.send_due()
    assert len(sink.accepted) == 1
    assert again(left).state == "sent"


def test_a_report_of_delivery_sets_the_moment_that_was_missing(left, frozen):
    bouncing.note(left, Bounce("delivered", "2.0.0"), frozen.now)
    bouncing.note(left, Bounce("delivered", "2.0.0"), frozen.shift(hours=1))
    row = again(left)
    at = frozen.now - timedelta(hours=1)
    assert (row.delivered_at, row.shown_state) == (at, "delivered")
    outcome = Outcome.objects.get()
    assert outcome.delivered_at == at
    assert (outcome.acknowledged_at, outcome.answered_at, outcome.decided_at) == (None,) * 3


def test_a_relay_that_promised_too_much_is_corrected_by_the_bounce(left, frozen):
    bouncing.note(left, Bounce("delivered", "2.1.9"), frozen.now)
    bouncing.note(left, UNKNOWN, frozen.shift(minutes=2))
    assert again(left).shown_state == "bounced"
    assert Outcome.objects.get().delivered_at is None


def test_a_delay_changes_nothing_but_the_log(left, frozen):
    bouncing.note(left, Bounce("delayed", "4.4.1", "still trying"), frozen.now)
    row = again(left)
    assert (row.state, row.bounced_at, row.delivered_at, row.bounces) == ("sent", None, None, 0)
    assert lines(left)[-1] == ("report", "4.4.1")
    assert not Task.objects.open().exists()


def test_a_report_on_an_unconfirmed_mail_proves_that_it_left(due, sink, frozen, monkeypatch):
    monkeypatch.setattr("notices.sending.smtp.CONVERSATION_SECONDS", 1.0)
    sink.be("swallow")
    rounds.send_due()
    assert again(due).state == "unconfirmed"
    bouncing.note(due, UNKNOWN, frozen.shift(minutes=1))
    row = again(due)
    assert (row.state, row.shown_state, row.notice.status) == ("sent", "bounced", "sent")


def test_a_report_on_a_mail_that_never_left_is_not_believed(due, frozen):
    bouncing.note(due, UNKNOWN, frozen.now)
    row = again(due)
    assert (row.state, row.bounced_at) == ("held", None)
    assert not ChannelTrouble.objects.exists()


def test_copies_for_the_archive_that_come_back_are_told_and_blame_no_channel(left, frozen):
    bounce = Bounce("bounced_no_such_address", "5.1.1", "", "Archive@harbour.example")
    bouncing.note(left, bounce, frozen.now)
    bouncing.note(left, bounce, frozen.now)
    assert again(left).bounced_at is None
    assert not ChannelTrouble.objects.exists()
    assert "archive" in Task.objects.open().get().text


# ------------------------------------------------------------------ which mail it is about


def test_a_report_finds_its_mail_by_what_it_returns_or_by_where_it_was_sent(left):
    ours = reply_address(left.approval.reply_token, "reply.harbour.example")
    assert bouncing.find([left.message_id]) == left
    assert bouncing.find([], [ours]) == left
    assert bouncing.find([left.message_id], [ours, "notices@harbour.example"]) == left


@pytest.mark.parametrize("claims", ["nothing", "foreign_id", "foreign_token", "two_stories"])
def test_a_forged_or_unmatched_report_finds_nothing(left, frozen, claims):
    other = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    other = again(other)
    address = reply_address(other.approval.reply_token, "reply.harbour.example")
    message_id, recipients = {
        "nothing": ("", []),
        "foreign_id": ("<1@elsewhere.example>", [address]),
        "foreign_token": ("", [f"r-{'0' * 32}@reply.harbour.example"]),
        "two_stories": (left.message_id, [address]),
    }[claims]
    assert bouncing.find([message_id], recipients) is None


# ------------------------------------------------------------------ filed by a person


def filed(left, code, people, frozen):
    message = replies.receive(
        left.notice, people.advocate, frozen.now, text="It came back.", received_at=frozen.now
    )
    replies.file(message, code, people.advocate, frozen.now)
    return message


def test_a_bounce_that_a_person_files_does_the_same_and_is_taken_back(left, people, frozen):
    message = filed(left, "bounced_no_such_address", people, frozen)
    assert again(left).shown_state == "bounced"
    assert ChannelTrouble.objects.get().cleared_at is None
    frozen.shift(minutes=5)
    replies.unfile(message, people.advocate, frozen.now)
    row = again(left)
    assert (row.shown_state, row.bounces, row.bounce_code) == ("sent", 0, "")
    assert ChannelTrouble.objects.get().cleared_by == people.advocate
    assert not Task.objects.open().exists()


def test_a_full_mailbox_filed_and_taken_back_is_not_sent_again(left, people, sink, frozen):
    message = filed(left, "bounced_mailbox_full", people, frozen)
    assert again(left).state == "deferred"
    replies.unfile(message, people.advocate, frozen.now)
    frozen.shift(days=3)
    rounds.send_due()
    assert again(left).state == "sent"
    assert len(sink.accepted) == 1


def test_taking_a_filing_back_leaves_what_a_report_said(left, people, frozen):
    bouncing.note(left, UNKNOWN, frozen.now)
    message = filed(left, "bounced_no_such_address", people, frozen)
    replies.unfile(message, people.advocate, frozen.now)
    assert again(left).shown_state == "bounced"
    assert ChannelTrouble.objects.get().cleared_at is None


def test_a_mailbox_that_says_it_is_not_read_is_marked_and_did_not_bounce(left, people, frozen):
    filed(left, "bounced_not_read", people, frozen)
    assert again(left).shown_state == "sent"
    assert ChannelTrouble.objects.get().kind == "not_read"
    assert len(tasks("channel_broken")) == 1


# ------------------------------------------------------------------ until somebody clears it


def test_clearing_strikes_the_coordinators_task(left, people, frozen):
    bouncing.note(left, UNKNOWN, frozen.now)
    troubles.clear(ChannelTrouble.objects.get(), people.coordinator, frozen.now)
    assert tasks("channel_broken") == []
