"""manage.py ingest_mail: files, folders, Maildirs and pipes, each mail told in one line."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from notices.management.commands import ingest_mail
from notices.models import Message, ReceivedMail
from notices.receiving import files, parsing, storing
from tests import factories
from tests.door.processes import ROOT, clean_environ
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office(db, frozen):
    factories.organisation()


def ingest(*paths):
    out = io.StringIO()
    call_command("ingest_mail", *map(str, paths), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def file(folder: Path, name: str, raw: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(raw)
    return path


def test_a_file_is_stored_read_and_told(desk, tmp_path):
    notice = desk.sent()
    raw = bytes(mails.mail(to=mails.reply_to(notice)))
    path = file(tmp_path, "one.eml", raw)
    [line] = ingest(path)
    assert line["file"] == str(path)
    assert (line["message_id"], line["outcome"]) == ("<answer-1@x.example>", "matched")
    assert line["notice"] == notice.code
    assert set(line) == {"file", "message_id", "outcome", "notice", "confidence", "kind"}
    assert ReceivedMail.objects.get().source == "files"


def test_a_second_time_it_is_a_duplicate(tmp_path):
    path = file(tmp_path, "one.eml", bytes(mails.mail()))
    assert [line["outcome"] for line in ingest(path, path)] == ["unmatched", "duplicate"]
    assert Message.objects.count() == 1


def test_a_folder_gives_its_files_and_a_maildir_its_mails(tmp_path):
    texts = [bytes(mails.mail(f"{n}\n")) for n in range(5)]
    file(tmp_path / "folder", "b.eml", texts[0])
    file(tmp_path / "folder" / "deeper", "a", texts[1])
    file(tmp_path / "folder", ".hidden", texts[2])
    for name, text in zip(("cur", "new", "tmp"), texts[2:], strict=True):
        file(tmp_path / "maildir" / name, "1", text)
    told = ingest(tmp_path / "folder", tmp_path / "maildir")
    names = [str(Path(line["file"]).relative_to(tmp_path)) for line in told]
    assert names == ["folder/b.eml", "folder/deeper/a", "maildir/cur/1", "maildir/new/1"]


def test_what_cannot_be_read_is_told_and_does_not_stop_the_next(tmp_path, monkeypatch):
    whole = parsing.parse

    def fail(content):
        if b"bad" in content:
            raise parsing.CannotRead("died")
        return whole(content)

    monkeypatch.setattr(parsing, "parse", fail)
    paths = [file(tmp_path, name, bytes(mails.mail(f"{name}\n"))) for name in ("bad", "good")]
    assert [line["outcome"] for line in ingest(*paths)] == ["quarantined", "unmatched"]


def test_a_file_without_end_is_not_taken_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(storing, "LARGEST", 4096)
    path = file(tmp_path, "huge", bytes(mails.mail("word " * 40_000)))
    [line] = ingest(path)
    assert (line["outcome"], line["message_id"]) == ("quarantined", "<answer-1@x.example>")
    assert ReceivedMail.objects.get().size == path.stat().st_size
    assert ingest(path)[0]["outcome"] == "duplicate"


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"There is no .*nothing"):
        ingest(tmp_path / "nothing")


def test_an_old_file_keeps_its_moment(desk, frozen, tmp_path):
    notice = desk.sent()
    frozen.shift(days=40)
    raw = bytes(mails.mail(to=mails.reply_to(notice)))
    ingest(file(tmp_path, "one.eml", raw))
    message = Message.objects.get()
    assert f"{message.received_at:%Y-%m-%d %H:%M}" == "2026-11-21 12:30"
    assert message.claimed_at is None


# ------------------------------------------------------------------ in a pipe


def piped(monkeypatch, raw, **environ):
    class In:
        buffer = io.BytesIO(raw)

    monkeypatch.setattr(files.sys, "stdin", In)
    # A command closes its connections at its end: here they are those of the test.
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        ingest_mail.Command().run_from_argv(["manage.py", "ingest_mail", "-"])
        sys.exit(0)
    return ended.value.code


def test_a_pipe_brings_its_envelope_along(desk, monkeypatch):
    notice = desk.sent()
    told = {"SENDER": "desk@x.example", "ORIGINAL_RECIPIENT": mails.reply_to(notice)}
    assert piped(monkeypatch, bytes(mails.mail()), **told) == 0
    assert Message.objects.get().notice == notice
    assert ReceivedMail.objects.get().envelope["from"] == "desk@x.example"


@pytest.mark.parametrize("trouble", [OperationalError, ValueError, MemoryError, KeyboardInterrupt])
def test_in_doubt_the_mail_server_keeps_the_mail(monkeypatch, trouble):
    def fail(*args, **kwargs):
        raise trouble

    monkeypatch.setattr(storing, "store", fail)
    assert piped(monkeypatch, bytes(mails.mail())) == 75


def test_a_mail_that_cannot_be_read_is_kept_so_the_mail_server_may_forget_it(monkeypatch):
    def fail(content):
        raise parsing.CannotRead("died")

    monkeypatch.setattr(parsing, "parse", fail)
    assert piped(monkeypatch, bytes(mails.mail())) == 0
    assert ReceivedMail.objects.get().state == "quarantined"


@pytest.mark.services
def test_a_real_pipe_without_a_database_ends_with_75(tmp_path):
    environ = clean_environ(
        DJANGO_SETTINGS_MODULE="tests.settings",
        VAR_DIR=str(tmp_path),
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "ingest_mail", "-"],
        cwd=ROOT, env=environ, input=bytes(mails.mail()), capture_output=True,
    )  # fmt: skip
    assert done.returncode == 75
    assert os.listdir(tmp_path) == []
