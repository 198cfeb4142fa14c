"""Reports of mail servers, by the standard and in their own words."""

import pytest

from notices.reading.bounces import Outcome, Reason, look
from notices.reading.parsed import Parsed

MAILER = {"from_address": "mailer-daemon@mx.x.example", "subject": "Undelivered Mail"}


def report(action="failed", status="5.0.0", words="", recipient="removal@x.example", **changes):
    row = {
        "final-recipient": f"rfc822; {recipient}", "action": action, "status": status,
        "diagnostic-code": f"smtp; {words}",
    }  # fmt: skip
    rows = ({"reporting-mta": "dns; mx.x.example"}, row)
    return Parsed(report_type="delivery-status", delivery_status=rows, **MAILER, **changes)


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        ("5.1.1", "550 5.1.1 user unknown", "no_such_address"),
        ("5.1.2", "bad destination system", "no_such_address"),
        ("5.1.10", "null MX", "no_such_address"),
        ("5.2.1", "mailbox disabled", "no_such_address"),
        ("5.4.4", "host not found", "no_such_address"),
        ("5.0.0", "550 no such user here", "no_such_address"),
        ("5.2.2", "552 over quota", "mailbox_full"),
        ("4.2.2", "452 mailbox full", "mailbox_full"),
        ("5.0.0", "552 mailbox is full", "mailbox_full"),
        ("5.7.1", "554 rejected as spam", "refused"),
        ("5.7.26", "unauthenticated mail, DMARC", "refused"),
        ("5.3.4", "message too large", "refused"),
        ("5.1.1", "550 looks like spam", "refused"),
        ("5.0.0", "554 listed on a blocklist", "refused"),
        ("5.5.0", "protocol error", "refused"),
        ("5.4.7", "delivery time expired", "temporary"),
        ("5.0.0", "no words that are known", "refused"),
    ],
)
def test_the_reason_follows_from_code_and_words(status, words, reason):
    bounce = look(report(status=status, words=words), "")
    assert (bounce.outcome, bounce.reason) == (Outcome.FAILED, reason)
    assert (bounce.status, bounce.recipient) == (status, "removal@x.example")


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("delayed", "4.4.1", "delayed"),
        ("delivered", "2.0.0", "delivered"),
        ("relayed", "2.0.0", "relayed"),
        ("expanded", "2.0.0", "relayed"),
        ("", "4.2.0", "delayed"),
        ("", "5.1.1", "failed"),
    ],
)
def test_what_became_of_it_is_told_apart(action, status, outcome):
    assert look(report(action=action, status=status), "").outcome == outcome


def test_a_delay_is_temporary_whatever_its_words_say():
    assert look(report("delayed", "4.1.1", "user unknown"), "").reason == Reason.TEMPORARY


def test_what_fared_worst_counts_and_our_archive_does_not():
    first, second = report("delivered", "2.0.0"), report(recipient="archive@harbour.example")
    rows = (*first.delivery_status, *second.delivery_status)
    both = Parsed(report_type="delivery-status", delivery_status=rows, **MAILER)
    assert look(both, "").outcome == Outcome.FAILED
    assert look(both, "", frozenset({"archive@harbour.example"})).outcome == Outcome.DELIVERED
    assert look(second, "", frozenset({"archive@harbour.example"})) is None


def test_it_knows_the_mail_that_came_back():
    parsed = report(returned={"message-id": "<1@reply.harbour.example>"})
    assert look(parsed, "").message_ids == ("<1@reply.harbour.example>",)


def test_an_abuse_report_is_a_complaint():
    told = {"feedback-type": "abuse", "original-rcpt-to": "rfc822; desk@x.example"}
    bounce = look(Parsed(report_type="feedback-report", feedback=told), "")
    assert (bounce.outcome, bounce.answer) == (Outcome.COMPLAINT, "bounced_refused")
    assert bounce.recipient == "desk@x.example"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "<a@x.example>:\nSorry, no mailbox here by that name. (#5.1.1)",
            "bounced_no_such_address",
        ),
        ("The recipient's mailbox is full. 552 5.2.2", "bounced_mailbox_full"),
        ("Das Postfach des Empfängers ist voll.", "bounced_mailbox_full"),
        ("L'adresse a@x.example n'existe pas.", "bounced_no_such_address"),
        ("La casella è piena.", "bounced_mailbox_full"),
        ("El buzón está lleno.", "bounced_mailbox_full"),
        ("Het adres a@x.example is onbekend.", "bounced_no_such_address"),
        ("554 message rejected: looks like spam", "bounced_refused"),
        ("Your message is delayed and will be retried.", "bounced_mailbox_full"),
    ],
)
def test_reports_in_their_own_words_are_read_too(text, answer):
    assert look(Parsed(text=text, **MAILER), text).answer == answer


def test_a_person_who_writes_of_full_mailboxes_is_no_mail_server():
    assert look(Parsed(from_address="jo@x.example", text="My mailbox is full."), "") is None
