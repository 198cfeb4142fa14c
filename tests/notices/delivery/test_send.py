"""An approved notice leaves: once, to one recipient and the archive, and counts from then."""

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import RuleBroken, WrongState
from notices import delivery as verbs
from notices import lifecycle
from notices.models import Delivery, Disclosure, NoticeClock
from notices.sending import rounds
from platforms.models import Channel
from tests import factories
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


def test_a_held_mail_leaves_after_the_undo_minute_and_not_before(due, sink, frozen):
    frozen.shift(seconds=-30)
    assert rounds.send_due() == 0
    assert sink.accepted == []
    frozen.shift(seconds=30)
    assert rounds.send_due() == 1
    assert len(sink.accepted) == 1


def test_what_leaves_is_what_was_approved_to_one_recipient_and_the_archive(due, sink):
    rounds.send_due()
    (mail,) = sink.accepted
    assert mail["content"].encode("latin-1") == due.approval.mime
    assert mail["to"] == ["removal@x.example", "archive@harbour.example"]
    assert mail["from"] == f"r-{due.approval.reply_token}@reply.harbour.example"
    assert "archive@" not in mail["content"]


def test_sending_moves_the_notice_and_starts_its_clocks_in_the_same_moment(due, sink, frozen):
    rounds.send_due()
    due.refresh_from_db()
    notice = due.notice
    assert (due.state, due.phase, due.attempts) == ("sent", "done", 1)
    assert due.sent_at == due.handed_over_at == frozen.now
    assert (notice.status, notice.sent_at) == ("sent", frozen.now)
    assert notice.outcomes.get().sent_at == frozen.now
    assert NoticeClock.objects.filter(notice=notice, key="removal").exists()
    assert Disclosure.objects.filter(notice=notice).count() == 1
    assert outbox.log(due) == [("dot", "250")]


def test_a_second_round_sends_nothing_twice(due, sink):
    assert rounds.send_due() == 1
    assert rounds.send_due() == 0
    assert len(sink.accepted) == 1


def test_several_mails_share_one_connection(due, sink, frozen):
    for _ in range(3):
        outbox.delivery()
    frozen.shift(seconds=61)
    assert rounds.send_due() == 4
    assert len(set(sink.message_ids)) == 4
    assert sink.heard.count("CONNECT") == 1


def test_nothing_is_claimed_while_no_server_is_set_up(due, sink, settings, frozen):
    settings.SUBMISSION_URL = ""
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert (due.state, due.attempts) == ("held", 0)


def test_the_same_bytes_cannot_be_queued_twice(due):
    with pytest.raises(WrongState, match="on its way"):
        verbs.enqueue(due.notice, due.approval, "notice", clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**{**values(due), "seq": 2})


def values(delivery):
    names = [field.attname for field in Delivery._meta.concrete_fields if not field.primary_key]
    return {name: getattr(delivery, name) for name in names}


def test_a_mail_that_failed_is_held_again_under_its_own_message_id(due, sink, frozen):
    sink.be("outside-550")
    rounds.send_due()
    sink.be("normal")
    again = verbs.enqueue(due.notice, due.approval, "notice", clock.now())
    assert (again.pk, again.state) == (due.pk, "held")
    assert rounds.send_due() == 0
    frozen.shift(seconds=60)
    assert rounds.send_due() == 1
    assert sink.message_ids == [due.message_id]


def test_a_new_approval_after_an_undo_gets_the_next_number(due, people):
    lifecycle.undo_approval(due.notice, people.advocate, clock.now())
    again = outbox.delivery(due.notice)
    assert again.seq == 2
    assert again.message_id != due.message_id


def test_a_notice_without_an_address_is_refused_with_a_sentence(due):
    Channel.objects.update(address="")
    with pytest.raises(RuleBroken, match="no e-mail address"):
        outbox.delivery(outbox.notice(), recipient="")


def test_the_outbox_is_nudged_after_the_commit_and_a_dead_broker_does_no_harm(
    people, frozen, sink, monkeypatch, django_capture_on_commit_callbacks
):
    def broken():
        asked.append(1)
        raise OSError

    asked = []
    factories.organisation()
    monkeypatch.setattr(verbs, "nudge", broken)
    with django_capture_on_commit_callbacks(execute=True):
        delivery = outbox.delivery()
    assert (asked, delivery.state) == ([1], "held")
