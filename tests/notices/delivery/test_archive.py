"""The archive: a copy is found by its Message-ID, and only by that."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from notices import archive
from tests.notices.delivery import outbox

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def box(tmp_path, settings):
    """Return a function that files a mail as a delivering server does."""
    settings.ARCHIVE_MAILDIR = str(tmp_path)
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    archive._message_id.cache_clear()

    def file(name, content, part="new", at=NOW):
        path = tmp_path / part / name
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))

    return file


@pytest.mark.parametrize("part", ["new", "cur"])
def test_a_copy_is_found_whether_somebody_read_it_or_not(box, part):
    box("1:2,S", outbox.mail("<a@harbour.example>"), part)
    assert archive.find("<a@harbour.example>")
    assert not archive.find("<b@harbour.example>")


def test_a_half_written_copy_does_not_count(box):
    box("1", outbox.mail("<a@harbour.example>"), "tmp")
    assert not archive.find("<a@harbour.example>")


@pytest.mark.parametrize(
    "content",
    [
        b"message-id: <a@harbour.example>\r\n\r\nx",
        b"Return-Path: <r@x.example>\nMESSAGE-ID:<a@harbour.example>\n\nx",
        b"Subject: long\r\n folded\r\nMessage-ID:\r\n <a@harbour.example>\r\n\r\nx",
        b"\xff\xfe: \x00\r\nMessage-ID: <a@harbour.example>\r\n\r\nx",
    ],
)
def test_the_header_is_read_in_every_spelling(box, content):
    box("1", content)
    assert archive.find("<a@harbour.example>")


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: x\r\n\r\nMessage-ID: <a@harbour.example>\r\n",
        b"In-Reply-To: <a@harbour.example>\r\n\r\n",
        b"X-Message-ID: <a@harbour.example>\r\n\r\n",
        b"Message-ID: <aa@harbour.example>\r\n\r\n",
        b"Message-ID: <a@harbour.example.evil>\r\n\r\n",
        b"Subject: x" + b"y" * 70_000 + b"\r\nMessage-ID: <a@harbour.example>\r\n\r\n",
        b"",
    ],
)
def test_an_answer_or_a_quotation_is_no_copy(box, content):
    box("1", content)
    assert not archive.find("<a@harbour.example>")


def test_only_what_was_filed_since_is_looked_through(box):
    box("1", outbox.mail("<old@harbour.example>"), at=NOW - timedelta(days=3))
    box("2", outbox.mail("<new@harbour.example>"), at=NOW)
    both = ["<old@harbour.example>", "<new@harbour.example>"]
    assert set(archive.found(both, NOW)) == {"<new@harbour.example>"}
    assert set(archive.found(both)) == set(both)


def test_a_server_whose_clock_is_an_hour_behind_is_found_all_the_same(box):
    box("1", outbox.mail("<a@harbour.example>"), at=NOW - timedelta(hours=1))
    assert archive.find("<a@harbour.example>", NOW)


def test_a_file_is_read_once_however_often_it_is_looked_up(box, monkeypatch):
    for number in range(20):
        box(str(number), outbox.mail(f"<{number}@harbour.example>"))
    archive.found(["<none@harbour.example>"])
    before = archive._message_id.cache_info().misses
    archive.found(["<none@harbour.example>"])
    assert archive._message_id.cache_info().misses == before == 20


def test_an_archive_that_is_elsewhere_or_not_there_yet_holds_nothing(settings, tmp_path):
    settings.ARCHIVE_MAILDIR = ""
    assert not archive.find("<a@harbour.example>")
    settings.ARCHIVE_MAILDIR = str(tmp_path / "missing")
    assert not archive.find("<a@harbour.example>")
