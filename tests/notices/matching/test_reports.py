"""A mail server's report comes by SMTP like any other mail, and what follows from it follows."""

import pytest

from notices.models import Delivery
from notices.receiving import storing, understanding
from platforms.models import ChannelTrouble

pytestmark = pytest.mark.django_db

REPORT = """\
From: Mail Delivery System <mailer-daemon@mx.x.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Sat, 21 Nov 2026 13:30:00 +0000
Message-ID: <report-1@mx.x.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system. Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.x.example

Final-Recipient: rfc822; removal@x.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Notice

--b--
"""


@pytest.fixture
def left(desk):
    """A mail that left for removal@x.example."""
    notice = desk.sent()
    delivery = notice.deliveries.get()
    values = {"state": "sent", "sent_at": desk.at, "handed_over_at": desk.at}
    Delivery.objects.filter(pk=delivery.pk).update(**values)
    delivery.refresh_from_db()
    return delivery


def reported(left, at, **told):
    values = {"to": "notices@harbour.example", "message_id": left.message_id, **told}
    raw = REPORT.format(**values).encode()
    mail = storing.store(
        raw, source="smtp", envelope={"from": "", "to": [values["to"]]}, at=at, received_at=at
    )[0]
    message = understanding.understand(mail.pk, at)
    left.refresh_from_db()
    return message


def test_no_such_address_marks_the_channel_and_is_proposed_as_such(left, frozen):
    at = frozen.shift(hours=2)
    message = reported(left, at, action="failed", status="5.1.1", words="550 no such user")
    assert (message.notice, message.proposed) == (left.notice, "bounced_no_such_address")
    assert message.reading["bounce"]["status"] == "5.1.1"
    assert (left.bounced_at is not None, left.bounce_code) == (True, "5.1.1")
    assert ChannelTrouble.objects.get().kind == "no_such_address"


def test_delivered_is_noted_and_proposes_nothing(left, frozen):
    at = frozen.shift(hours=2)
    message = reported(left, at, action="delivered", status="2.0.0", words="250 ok")
    assert (message.notice, message.proposed) == (left.notice, "")
    assert left.delivered_at is not None
    assert left.bounced_at is None


def test_a_report_on_a_mail_that_is_not_ours_changes_nothing(left, frozen):
    at = frozen.shift(hours=2)
    told = {"message_id": "<other@harbour.example>"}
    reported(left, at, action="failed", status="5.1.1", words="550 no such user", **told)
    assert (left.bounced_at, ChannelTrouble.objects.count()) == (None, 0)
