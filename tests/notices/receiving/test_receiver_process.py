"""The receiver as the process that it is: killed, started again, stopped."""

import os
import signal
import smtplib
import subprocess
import sys
from contextlib import contextmanager, suppress
from time import monotonic, sleep

import pytest
from django.db import connection

from insights.models import Heartbeat
from notices.models import ReceivedMail
from notices.receiving import smtp
from tests import factories
from tests.door.processes import ROOT, free_ports
from tests.notices.delivery.workers import database_url
from tests.notices.receiving import mails, test_hostile

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROLE = "notices@harbour.example"
START_SECONDS = 60


@pytest.fixture(autouse=True)
def _office(db):
    if connection.vendor != "postgresql":
        pytest.skip("needs a database that two processes share: run bin/test")
    factories.organisation()


@contextmanager
def receiving(log, **environ):
    (port,) = free_ports(1)
    told = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url("default", "DATABASE_URL"),
        "KEYS_DATABASE_URL": database_url("keys", "KEYS_DATABASE_URL"),
        "INBOUND_SMTP_PORT": str(port),
        **environ,
    }
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "receive_mail"],
            cwd=ROOT, env=told, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        until_it_answers(port)
        yield process, port
    finally:
        process.kill()
        process.wait()


def until_it_answers(port):
    end = monotonic() + START_SECONDS
    while monotonic() < end:
        with suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=10):
            return
        sleep(0.1)
    raise AssertionError("the receiver does not answer")


def send(port, raw):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.sendmail("desk@x.example", [ROLE], raw.replace(b"\n", b"\r\n"))


def test_an_open_door_leaves_a_sign_of_life(tmp_path):
    with receiving(tmp_path / "log"):
        end = monotonic() + START_SECONDS
        while not Heartbeat.objects.filter(job="door").exists() and monotonic() < end:
            sleep(0.1)
    assert Heartbeat.objects.get(job="door").began_at


def test_killed_before_the_commit_it_has_said_nothing_and_the_mail_comes_again(tmp_path):
    raw = bytes(mails.mail())
    log = tmp_path / "log"
    with receiving(log, FAULT_POINT="mail_before_commit") as (process, port):
        with pytest.raises(smtplib.SMTPServerDisconnected):
            send(port, raw)
        assert process.wait(timeout=20) == -signal.SIGKILL
    assert not ReceivedMail.objects.exists()
    with receiving(log) as (process, port):
        send(port, raw)
        send(port, raw)
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert ReceivedMail.objects.count() == 1
    told = log.read_text()
    assert "mail.stored" in told
    assert "harbour" not in told
    assert "x.example" not in told


def test_it_lives_through_every_hostile_mail_and_stays_small(tmp_path):
    with receiving(tmp_path / "log") as (process, port):
        for name, (make, _state) in test_hostile.HOSTILE.items():
            raw = make()
            # A longer line is refused at the door, with a word to the sender.
            if max(map(len, raw.split(b"\n"))) < smtp.LONGEST_LINE:
                send(port, b"X-Name: " + name.encode() + b"\n" + raw)
        before = ReceivedMail.objects.count()
        began = monotonic()
        send(port, bytes(mails.mail("next\n")))
        assert monotonic() - began < 2 * max(1.0, os.getloadavg()[0])
        assert ReceivedMail.objects.count() == before + 1
        assert before > 15
        assert test_hostile.memory_of(process.pid) < test_hostile.MOST_MEMORY


def test_a_line_without_end_is_refused_with_a_word(tmp_path):
    raw = test_hostile.HOSTILE["one giant line"][0]()
    with receiving(tmp_path / "log") as (process, port):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(port, raw)
        assert refused.value.smtp_code == 500
        send(port, bytes(mails.mail()))
        assert test_hostile.memory_of(process.pid) < test_hostile.MOST_MEMORY
