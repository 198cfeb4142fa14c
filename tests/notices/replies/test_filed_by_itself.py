"""A program's receipt files itself where nothing in it has to be read; nothing else ever does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from notices import replies
from notices.models import Message, Outcome, Reminder
from notices.receiving import understanding
from notices.replies.showing import Reply
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db

RECEIPT = "We have received your report. Your ticket number is #48213.\n"


@pytest.fixture
def notice(desk, frozen):
    notice = desk.sent()
    frozen.shift(hours=1)
    return notice


def arrives(notice, frozen, text=RECEIPT, **headers):
    told = {"Auto_Submitted": "auto-replied", "Date": "", **headers}
    raw = bytes(mails.mail(text, to=mails.reply_to(notice), **told))
    mail = mails.stored(raw, frozen.now, to=mails.reply_to(notice))
    return understanding.understand(mail.pk, frozen.now)


def test_it_is_filed_with_its_number_and_says_who_filed_it(notice, frozen):
    message = arrives(notice, frozen)
    message.refresh_from_db()
    assert (message.answer, message.filed_at) == ("ticket_assigned", frozen.now)
    assert (message.filed_by, message.filed_by_machine, message.is_automatic) == (None, True, True)
    assert message.details == {"ticket": "48213"}
    names = ("acknowledged_at", "answered_at", "decided_at", "claimed")
    told = Outcome.objects.filter(notice=notice).values_list(*names)
    assert set(told) == {(frozen.now, None, None, "")}
    assert AuditEntry.objects.filter(verb="reply.filed", actor_name="Recourse").count() == 1


def test_it_holds_no_reminder_back(notice, frozen):
    arrives(notice, frozen)
    frozen.shift(hours=200)
    assert not Reminder.objects.filter(state="blocked").exists()
    arrives(notice, frozen, "Is it still there?\n", Message_ID="<answer-2@x.example>")
    assert Reminder.objects.filter(state="blocked").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": ""},
        {"From": "Trust Desk <desk@elsewhere.example>"},
        {"text": f"{RECEIPT}\nSend us her passport.\n"},
        {"text": "We have received your report. We will answer within 25 days.\n"},
    ],
    ids=["a person", "another sender", "a demand", "a long promise"],
)
def test_a_person_files_it_where_anything_is_in_doubt(notice, frozen, headers):
    message = arrives(notice, frozen, **headers)
    message.refresh_from_db()
    assert message.filed_at is None
    assert not Outcome.objects.filter(notice=notice).exclude(acknowledged_at=None).exists()


@pytest.mark.parametrize(("verdict", "by_itself"), [("pass", True), ("fail", False)])
def test_a_person_files_it_where_it_is_forged(notice, frozen, settings, verdict, by_itself):
    settings.AUTHSERV_ID = "mx.harbour.example"
    told = f"mx.harbour.example; dmarc={verdict} header.from=x.example"
    message = arrives(notice, frozen, Authentication_Results=told)
    message.refresh_from_db()
    assert message.filed_by_machine is by_itself


def test_a_person_files_it_where_something_was_taken_out_of_it(notice, frozen):
    told = {"Auto_Submitted": "auto-replied", "Date": ""}
    mail = mails.mail(RECEIPT, to=mails.reply_to(notice), **told)
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="zip", filename="form.zip")
    stored = mails.stored(bytes(mail), frozen.now, to=mails.reply_to(notice))
    assert understanding.understand(stored.pk, frozen.now).filed_at is None


@pytest.mark.parametrize(
    ("html", "by_itself"),
    [
        ("<p>We have received your report.</p><p>Your ticket number is #48213.</p>", True),
        ("<p>We have received your report.</p><p>Send us her passport.</p>", False),
    ],
)
def test_a_person_files_it_where_its_html_says_more(notice, frozen, html, by_itself):
    told = {"Auto_Submitted": "auto-replied", "Date": ""}
    mail = mails.mail(RECEIPT, to=mails.reply_to(notice), **told)
    mail.add_alternative(html, subtype="html")
    stored = mails.stored(bytes(mail), frozen.now, to=mails.reply_to(notice))
    assert bool(understanding.understand(stored.pk, frozen.now).filed_at) is by_itself


def test_a_person_files_it_where_only_its_thread_could_be_guessed(notice, frozen):
    told = {"Auto_Submitted": "auto-replied", "Date": ""}
    mail = mails.stored(bytes(mails.mail(RECEIPT, **told)), frozen.now)
    assert understanding.understand(mail.pk, frozen.now).filed_at is None


def test_it_can_be_taken_back_long_after_and_moved_then(notice, frozen, people):
    message = arrives(notice, frozen)
    frozen.shift(days=3)
    message.refresh_from_db()
    replies.unfile(message, people.advocate, frozen.now)
    message.refresh_from_db()
    assert (message.answer, message.filed_at, message.filed_by_machine) == ("", None, False)
    assert not Outcome.objects.filter(notice=notice).exclude(acknowledged_at=None).exists()
    assert replies.may_be_detached(message, frozen.now)
    replies.detach(message, people.coordinator, frozen.now)
    assert message.notice is None


def test_a_promise_in_it_holds_the_reminder_back(notice, frozen):
    text = "We have received your report. We will answer within 9 days.\n"
    arrives(notice, frozen, text)
    notice.refresh_from_db()
    assert notice.estimate_until is not None
    assert notice.estimate_until - frozen.now <= timedelta(days=10)


@pytest.mark.parametrize("answer", ["removed", "identity_requested", "refused_no_violation"])
def test_the_database_lets_no_machine_file_anything_else(notice, frozen, answer):
    message = arrives(notice, frozen)
    with pytest.raises(IntegrityError, match="machine_files_receipts"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(answer=answer)


def test_nobody_is_asked_to_note_a_number_that_is_noted(notice, frozen, people):
    with_number = Reply(arrives(notice, frozen), people.advocate, frozen.now)
    without = arrives(notice, frozen, "We received your report.\n", Message_ID="<2@x.example>")
    without.answer = "ticket_assigned"
    assert with_number.message.answer == "ticket_assigned"
    assert with_number.next_step == ""
    assert Reply(without, people.advocate, frozen.now).next_step == "add their number to the notice"
