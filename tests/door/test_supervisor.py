import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.door.processes import ROOT, SECONDS, clean_environ, marked, read_until, started

pytestmark = pytest.mark.services

KEEPER = [sys.executable, str(Path(__file__).parent / "keeper.py")]
# Stays, with a child of its own that would outlive a careless end.
STAYS = "sleep 300 & wait"
STUBBORN = "trap '' TERM; sleep 300 & wait; wait; sleep 300"


@pytest.fixture
def mark(tmp_path: Path) -> str:
    return f"KEPT={uuid4()}"


def environ(tmp_path: Path, mark: str) -> dict[str, str]:
    name, _, value = mark.partition("=")
    return clean_environ(LOGS=str(tmp_path), PYTHONPATH=str(ROOT / "bin"), **{name: value})


@pytest.fixture
def keeper(tmp_path: Path, mark: str) -> Iterator[subprocess.Popen[str]]:
    with started([*KEEPER, f"first={STAYS}", f"second={STAYS}"], environ(tmp_path, mark)) as it:
        read_until(it.stdout, "all started")
        yield it


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_leaves_no_process(
    tmp_path: Path, mark: str, number: signal.Signals
) -> None:
    with started([*KEEPER, f"one={STAYS}", f"two={STAYS}"], environ(tmp_path, mark)) as keeper:
        read_until(keeper.stdout, "all started")
        assert len(marked(mark)) >= 3
        keeper.send_signal(number)
        assert "stopped" in read_until(keeper.stdout, "stopped")[-1]
        keeper.wait(timeout=SECONDS)
    assert marked(mark) == []


def test_a_program_that_ignores_the_question_is_killed(tmp_path: Path, mark: str) -> None:
    with started([*KEEPER, f"deaf={STUBBORN}"], environ(tmp_path, mark)) as keeper:
        read_until(keeper.stdout, "all started")
        keeper.send_signal(signal.SIGTERM)
        keeper.wait(timeout=SECONDS)
    assert marked(mark) == []


def test_a_program_that_dies_is_started_again(keeper: subprocess.Popen[str], mark: str) -> None:
    before = set(marked(mark))
    victim = min(before - {keeper.pid})
    os.kill(victim, signal.SIGKILL)
    line = read_until(keeper.stdout, "started again")[-1]
    assert "ended by itself and is started again" in line
    assert victim not in marked(mark)


def test_a_program_that_never_stays_ends_everything_with_its_last_words(
    tmp_path: Path, mark: str
) -> None:
    with started([*KEEPER, "broken=echo no such thing; exit 3"], environ(tmp_path, mark)) as keeper:
        lines = read_until(keeper.stdout, "stopped")
        keeper.wait(timeout=SECONDS)
    assert "broken ends again and again" in "\n".join(lines)
    assert "no such thing" in "\n".join(lines)
    assert marked(mark) == []


def test_killing_the_supervisor_itself_ends_its_programs(tmp_path: Path, mark: str) -> None:
    # The real programs end their own children; what matters here is that they are told.
    commands = ["one=exec sleep 300", "two=exec sleep 300"]
    with started([*KEEPER, *commands], environ(tmp_path, mark)) as keeper:
        lines = read_until(keeper.stdout, "all started")
        keeper.kill()
        keeper.wait(timeout=SECONDS)
        for line in lines[:2]:
            assert is_gone(int(line.split()[2]))


def is_gone(pid: int) -> bool:
    """Wait for the end of a process that is nobody's child here."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ready, _, _ = select.select([handle], [], [], SECONDS)
    os.close(handle)
    return bool(ready)
