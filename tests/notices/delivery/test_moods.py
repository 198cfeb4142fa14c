"""Each way a mail server can answer, and what then stands in the database."""

import pytest

from cases.models import Task
from notices.sending import rounds, smtp
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


PATIENCE = smtp.CONVERSATION_SECONDS


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", 1.0)


def state(delivery):
    delivery.refresh_from_db()
    return delivery.state


def tasks():
    return sorted(Task.objects.filter(done_at=None).values_list("kind", flat=True))


def test_greylisting_is_waited_out_without_bothering_anybody(due, sink, frozen):
    sink.be("greylist")
    rounds.send_due()
    assert state(due) == "deferred"
    assert due.due_at == frozen.shift(minutes=2)
    rounds.send_due()
    assert (state(due), due.attempts) == ("sent", 2)
    assert outbox.log(due) == [("rcpt", "451"), ("dot", "250")]
    assert tasks() == []
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(
    ("mood", "logged"),
    [
        ("busy", ("connect", "421")),
        ("outside-450", ("rcpt", "450")),
        ("archive-450", ("archive", "450")),
        ("dot-451", ("dot", "451")),
    ],
)
def test_a_temporary_no_is_tried_again_later(due, sink, frozen, mood, logged):
    sink.be(mood)
    rounds.send_due()
    assert state(due) == "deferred"
    assert outbox.log(due) == [logged]
    assert tasks() == []
    sink.be("normal")
    rounds.send_due()
    assert state(due) == "deferred"
    frozen.shift(minutes=2)
    rounds.send_due()
    assert (state(due), due.attempts) == ("sent", 2)
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(
    ("mood", "logged"),
    [("outside-550", ("rcpt", "550")), ("dot-552", ("dot", "552")), ("dot-554", ("dot", "554"))],
)
def test_a_final_no_fails_at_once_with_a_task_and_is_never_tried_again(
    due, sink, frozen, mood, logged
):
    sink.be(mood)
    rounds.send_due()
    assert (state(due), due.last_code) == ("failed", logged[1])
    assert outbox.log(due) == [logged]
    task = Task.objects.get()
    assert (task.kind, task.subject_code) == ("delivery_failed", due.notice.code)
    assert task.owner == due.notice.case.advocate
    assert logged[1] in task.text
    sink.be("normal")
    frozen.shift(days=6)
    rounds.send_due()
    assert state(due) == "failed"
    assert sink.accepted == []


@pytest.mark.parametrize("mood", ["outside-550", "archive-550"])
def test_either_recipient_refused_means_no_data_at_all(due, sink, mood):
    sink.be(mood)
    rounds.send_due()
    assert sink.heard == ["CONNECT"]
    assert sink.accepted == []
    due.notice.refresh_from_db()
    assert due.notice.status == "approved"


def test_a_refused_archive_waits_and_tells_the_coordinators_once(due, sink, frozen):
    sink.be("archive-550")
    rounds.send_due()
    assert state(due) == "deferred"
    frozen.shift(minutes=2)
    rounds.send_due()
    task = Task.objects.get()
    assert (task.kind, task.role, task.case) == ("delivery_delayed", "coordinator", None)
    assert "archive" in task.text
    sink.be("normal")
    frozen.shift(minutes=5)
    rounds.send_due()
    assert state(due) == "sent"
    assert tasks() == []


def test_a_server_that_is_down_costs_one_attempt_a_round(due, sink, settings, frozen):
    second = outbox.delivery()
    frozen.shift(seconds=61)
    settings.SUBMISSION_URL = "smtp://127.0.0.1:1"
    rounds.send_due()
    assert (state(due), state(second)) == ("deferred", "held")
    assert outbox.log(due) == [("connect", "")]


def test_a_cut_after_the_dot_is_unconfirmed_until_the_archive_proves_it(due, sink, frozen):
    sink.be("drop")
    rounds.send_due()
    assert state(due) == "unconfirmed"
    handed_over = due.handed_over_at
    frozen.shift(seconds=30)
    assert rounds.reconcile_unconfirmed() == 1
    assert (state(due), due.sent_at) == ("sent", handed_over)
    due.notice.refresh_from_db()
    assert (due.notice.status, due.notice.sent_at) == ("sent", handed_over)
    assert tasks() == []
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("mood", ["swallow", "hang-dot"])
def test_without_a_copy_in_the_archive_a_person_is_asked_and_nothing_is_resent(
    due, sink, frozen, mood
):
    sink.be(mood)
    rounds.send_due()
    assert state(due) == "unconfirmed"
    sink.be("normal")
    frozen.shift(minutes=9)
    rounds.reconcile_unconfirmed()
    assert tasks() == []
    frozen.shift(minutes=1)
    rounds.reconcile_unconfirmed()
    rounds.reconcile_unconfirmed()
    rounds.send_due()
    assert tasks() == ["delivery_unconfirmed"]
    assert state(due) == "unconfirmed"
    assert sink.accepted == []


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("hang-banner", "deferred"),
        ("hang-dot", "unconfirmed"),
        ("dot-hang-accepted", "unconfirmed"),
    ],
)
def test_a_server_that_goes_silent_frees_the_worker_in_time(due, sink, mood, expected):
    sink.be(mood)
    started = smtp.monotonic()
    rounds.send_due()
    assert smtp.monotonic() - started < smtp.CONVERSATION_SECONDS + 2
    assert state(due) == expected


def test_a_mail_that_hangs_does_not_keep_the_next_one(due, sink, frozen):
    second = outbox.delivery()
    frozen.shift(seconds=61)
    sink.be("hang-dot")
    rounds.send_due()
    assert (state(due), state(second)) == ("unconfirmed", "unconfirmed")


def test_a_hung_server_holds_a_worker_for_less_than_25_seconds():
    assert PATIENCE <= 20
    assert rounds.ROUND_SECONDS + PATIENCE < 60


def test_waiting_grows_like_a_mail_servers_and_ends_after_five_days(due, sink, frozen):
    sink.be("dot-451")
    waits = []
    for _ in range(5):
        rounds.send_due()
        state(due)
        waits.append((due.due_at - frozen.now).total_seconds() / 60)
        frozen.move_to(due.due_at)
    assert waits == [2, 5, 15, 60, 60]
    frozen.shift(days=5)
    rounds.send_due()
    assert state(due) == "failed"
    assert "five days" in Task.objects.get(kind="delivery_failed").text


def test_after_four_hours_of_waiting_somebody_is_told_once(due, sink, frozen):
    sink.be("dot-451")
    for _ in range(8):
        rounds.send_due()
        frozen.shift(minutes=40)
    assert tasks() == ["delivery_delayed"]
    sink.be("normal")
    frozen.shift(hours=1)
    rounds.send_due()
    assert state(due) == "sent"
    assert tasks() == []
