"""bin/run as a newcomer meets it: a folder, a browser, Ctrl-C."""

import os
import re
import signal
import smtplib
import socket
import sqlite3
import subprocess
import urllib.request
from pathlib import Path
from time import monotonic

import pytest

from tests.door.processes import (
    ROOT,
    SECONDS,
    clean_environ,
    free_ports,
    marked,
    read_until,
    started,
)

pytestmark = pytest.mark.services

RUN = [str(ROOT / "bin" / "run")]


def environ(var: Path, **more: str) -> dict[str, str]:
    names = ("PORT", "CATCHER_SMTP_PORT", "CATCHER_PORT", "INBOUND_SMTP_PORT")
    ports = dict(zip(names, map(str, free_ports(4)), strict=True))
    return clean_environ(**({"VAR_DIR": str(var), "DEMO": "0"} | ports | more))


def refusal(env: dict[str, str]) -> str:
    done = subprocess.run(
        RUN, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=SECONDS) as response:
        return response.status, response.read().decode()


def test_a_newcomers_first_and_second_start(tmp_path: Path) -> None:
    var = tmp_path / "var"
    env = environ(var)
    site, caught = f"http://localhost:{env['PORT']}", f"http://localhost:{env['CATCHER_PORT']}"
    with started(RUN, env) as first:
        told = "\n".join(read_until(first.stdout, "Stop with Ctrl-C"))
        assert site in told
        assert caught in told
        assert get(f"{site}/healthz")[0] == 200
        assert get(f"{site}/")[0] == 200
        assert "No mail yet" in get(caught)[1]
        with smtplib.SMTP("127.0.0.1", int(env["CATCHER_SMTP_PORT"]), timeout=10) as client:
            client.sendmail("a@helpers.example", ["b@platform.example"], b"Subject: Kept\r\n\r\n")
        assert "Kept" in get(caught)[1]

        assert var.stat().st_mode & 0o077 == 0
        assert (var / "keys" / "ring").stat().st_mode & 0o177 == 0
        assert (var / "keys.sqlite3").exists()
        other = refusal(environ(var))
        assert f"already running on {var}" in other
        assert site in other

        first.send_signal(signal.SIGINT)
        assert "Stopped." in "\n".join(read_until(first.stdout, "Stopped."))
        first.wait(timeout=SECONDS)
    assert marked(f"VAR_DIR={var}") == []

    ring = (var / "keys" / "ring").read_text()
    began = monotonic()
    with started(RUN, env) as second:
        read_until(second.stdout, "Stop with Ctrl-C")
        seconds = monotonic() - began
        assert "Kept" in get(caught)[1]
        second.send_signal(signal.SIGTERM)
        second.wait(timeout=SECONDS)
    # Ten seconds on a machine of one's own; beside other work, as much longer as it is shared.
    assert seconds < 10 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert (var / "keys" / "ring").read_text() == ring
    assert marked(f"VAR_DIR={var}") == []


def test_a_busy_port_gets_a_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(environ(tmp_path / "var", PORT=str(port)))
    assert re.search(rf"Port {port} is in use by another program.*PORT=\d+ bin/run", said)
    assert not (tmp_path / "var").exists()


def test_a_lost_ring_is_never_replaced_by_another(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    with sqlite3.connect(var / "keys.sqlite3") as store:
        store.execute("CREATE TABLE core_casekey (id TEXT)")
    said = refusal(environ(var))
    assert "the ring that opens them is not at" in said
    assert not (var / "keys" / "ring").exists()


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    url = f"postgres://recourse:hush-hush@127.0.0.1:{port}/recourse"
    said = refusal(environ(tmp_path / "var", DATABASE_URL=url))
    assert "DATABASE_URL: PostgreSQL does not answer" in said
    assert "hush-hush" not in said


def test_a_broker_that_does_not_answer_is_named(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    said = refusal(environ(tmp_path / "var", REDIS_URL=f"redis://127.0.0.1:{port}/0"))
    assert "REDIS_URL: Redis does not answer" in said
