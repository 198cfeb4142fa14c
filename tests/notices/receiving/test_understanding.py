"""What is stored is read in a second step, three times at most, and then a person sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import AuditEntry
from cases.models import TimelineEvent
from core.errors import WrongState
from core.keystore import KeyDestroyed
from notices import lifecycle
from notices.models import Message, ReceivedMail
from notices.receiving import parsing, understanding
from notices.replies import quarantine
from tests import factories
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db, frozen):
    return factories.organisation()


def read(raw, at, **place):
    mail = mails.stored(raw, at, **place)
    return understanding.understand(mail.pk, at)


def test_a_mail_from_an_unknown_sender_is_kept_and_shown_to_who_may_match_it(
    office, frozen, people
):
    raw = bytes(mails.mail("Who am I?\n", From="stranger@nowhere.example"))
    message = read(raw, frozen.now)
    assert message.notice is None
    assert message.text.strip() == "Who am I?"
    assert message in Message.objects.visible_to(people.coordinator)
    assert message not in Message.objects.visible_to(people.stranger)
    assert ReceivedMail.objects.get().state == "understood"


def test_an_answer_to_a_notices_own_address_belongs_to_it_and_to_its_key(desk, frozen):
    notice = desk.sent()
    frozen.shift(hours=1)
    mail = mails.stored(bytes(mails.mail()), frozen.now, to=mails.reply_to(notice))
    own_key = mail.key_id
    message = understanding.understand(mail.pk, frozen.now)
    assert message.notice == notice
    assert (message.matched_by_machine, message.matched_at) == (True, frozen.now)
    mail.refresh_from_db()
    assert {message.key_id, mail.key_id} == {desk.case.key_id}
    assert mails.TEXT.encode() in mail.stripped
    assert mail.key_id != own_key
    event = TimelineEvent.objects.filter(kind="reply.received").get()
    assert (event.case, event.actor_name) == (desk.case, "")
    assert AuditEntry.objects.filter(verb="reply.received", actor_name="Recourse").count() == 1


def test_the_key_that_a_matched_mail_had_before_is_destroyed(
    desk, frozen, django_capture_on_commit_callbacks
):
    mail = mails.stored(bytes(mails.mail()), frozen.now, to=mails.reply_to(desk.sent()))
    before = ReceivedMail.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        understanding.understand(mail.pk, frozen.now)
    with pytest.raises(KeyDestroyed):
        str(before.stripped)


def test_one_mail_to_two_of_our_addresses_is_one_message(desk, frozen):
    notice = desk.sent()
    to = f"{mails.reply_to(notice)}, notices@harbour.example"
    plain = bytes(mails.mail(to=to))
    first = b"Delivered-To: notices@harbour.example\n" + plain
    second = b"X-Original-To: " + mails.reply_to(notice).encode() + b"\n" + plain
    read(first, frozen.now)
    assert read(second, frozen.now, to=mails.reply_to(notice)) is None
    assert read(second, frozen.now, to=mails.reply_to(notice)) is None
    assert Message.objects.count() == 1
    assert list(ReceivedMail.objects.values_list("state", flat=True)) == ["understood"] * 2


def test_the_same_message_id_with_another_text_is_another_message(office, frozen):
    read(bytes(mails.mail()), frozen.now)
    read(bytes(mails.mail("Another text.\n")), frozen.now)
    assert Message.objects.count() == 2
    assert Message.objects.filter(mail__same_message_id=True).count() == 1


def test_a_date_before_our_first_message_is_ours_and_the_original_kept(desk, frozen):
    notice = desk.sent()
    arrived = frozen.shift(hours=3)
    raw = bytes(mails.mail(Date="Thu, 01 Jan 1970 00:00:00 +0000"))
    message = read(raw, arrived, to=mails.reply_to(notice))
    assert message.received_at == arrived
    assert message.claimed_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_date_that_can_be_true_counts(desk, frozen):
    notice = desk.sent()
    written = frozen.shift(hours=1)
    arrived = frozen.shift(hours=2)
    raw = bytes(mails.mail(Date=f"{written:%a, %d %b %Y %H:%M:%S} +0000"))
    message = read(raw, arrived, to=mails.reply_to(notice))
    assert (message.received_at, message.claimed_at) == (written, None)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Foo 20266 25:61:00 +9999"])
def test_a_mail_without_a_date_arrived_when_it_arrived(office, frozen, date):
    message = read(bytes(mails.mail(Date=date)), frozen.now)
    assert (message.received_at, message.claimed_at) == (frozen.now, None)


def test_an_answer_from_the_future_arrived_now(office, frozen):
    message = read(bytes(mails.mail(Date="Wed, 01 Jan 2031 00:00:00 +0000")), frozen.now)
    assert message.received_at == frozen.now
    assert message.claimed_at == datetime(2031, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("end", [lifecycle.finish, lifecycle.withdraw])
def test_an_answer_to_a_notice_that_is_over_is_accepted(desk, frozen, people, end):
    notice = desk.sent()
    frozen.shift(hours=1)
    end(notice, people.coordinator, frozen.now)
    frozen.shift(hours=1)
    message = read(bytes(mails.mail(Date="")), frozen.now, to=mails.reply_to(notice))
    assert message.notice == notice
    assert message.came_after_closing
    assert desk.again(notice).status in {"done", "withdrawn"}


def test_a_mail_that_cannot_be_read_waits_in_quarantine_after_three_tries(
    office, frozen, monkeypatch
):
    def fail(content):
        raise parsing.CannotRead("died")

    mail = mails.stored(bytes(mails.mail()), frozen.now)
    monkeypatch.setattr(parsing, "parse", fail)
    states = []
    for _ in range(4):
        understanding.understand_stored()
        mail.refresh_from_db()
        states.append((mail.state, mail.attempts))
        frozen.shift(minutes=2)
    assert states == [("stored", 1), ("stored", 2), *[("quarantined", 3)] * 2]
    assert mail.trouble == "died"


def test_a_mail_that_killed_its_readers_is_given_up(office, frozen):
    mail = mails.stored(bytes(mails.mail()), frozen.now)
    later = frozen.now + timedelta(minutes=2)
    ReceivedMail.objects.update(attempts=3, next_try_at=later)
    assert understanding.understand_stored() == 0
    mail.refresh_from_db()
    assert mail.state == "stored", "its last reader may still be at it"
    frozen.shift(minutes=3)
    understanding.understand_stored()
    mail.refresh_from_db()
    assert (mail.state, mail.trouble) == ("quarantined", "died")


def test_a_bad_mail_does_not_keep_the_next_one_waiting(office, frozen, monkeypatch):
    bad = mails.stored(bytes(mails.mail("bad\n")), frozen.now)
    good = mails.stored(bytes(mails.mail("good\n")), frozen.now)
    whole = parsing.parse

    def fail(content):
        if b"bad" in content:
            raise ValueError
        return whole(content)

    monkeypatch.setattr(parsing, "parse", fail)
    assert understanding.understand_stored() == 1
    bad.refresh_from_db(), good.refresh_from_db()
    assert (bad.state, bad.trouble, good.state) == ("stored", "error", "understood")


def test_a_round_that_is_over_begins_no_other_mail(office, frozen, monkeypatch):
    for n in range(4):
        mails.stored(bytes(mails.mail(f"Mail {n}\n")), frozen.now)
    seconds, begun = [0.0], []

    def slow(mail_id, at, office):
        begun.append(mail_id)
        seconds[0] += 20

    monkeypatch.setattr(understanding, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(understanding, "understand", slow)
    understanding.understand_stored()
    assert len(begun) == 2


def test_reading_again_lets_a_mail_out_of_quarantine_once(office, frozen, people):
    mail = mails.stored(bytes(mails.mail()), frozen.now)
    ReceivedMail.objects.update(state="quarantined", attempts=3, trouble="died")
    quarantine.try_again(mail, people.coordinator, frozen.now)
    assert understanding.understand_stored() == 1
    assert Message.objects.get().mail == mail
    with pytest.raises(WrongState):
        quarantine.try_again(mail, people.coordinator, frozen.now)


def test_two_who_read_one_mail_make_one_message(office, frozen):
    mail = mails.stored(bytes(mails.mail()), frozen.now)
    understanding.understand(mail.pk, frozen.now)
    assert understanding.understand(mail.pk, frozen.now) is None
    assert Message.objects.count() == 1
