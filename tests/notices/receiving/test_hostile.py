"""No mail, however made, stops the next one: it is read, or it waits in quarantine."""

import base64
import io
import os
import zipfile
import zlib
from pathlib import Path
from time import monotonic

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from core import child
from core.child import Child
from notices.models import Message, ReceivedMail
from notices.receiving import files, parsing, storing, understanding
from tests import factories
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db
PLANTED = Path(__file__).parent / "planted_reader.py"
TOP = b"From: desk@x.example\nTo: notices@harbour.example\nSubject: x\nMessage-ID: <h@x.example>\n"
MEGABYTE = 1024**2
MOST_MEMORY = 400 * MEGABYTE


def nested(depth):
    part = b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n'
    return TOP + b"".join(part % (n, n) for n in range(depth))


def nested_messages(depth):
    return TOP + b"Content-Type: message/rfc822\n\n" * depth + b"Subject: inner\n\ntext\n"


def parameters(count):
    told = b"".join(b"; p%d=v" % n for n in range(count))
    return TOP + b"Content-Type: text/plain" + told + b"\n\nStill a text.\n"


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(50 * MEGABYTE))
    assert packed.tell() < 60_000
    message = mails.mail()
    message.add_attachment(packed.getvalue(), maintype="application", subtype="zip")
    return bytes(message)


def pdf_bomb():
    """Return a PDF of 50 KB whose page unpacks to 50 MB of text operators."""
    page = zlib.compress(b"BT /F 9 Tf (x) Tj ET\n" * 2_500_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(page) + page + b"\nendstream",
    ]
    made = b"%PDF-1.4\n"
    made += b"".join(b"%d 0 obj\n" % n + each + b"\nendobj\n" for n, each in enumerate(objects, 1))
    made += b"trailer << /Size 5 /Root 1 0 R >>\n%%EOF\n"
    message = mails.mail()
    message.add_attachment(made, maintype="application", subtype="pdf")
    return bytes(message)


READ, QUARANTINED = "understood", "quarantined"
HOSTILE = {
    "nested 2,000 deep": (lambda: nested(2000), QUARANTINED),
    "nested 5,000 deep": (lambda: nested(5000), QUARANTINED),
    "messages 2,000 deep": (lambda: nested_messages(2000), QUARANTINED),
    "20,000 parameters": (lambda: parameters(20_000), READ),
    "200,000 parameters": (lambda: parameters(200_000), QUARANTINED),
    "10,000 parts": (
        lambda: TOP + b"Content-Type: multipart/mixed; boundary=b\n" + b"\n--b\n\nx\n" * 10_000,
        QUARANTINED,
    ),
    "huge subject": (lambda: b"Subject: " + b"x" * 26 * MEGABYTE + b"\n" + TOP, QUARANTINED),
    "long headers": (lambda: b"X-A: b\n" * 60_000 + TOP, QUARANTINED),
    "folded without end": (lambda: b"X-A: b\n" + b" c\n" * 80_000 + TOP + b"\nx", READ),
    "zip bomb": (bomb, READ),
    "pdf bomb": (pdf_bomb, READ),
    "NUL": (lambda: TOP + b"\nA \x00 text \x00\x00.\n", READ),
    "lone surrogates": (
        lambda: (
            TOP.replace(b": x", b": =?utf-7?q?+2AA-?=")
            + b'Content-Type: text/plain; charset="utf-16-le"\n\n\x00\xd8\x00\xd8A\x00\n'
        ),
        READ,
    ),
    "no Message-ID": (lambda: TOP.partition(b"Message-ID")[0] + b"\ntext\n", READ),
    "no header": (lambda: b"\n\n\n", READ),
    "nothing": (lambda: b"", READ),
    "base64 garbage": (
        lambda: TOP + b"Content-Transfer-Encoding: base64\n\n" + b"!?=\xff" * 50_000,
        READ,
    ),
    "To: ((((": (lambda: TOP + b"To: " + b"(" * 100_000 + b"\n\ntext\n", READ),
    "From: <<<<": (lambda: b"From: " + b"<" * 100_000 + b"\n" + TOP + b"\ntext\n", READ),
    "one giant line": (lambda: TOP + b"\n" + b"word" * 5 * MEGABYTE, READ),
    "unknown charset": (
        lambda: TOP + b"Content-Type: text/plain; charset=rot13\n\ntext\n",
        READ,
    ),
    "tags without end": (
        lambda: TOP + b"Content-Type: text/html\n\n" + b"<a href='" * 400_000,
        READ,
    ),
    "comments without end": (
        lambda: TOP + b"Content-Type: text/html\n\n" + b"<!-- <style> " * 300_000,
        READ,
    ),
    "quotes without end": (lambda: TOP + b"\n" + b"> " * 2 * MEGABYTE, READ),
    "begin without end": (lambda: TOP + b"\n" + b"begin 644 a\n" * 200_000, READ),
}


@pytest.fixture(autouse=True)
def _office(db):
    factories.organisation()


def memory_of(pid):
    with open(f"/proc/{pid}/status") as status:
        told = next(line for line in status if line.startswith("VmHWM"))
    return int(told.split()[1]) * 1024


def tries(frozen, mail):
    for _ in range(4):
        understanding.understand_stored()
        frozen.shift(minutes=2)
    mail.refresh_from_db()
    return mail


def assert_the_next_is_read_at_once(frozen):
    began = monotonic()
    following = mails.stored(bytes(mails.mail("next\n")), frozen.now)
    assert understanding.understand(following.pk, frozen.now).text.strip() == "next"
    assert monotonic() - began < 2 * max(1.0, os.getloadavg()[0])


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_read_or_quarantined_and_the_next_one_is_read(frozen, name):
    make, state = HOSTILE[name]
    mail = tries(frozen, mails.stored(make(), frozen.now))
    assert mail.state == state
    assert mail.stripped is not None
    assert Message.objects.count() == (1 if state == READ else 0)
    assert_the_next_is_read_at_once(frozen)
    assert memory_of(parsing._reader.pid) < MOST_MEMORY


def test_mails_with_one_message_id_are_all_kept(frozen):
    for text in ("one\n", "two\n", "three\n"):
        mails.stored(bytes(mails.mail(text)), frozen.now)
    understanding.understand_stored()
    assert Message.objects.count() == 3


@pytest.mark.services
def test_a_subject_of_a_hundred_megabytes_costs_no_memory(frozen, tmp_path):
    path = tmp_path / "huge.eml"
    with path.open("wb") as file:
        file.write(b"From: desk@x.example\nSubject: ")
        for _ in range(100):
            file.write(b"x" * MEGABYTE)
        file.write(b"\n\ntext\n")
    told = files.ingest_file(path, frozen.now)
    assert told.outcome == "quarantined"
    mail = ReceivedMail.objects.get()
    assert (mail.trouble, mail.size) == ("too_large", path.stat().st_size)
    assert len(mail.stripped) < 4096
    assert_the_next_is_read_at_once(frozen)


# ------------------------------------------------------------------ what kills its reader


@pytest.fixture
def weak(monkeypatch):
    child = Child(PLANTED, recycle_after=50, patience=60)
    monkeypatch.setattr(parsing, "_reader", child)
    yield child
    child.stop()


# F19 lets a reader die of all of these; here each takes three tries of its own.
SLOW = [pytest.param(death, marks=pytest.mark.long) for death in ("stack", "segfault", "loop")]
DEATHS = ["exit", "memory", *SLOW]


@pytest.mark.services
@pytest.mark.parametrize("death", DEATHS)
def test_a_mail_that_kills_its_reader_ends_in_quarantine_after_three_tries(frozen, weak, death):
    mail = mails.stored(bytes(mails.mail(f"plant:second:{death}\n")), frozen.now)
    assert mail.state == "stored"
    tries(frozen, mail)
    assert (mail.state, mail.attempts) == ("quarantined", 3)
    assert mail.trouble in {"died", "memoryerror"}
    assert_the_next_is_read_at_once(frozen)
    assert memory_of(weak.pid) < MOST_MEMORY


@pytest.mark.services
@pytest.mark.parametrize("death", DEATHS)
def test_a_mail_that_kills_who_strips_it_is_kept_in_a_cut_form(frozen, weak, death):
    mail = mails.stored(bytes(mails.mail(f"plant:first:{death}\n")), frozen.now)
    assert mail.state == "quarantined"
    assert b"plant" not in mail.stripped
    assert b"Subject: Your report" in mail.stripped
    assert_the_next_is_read_at_once(frozen)


def test_a_cut_mail_can_be_read_again_for_its_headers(frozen, weak, people):
    from notices.replies import quarantine

    mail = mails.stored(bytes(mails.mail("plant:first:exit\n")), frozen.now)
    quarantine.try_again(mail, people.coordinator, frozen.now)
    tries(frozen, mail)
    assert mail.state == "understood"
    assert (mail.message.subject, mail.message.text) == ("Your report", "")


def test_a_data_uri_in_base64_of_base64_is_text_and_nothing_else(frozen):
    twice = base64.b64encode(base64.b64encode(b"\x89PNG\r\n\x1a\n" + os.urandom(3000))).decode()
    mail = mails.stored(bytes(mails.mail(f"{twice}\n")), frozen.now)
    assert twice[:60].encode() not in mail.stripped
    assert storing.LARGEST == 25 * MEGABYTE


def test_what_was_read_in_a_mail_whose_job_was_cut_off_is_told_of_no_other_mail(monkeypatch):
    def cut_off(*_):
        raise SoftTimeLimitExceeded

    with monkeypatch.context() as patch:
        patch.setattr(child, "_read", cut_off)
        with pytest.raises(SoftTimeLimitExceeded):
            parsing.parse(TOP + b"\nAbout one case.")
    assert parsing.parse(TOP + b"\nAbout another.").text == "About another."
