"""Our own door for mail: what it takes, what it refuses, and when it says yes."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import OperationalError, connection

from accounts.models import Organisation
from notices.models import ReceivedMail
from notices.receiving import smtp, storing
from tests import factories
from tests.door.processes import free_ports
from tests.notices.receiving import mails

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
PLATFORM = "desk@x.example"
ROLE = "notices@harbour.example"


@pytest.fixture
def nudges() -> list[int]:
    return []


@pytest.fixture
def port(nudges: list[int]) -> Iterator[int]:
    if connection.vendor != "postgresql":
        pytest.skip("its threads need a database of their own: run bin/test")
    factories.organisation()
    (free,) = free_ports(1)
    door = smtp.listen("127.0.0.1", free, lambda: nudges.append(1))
    yield free
    door.stop()


@pytest.fixture
def client(port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as open_:
        yield open_


def test_a_mail_to_us_is_committed_before_the_250(client, nudges):
    raw = bytes(mails.mail())
    client.sendmail(PLATFORM, [ROLE, "r-any@Reply.Harbour.example"], raw)
    mail = ReceivedMail.objects.get()
    assert mail.source == "smtp"
    assert mail.envelope == {"from": PLATFORM, "to": [ROLE, "r-any@Reply.Harbour.example"]}
    assert mails.TEXT.encode() in mail.stripped
    assert nudges == [1]


@pytest.mark.parametrize(
    "recipient",
    [
        "somebody@elsewhere.example", "notices@reply.harbour.example.elsewhere.example",
        "elsewhere.example!x@harbour.example", "advocate@harbour.example", "notices",
        "@reply.harbour.example:somebody@elsewhere.example",
    ],
)  # fmt: skip
def test_it_relays_for_nobody(client, recipient):
    client.helo()
    client.mail(PLATFORM)
    assert client.rcpt(recipient)[0] in {550, 501, 553}
    assert client.docmd("DATA")[0] == 503
    assert not ReceivedMail.objects.exists()


def test_a_bounce_has_no_sender_and_is_taken(client):
    client.sendmail("", [ROLE], bytes(mails.mail()))
    assert ReceivedMail.objects.get().envelope["from"] == ""


def test_without_its_database_the_mail_stays_with_the_sender(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(storing, "store", away)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(PLATFORM, [ROLE], bytes(mails.mail()))
    assert refused.value.smtp_code == 451
    monkeypatch.setattr(smtp, "answer_to", away)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as waiting:
        client.sendmail(PLATFORM, [ROLE], bytes(mails.mail()))
    assert waiting.value.recipients[ROLE][0] == 451


def test_a_mail_that_is_too_large_is_refused_at_the_door(client, monkeypatch):
    monkeypatch.setattr(storing, "LARGEST", 20_000)
    with smtplib.SMTP("127.0.0.1", client.sock.getpeername()[1], timeout=10) as fresh:
        fresh.helo()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            fresh.sendmail(PLATFORM, [ROLE], bytes(mails.mail("word\n" * 5000)))
    assert refused.value.smtp_code == 552
    assert not ReceivedMail.objects.exists()


def test_the_size_that_a_sender_tells_is_believed_when_it_is_too_large(client):
    client.ehlo()
    assert client.mail(PLATFORM, [f"size={storing.LARGEST + 1}"])[0] == 552


def test_there_are_only_so_many_conversations(port, monkeypatch):
    monkeypatch.setattr(smtp, "MOST_CONNECTIONS", 3)
    doors = [smtplib.SMTP("127.0.0.1", port, timeout=10) for _ in range(3)]
    with pytest.raises(smtplib.SMTPConnectError) as busy:
        smtplib.SMTP("127.0.0.1", port, timeout=10)
    assert busy.value.smtp_code == 421
    doors[0].quit()
    doors[1].sendmail(PLATFORM, [ROLE], bytes(mails.mail()))
    for door in doors[1:]:
        door.close()


def test_nobody_pours_without_end(port, monkeypatch):
    monkeypatch.setattr(storing, "LARGEST", 100_000)
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    with closing(line), pytest.raises((BrokenPipeError, ConnectionResetError)):
        line.sendall(b"x" * 50_000_000)


def test_a_dot_that_is_none_and_a_second_mail_inside_stay_one_mail(client):
    smuggled = b"\n.\nMAIL FROM:<x@x.example>\r\nRCPT TO:<y@y.example>\r\nDATA\r\nSubject: second"
    client.sendmail(PLATFORM, [ROLE], bytes(mails.mail()) + b"\n..\r\n")
    client.ehlo()
    client.mail(PLATFORM)
    client.rcpt(ROLE)
    client.putcmd("DATA")
    client.getreply()
    client.send(b"Subject: first\r\n\r\nText" + smuggled + b"\r\n.\r\n")
    assert client.getreply()[0] == 250
    assert ReceivedMail.objects.count() == 2


def test_too_many_recipients_are_sent_in_two_mails(client):
    client.helo()
    client.mail(PLATFORM)
    codes = [client.rcpt(f"r-{n}@reply.harbour.example")[0] for n in range(51)]
    assert codes == [250] * 50 + [452]


def test_its_log_tells_no_address(client, caplog):
    with caplog.at_level("DEBUG"):
        client.sendmail(PLATFORM, [ROLE], bytes(mails.mail()))
    assert "mail.stored" in caplog.text
    for word in (PLATFORM, ROLE, "reference"):
        assert word not in caplog.text


def test_before_the_set_up_the_mail_stays_with_the_sender(client):
    Organisation.objects.all().delete()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as waiting:
        client.sendmail(PLATFORM, [ROLE], bytes(mails.mail()))
    assert waiting.value.recipients[ROLE][0] == 451
