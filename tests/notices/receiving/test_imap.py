"""The mailbox, on a real server: nothing marked before it is kept, nothing kept twice."""

import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from imaplib import IMAP4

import pytest
from django.db import connection
from imap_tools.errors import MailboxLoginError

from core import advisory
from notices import tasks
from notices.models import Message, ReceivedMail
from notices.receiving import imap, storing, understanding
from tests import factories, imap_server
from tests.notices.delivery.test_tls import certificate
from tests.notices.receiving import mails, pictures
from tests.proxies import BreakingLine

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def box():
    factories.organisation()
    with imap_server.running() as mailbox:
        yield mailbox


def deliver(box, count, begin=0):
    for n in range(begin, begin + count):
        box.deliver(bytes(mails.mail(f"Answer {n}.\n", Message_ID=f"<{n}@x.example>")))


def hashes():
    return set(ReceivedMail.objects.values_list("content_hash", flat=True))


def test_what_lies_there_is_kept_and_then_marked_as_seen(box):
    deliver(box, 3)
    assert imap.poll(box.url()) == 3
    assert ReceivedMail.objects.filter(source="imap", uid__isnull=False).count() == 3
    assert box.seen() == 3
    assert imap.poll(box.url()) == 0
    understanding.understand_stored()
    assert {m.text.strip() for m in Message.objects.all()} == {f"Answer {n}." for n in range(3)}


def test_nothing_is_marked_before_it_is_committed(box, monkeypatch):
    deliver(box, 2)

    def away(*args, **kwargs):
        raise IMAP4.abort

    monkeypatch.setattr(storing, "store", away)
    with pytest.raises(IMAP4.abort):
        imap.poll(box.url())
    assert box.seen() == 0


def test_the_original_stays_there_as_it_came(box):
    raw = pictures.attachment(pictures.png()).replace(b"\n", b"\r\n")
    box.deliver(raw)
    imap.poll(box.url())
    (kept,) = (box.inbox / "cur").iterdir()
    assert kept.read_bytes() == raw
    assert ReceivedMail.objects.get().dropped[0]["type"] == "image/png"


def test_a_mail_that_the_server_does_not_hand_out_stops_no_other(box, monkeypatch):
    deliver(box, 3)
    ask = IMAP4.uid

    def refusing(client, *words):
        is_second = words == ("FETCH", "2", "(BODY.PEEK[])")
        return ("NO", [b"[SERVERBUG]"]) if is_second else ask(client, *words)

    with monkeypatch.context() as patch:
        patch.setattr(IMAP4, "uid", refusing)
        with pytest.raises(imap.NotKept):
            imap.poll(box.url())
    assert (ReceivedMail.objects.count(), box.seen()) == (2, 2)
    assert imap.poll(box.url()) == 1, "it has no mark, so it is asked for again"


def test_what_somebody_marked_as_deleted_is_not_thrown_away_here(box):
    deliver(box, 2)
    (first, _second) = (box.inbox / "new").iterdir()
    first.rename(box.inbox / "cur" / f"{first.name}:2,T")
    imap.poll(box.url())
    assert len(box.names()) == 2
    assert ReceivedMail.objects.count() == 2


def test_a_mail_that_somebody_opened_first_is_kept_all_the_same(box):
    deliver(box, 1)
    imap.poll(box.url())
    deliver(box, 1, begin=1)
    (opened,) = (box.inbox / "new").iterdir()
    opened.rename(box.inbox / "cur" / f"{opened.name}:2,S")
    assert imap.poll(box.url()) == 1
    assert ReceivedMail.objects.count() == 2


def test_after_a_change_of_uidvalidity_all_is_looked_at_and_nothing_is_kept_twice(box):
    deliver(box, 5)
    imap.poll(box.url())
    before, validity = hashes(), ReceivedMail.objects.first().uid_validity
    box.forget_numbers()
    deliver(box, 1, begin=5)
    assert imap.poll(box.url()) == 1
    assert len(hashes()) == 6
    assert hashes() > before
    assert set(ReceivedMail.objects.values_list("uid_validity", flat=True)) == {validity + 1}
    assert imap.poll(box.url()) == 0


def test_a_copy_in_the_mailbox_is_fetched_once_and_not_at_every_look(box, monkeypatch):
    raw = bytes(mails.mail())
    for _ in range(3):
        box.deliver(raw)
    assert imap.poll(box.url()) == 1
    fetched = []
    monkeypatch.setattr(imap._Round, "_store", lambda *args: fetched.append(args))
    assert imap.poll(box.url()) == 0
    assert fetched == []


def test_a_line_that_breaks_in_the_middle_of_a_mail_goes_on_from_there(box):
    for n in range(6):
        box.deliver(bytes(mails.mail(f"{n} " + "word " * 4000, Message_ID=f"<{n}@x.example>")))
    line = BreakingLine(box.port, [30_000, 50_000])
    assert imap.poll(box.url(line.port)) == 6
    line.close()
    assert line.broken == 2
    texts = {bytes(mail.stripped).count(b"word ") for mail in ReceivedMail.objects.all()}
    assert texts == {4000}
    assert box.seen() == 6
    assert imap.poll(box.url()) == 0


def test_a_mail_at_which_the_line_always_breaks_stops_no_later_one(box):
    box.deliver(bytes(mails.mail("Long answer. " * 20_000, Message_ID="<long@x.example>")))
    deliver(box, 20)
    line = BreakingLine(box.port, [100_000] * 3)
    with pytest.raises(IMAP4.abort):
        imap.poll(box.url(line.port))
    assert (line.broken, ReceivedMail.objects.count(), box.seen()) == (3, 20, 20)
    assert imap.poll(box.url()) == 1


def test_a_server_that_never_answers_is_left_alone_until_the_next_look(box, caplog):
    deliver(box, 1)
    line = BreakingLine(box.port, [40, 40, 40, 40])
    with pytest.raises((IMAP4.abort, OSError)), caplog.at_level(logging.WARNING):
        imap.poll(box.url(line.port))
    line.close()
    assert caplog.text.count("mailbox.broken") == 3
    assert "harbour" not in caplog.text
    assert imap.poll(box.url()) == 1


def test_while_one_is_at_it_another_leaves_the_mailbox_alone(box):
    deliver(box, 1)

    def other():
        try:
            return imap.poll(box.url())
        finally:
            connection.close()

    with advisory.alone(f"mailbox {imap.address(box.url()).name}"), ThreadPoolExecutor() as pool:
        assert pool.submit(other).result() == 0
    assert box.seen() == 0
    assert imap.poll(box.url()) == 1


def test_a_mail_that_is_too_large_is_not_fetched_whole(box, monkeypatch):
    monkeypatch.setattr(storing, "LARGEST", 300_000)
    box.deliver(bytes(mails.mail("word " * 100_000)))
    assert imap.poll(box.url()) == 1
    mail = ReceivedMail.objects.get()
    assert (mail.state, mail.trouble) == ("quarantined", "too_large")
    assert mail.size > 500_000
    assert b"Subject: Your report" in mail.stripped
    box.forget_numbers()
    assert imap.poll(box.url()) == 0


def test_an_empty_mail_is_kept_too(box):
    box.deliver(b"")
    deliver(box, 1)
    assert imap.poll(box.url()) == 2


def test_a_wrong_password_is_an_error_and_not_silence(box):
    with pytest.raises(MailboxLoginError):
        imap.poll(box.url().replace("%40ss", "other"))


def test_without_a_mailbox_the_tick_does_nothing(settings):
    settings.MAILBOX_URL = ""
    assert tasks.poll_mailbox() == 0


def test_a_server_without_a_known_certificate_is_not_told_the_password(tmp_path, monkeypatch):
    paths = certificate(tmp_path)
    factories.organisation()
    with imap_server.running(paths) as box:
        deliver(box, 1)
        url = box.url(box.tls_port, "imaps").replace("localhost", "127.0.0.1")
        with pytest.raises(ssl.SSLCertVerificationError):
            imap.poll(url)
        assert box.seen() == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(paths[0]))
        assert imap.poll(url) == 1
