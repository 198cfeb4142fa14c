"""A mail server's report comes by mail, is read, and does what it has to do by itself."""

from datetime import timedelta

import pytest

from notices import replies
from notices.models import Message
from notices.receiving import understanding
from notices.reminding import knowing
from notices.sending import rounds
from platforms.models import ChannelTrouble
from tests import factories
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.harbour.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 12:31:00 +0000
Message-ID: <{number}@mx.harbour.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.harbour.example.
{words}
--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.harbour.example

Final-Recipient: rfc822; removal@x.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--cut
Content-Type: text/rfc822-headers

From: Casework team <notices@harbour.example>
Message-ID: {returned}

--cut--
"""


@pytest.fixture
def left(people, frozen, tmp_path, settings):
    factories.organisation()
    sink = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{sink.port}"
    row = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    sink.stop()
    frozen.shift(minutes=30)
    row.refresh_from_db()
    return row


def told(row, at, action="failed", status="5.1.1", words="550 5.1.1 no such user", **changed):
    """Let a report on this mail arrive at its own address."""
    address = f"r-{row.approval.reply_token}@reply.harbour.example"
    given = {
        "to": address, "action": action, "status": status, "words": words, "number": 1,
        "returned": row.message_id, **changed,
    }  # fmt: skip
    mail = mails.stored(REPORT.format(**given).encode(), at, to=given["to"])
    message = understanding.understand(mail.pk, at)
    row.refresh_from_db()
    return message


def test_a_report_of_no_such_address_marks_the_channel_by_itself(left, frozen):
    message = told(left, frozen.now)
    assert message.notice == left.notice
    assert message.proposed == "bounced_no_such_address"
    assert (left.shown_state, left.bounce_code) == ("bounced", "5.1.1")
    assert ChannelTrouble.objects.get().kind == "no_such_address"
    assert left.log.last().reason == "no such address: smtp; 550 5.1.1 no such user"


def test_confirming_what_the_machine_did_does_it_no_second_time(left, people, frozen):
    message = told(left, frozen.now)
    replies.file(message, message.proposed, people.advocate, frozen.now)
    assert left.log.filter(phase__in=["report", "filed"]).count() == 1


def test_a_full_mailbox_waits_two_days(left, frozen):
    told(left, frozen.now, status="5.2.2", words="552 5.2.2 over quota")
    assert (left.state, left.due_at) == ("deferred", frozen.now + timedelta(days=2))


@pytest.mark.parametrize("action", ["delivered", "relayed"])
def test_a_report_of_delivery_is_noted(left, frozen, action):
    told(left, frozen.now, action=action, status="2.0.0", words="250 ok")
    assert left.delivered_at == frozen.now
    assert left.notice.outcomes.get().delivered_at == frozen.now


@pytest.mark.parametrize(
    ("action", "status", "asks"),
    [("delivered", "2.0.0", False), ("relayed", "2.0.0", False), ("failed", "5.1.1", True)],
)
def test_a_report_that_all_went_well_asks_nobody_to_read_it(left, frozen, action, status, asks):
    told(left, frozen.now, action=action, status=status, words="as it is")
    assert knowing.has_unread(left.notice) is asks


def test_a_report_on_a_mail_that_is_not_ours_is_left_to_a_person(left, frozen):
    told(left, frozen.now, action="delivered", status="2.0.0", returned="<1@elsewhere.example>")
    assert Message.objects.get().set_aside_at is None
    assert left.delivered_at is None


def test_what_their_server_still_tries_is_not_sent_a_second_time(left, people, frozen):
    message = told(left, frozen.now, action="delayed", status="4.4.1", words="still trying")
    assert left.state == "sent"
    replies.file(message, "bounced_mailbox_full", people.advocate, frozen.now)
    left.refresh_from_db()
    assert (left.state, left.bounces) == ("sent", 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"returned": "<1@elsewhere.example>"},
        {"to": "notices@harbour.example", "returned": "<1@elsewhere.example>"},
        {"to": f"r-{'0' * 32}@reply.harbour.example", "returned": "<1@elsewhere.example>"},
    ],
    ids=["foreign mail", "no address of ours", "guessed address"],
)
def test_a_forged_report_changes_nothing(left, frozen, changed):
    told(left, frozen.now, **changed)
    assert (left.shown_state, left.bounces) == ("sent", 0)
    assert not ChannelTrouble.objects.exists()
    assert Message.objects.count() == 1


def test_a_report_for_one_notice_says_nothing_of_another(left, frozen, settings, tmp_path):
    sink = MailSink.start(tmp_path / "other")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{sink.port}"
    other = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    sink.stop()
    other.refresh_from_db()
    told(left, frozen.now, returned=other.message_id)
    other.refresh_from_db()
    assert (left.shown_state, other.shown_state) == ("sent", "sent")


def test_the_report_of_our_own_archive_blames_nobody(left, frozen):
    raw = REPORT.replace("removal@x.example", "archive@harbour.example")
    address = f"r-{left.approval.reply_token}@reply.harbour.example"
    given = {"to": address, "action": "failed", "status": "5.1.1", "words": "no", "number": 1}
    text = raw.format(**given, returned=left.message_id)
    mail = mails.stored(text.encode(), frozen.now, to=address)
    understanding.understand(mail.pk, frozen.now)
    left.refresh_from_db()
    assert left.shown_state == "sent"
    assert not ChannelTrouble.objects.exists()
