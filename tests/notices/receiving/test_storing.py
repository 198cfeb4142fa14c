"""A mail is kept once, whole as far as it may be, and before anybody reads it."""

import pytest

from core import crypto, keystore
from notices.models import ReceivedMail
from notices.receiving import parsing, storing
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db


def test_a_mail_is_kept_with_its_envelope_and_waits(frozen):
    raw = bytes(mails.mail())
    mail = mails.stored(raw, frozen.now)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.source, mail.size) == ("stored", 0, "smtp", len(raw))
    assert mail.envelope == {"from": "desk@x.example", "to": ["notices@harbour.example"]}
    assert mails.TEXT.encode() in mail.stripped
    assert mail.dropped == []


def test_the_same_content_is_here_already_whatever_its_line_ends(frozen):
    raw = bytes(mails.mail())
    first = mails.stored(raw, frozen.now)
    envelope = {"from": "", "to": []}
    again = {"source": "files", "envelope": envelope, "at": frozen.now, "received_at": frozen.now}
    for copy in (raw, raw.replace(b"\n", b"\r\n")):
        assert storing.store(copy, **again) == (first, False)
    assert ReceivedMail.objects.count() == 1


def test_a_message_id_seen_with_other_content_is_kept_and_flagged(frozen):
    first = mails.stored(bytes(mails.mail()), frozen.now)
    second = mails.stored(bytes(mails.mail("Something else.\n")), frozen.now)
    assert first.message_id_index == second.message_id_index
    assert [first.same_message_id, second.same_message_id] == [False, True]


def test_mails_without_a_message_id_do_not_share_one(frozen):
    texts = ("One.\n", "Two.\n")
    rows = [mails.stored(bytes(mails.mail(text, Message_ID="")), frozen.now) for text in texts]
    assert [row.same_message_id for row in rows] == [False, False]
    assert [row.message_id_index for row in rows] == ["", ""]


def test_a_mail_is_sealed_with_a_key_of_its_own(frozen):
    one, two = (mails.stored(bytes(mails.mail(text)), frozen.now) for text in ("A\n", "B\n"))
    assert one.key_id != two.key_id
    keystore.destroy(one.key_id)
    with pytest.raises(keystore.KeyDestroyed):
        str(ReceivedMail.objects.get(pk=one.pk).stripped)
    assert b"B" in ReceivedMail.objects.get(pk=two.pk).stripped
    assert crypto.VERSION


def test_a_mail_that_is_too_large_is_quarantined_with_what_its_top_tells(frozen, monkeypatch):
    monkeypatch.setattr(storing, "LARGEST", 10_000)
    raw = bytes(mails.mail("word " * 3000))
    mail = mails.stored(raw, frozen.now)
    assert (mail.state, mail.trouble, mail.size) == ("quarantined", "too_large", len(raw))
    assert b"Subject: Your report" in mail.stripped
    assert b"word" not in mail.stripped
    assert mails.stored(raw, frozen.now).pk == mail.pk


def test_a_mail_that_its_reader_cannot_bear_is_quarantined_and_never_lost(frozen, monkeypatch):
    def fail(raw):
        raise parsing.CannotRead("died")

    monkeypatch.setattr(parsing, "strip", fail)
    mail = mails.stored(bytes(mails.mail()), frozen.now)
    assert (mail.state, mail.trouble) == ("quarantined", "died")
    assert b"Message-ID: <answer-1@x.example>" in mail.stripped
    assert mail.dropped[0]["type"] == "message"
    assert mail.message_id_index
