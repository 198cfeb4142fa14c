"""Looks at real processes: who is there, who is still there."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


def clean_environ(**more: str) -> dict[str, str]:
    """Return an environment without what a test run itself was given."""
    foreign = ("_URL", "DEMO", "DEBUG", "KEYRING", "SECRET_KEY", "VAR_DIR", "PORT", "DJANGO_")
    kept = {
        name: value for name, value in os.environ.items() if not any(f in name for f in foreign)
    }
    return kept | more


def marked(mark: str) -> list[int]:
    """Return the processes that have `mark` in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and mark in _read(entry / "environ"):
            found.append(int(entry.name))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def read_until(stream: IO[str], words: str) -> list[str]:
    """Return the lines up to the one with `words`; all of them when the stream ends before."""
    lines = []
    for line in stream:
        lines.append(line.rstrip("\n"))
        if words in line:
            break
    return lines


@contextmanager
def started(command: list[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        env=environ,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # A start that hangs must fail its test instead of holding the run.
    watchdog = subprocess.Popen(["sh", "-c", f"sleep {2 * SECONDS}; kill -TERM {process.pid}"])
    try:
        yield process
    finally:
        watchdog.kill()
        watchdog.wait()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
