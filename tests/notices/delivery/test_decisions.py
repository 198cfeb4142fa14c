"""What a person decides about a mail in doubt, and what nobody decides."""

import pytest

from audit.models import AuditEntry
from cases.models import Task
from core import clock, keystore
from core.errors import RuleBroken, WrongState
from notices import delivery as verbs
from notices.models import Delivery, Notice
from notices.sending import claiming, rounds, settling
from notices.sending.smtp import Reply
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(due, sink, frozen):
    sink.be("swallow")
    rounds.send_due()
    sink.be("normal")
    frozen.shift(minutes=10)
    rounds.reconcile_unconfirmed()
    due.refresh_from_db()
    assert due.state == "unconfirmed"
    return due


def test_it_left_counts_from_the_handing_over(doubtful, people, frozen):
    verbs.decide_left(doubtful, people.advocate, clock.now())
    doubtful.refresh_from_db()
    notice = Notice.objects.get(pk=doubtful.notice_id)
    assert (doubtful.state, notice.status) == ("sent", "sent")
    assert notice.sent_at == doubtful.handed_over_at < frozen.now
    assert Task.objects.get().done_at is not None
    entry = AuditEntry.objects.get(verb="delivery.decided_left")
    assert entry.actor_name == "Ada Advocate"


def test_send_again_sends_the_same_message_id_once_more(doubtful, sink, people):
    verbs.decide_send_again(doubtful, people.advocate, clock.now())
    assert rounds.send_due() == 1
    assert sink.message_ids == [doubtful.message_id]
    assert Task.objects.get().done_at is not None


def test_send_again_is_refused_when_the_archive_proves_that_it_left(due, sink, people):
    sink.be("drop")
    rounds.send_due()
    due.refresh_from_db()
    with pytest.raises(RuleBroken, match="copy is in the archive"):
        verbs.decide_send_again(due, people.advocate, clock.now())
    due.refresh_from_db()
    assert due.state == "sent"
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("decide", [verbs.decide_left, verbs.decide_send_again])
def test_two_people_cannot_decide_differently(doubtful, people, decide):
    stale = Delivery.objects.get(pk=doubtful.pk)
    verbs.decide_left(doubtful, people.advocate, clock.now())
    with pytest.raises(WrongState, match="a moment ago"):
        decide(stale, people.coordinator, clock.now())


def test_an_answer_that_comes_after_all_doubts_still_counts(due, sink, frozen):
    claim = claiming.claim(clock.now(), set(), set())
    claiming.reach_the_dot(claim, clock.now())
    frozen.shift(seconds=61)
    rounds.reconcile_unconfirmed()
    due.refresh_from_db()
    assert due.state == "unconfirmed"
    settling.accepted(claim, Reply("250", "ok"), clock.now())
    due.refresh_from_db()
    assert due.state == "sent"
    assert Notice.objects.get(pk=due.notice_id).status == "sent"


def test_a_worker_that_died_before_the_dot_gives_the_mail_back(due, sink, frozen):
    claiming.claim(clock.now(), set(), set())
    frozen.shift(seconds=59)
    assert rounds.send_due() == 0
    frozen.shift(seconds=2)
    assert rounds.send_due() == 1
    due.refresh_from_db()
    assert (due.state, due.attempts) == ("sent", 2)
    assert outbox.log(due) == [("claimed", ""), ("dot", "250")]


def test_a_worker_that_wakes_after_its_lease_sends_nothing(due, frozen):
    claim = claiming.claim(clock.now(), set(), set())
    frozen.shift(seconds=61)
    rounds.reconcile_unconfirmed()
    with pytest.raises(claiming.CalledBack):
        claiming.reach_the_dot(claim, clock.now())
    again = claiming.claim(clock.now(), set(), set())
    assert again.number == claim.number + 1
    with pytest.raises(claiming.CalledBack):
        claiming.reach_the_dot(claim, clock.now())


def test_a_mail_that_had_left_before_the_withdrawal_is_told_and_counted(due, sink, frozen):
    sink.be("drop")
    rounds.send_due()
    Notice.objects.filter(pk=due.notice_id).update(status="withdrawn")
    rounds.reconcile_unconfirmed()
    due.refresh_from_db()
    assert due.state == "sent"
    assert "had left already" in Task.objects.get().text
    assert Notice.objects.get(pk=due.notice_id).status == "withdrawn"


def test_one_mail_that_cannot_be_cleared_up_keeps_no_other_in_doubt(due, sink, frozen, caplog):
    other = outbox.delivery()
    frozen.shift(seconds=61)
    sink.be("drop")
    rounds.send_due()
    keystore.destroy(due.notice.case.key_id)
    with keystore.scope():
        rounds.reconcile_unconfirmed()
    other.refresh_from_db()
    assert other.state == "sent"
    assert str(due.pk) in caplog.text


def listed_and_sent_since(due, frozen, **fields):
    """Return a mail as a tick has listed it; another worker has settled it since."""
    Delivery.objects.filter(pk=due.pk).update(**fields)
    listed = Delivery.objects.get(pk=due.pk)
    notice, row = settling.locked(due.pk)
    settling.settle(row, notice, frozen.now)
    frozen.shift(hours=5)
    return listed


def test_what_was_found_since_it_was_listed_is_asked_of_nobody(due, frozen):
    listed = listed_and_sent_since(due, frozen, state="unconfirmed", handed_over_at=frozen.now)
    rounds._reconcile(listed, None, frozen.now)
    assert not Task.objects.exists()


def test_what_left_since_it_was_listed_is_delayed_for_nobody(due, frozen):
    listed = listed_and_sent_since(due, frozen, state="queued")
    rounds._tell_of(listed, frozen.now)
    assert not Task.objects.exists()
