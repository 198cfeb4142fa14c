"""Starts a few programs, keeps them running, and leaves none behind."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

PR_SET_PDEATHSIG = 1
STOPPING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
WATCHED = STOPPING | {signal.SIGCHLD}
# A worker may be in the middle of a mail; it gets the time to hear the answer.
PATIENCE_SECONDS = 25.0
RESTARTS, WITHIN_SECONDS = 5, 300.0
LOG_BYTES = 5_000_000
TAIL_LINES = 15


class GaveUp(Exception):
    """A program does not stay up; the text says which, and the end of its log."""


class Stopped(Exception):
    """Somebody asked for the end: Ctrl-C, or a signal."""


@dataclass
class Program:
    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ended_at: list[float] = field(default_factory=list)

    def tail(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-TAIL_LINES:])


def watch_signals() -> None:
    """Keep signals waiting until they are asked for, so that none is lost between two looks."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)


def end_with_parent() -> None:
    """Undo the block, and end with the starter even when that one is killed. Runs in the child."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(
    command: list[str], environ: Mapping[str, str], folder: Path, log: Path, user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own: the terminal's Ctrl-C reaches its starter alone."""
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            env=dict(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a program's session; its children would outlive it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Supervisor:
    """Programs start in the given order and stop the other way round."""

    def __init__(
        self, environ: Mapping[str, str], folder: Path, say: Callable[[str], None]
    ) -> None:
        self.environ = environ
        self.folder = folder
        self.say = say
        self.programs: list[Program] = []

    def start(self, program: Program) -> None:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        if program.log.exists() and program.log.stat().st_size > LOG_BYTES:
            program.log.rename(program.log.with_suffix(".log.1"))
        program.process = spawn(program.command, self.environ, self.folder, program.log)
        if program not in self.programs:
            self.programs.append(program)

    def until(self, is_ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for `is_ready`; raise when a program ends before, or after `seconds`."""
        end = monotonic() + seconds
        while not is_ready():
            self._next_signal(0.1)
            for program in self._ended():
                raise GaveUp(f"{program.name} did not start. Its log ends:\n{program.tail()}")
            if monotonic() > end:
                raise GaveUp(f"{what} is not there after {seconds:.0f} seconds.")

    def watch(self) -> None:
        """Start again what ends by itself, until told to stop (`Stopped`)."""
        while True:
            self._next_signal(60.0)
            for program in self._ended():
                self._again(program)

    def _next_signal(self, seconds: float) -> None:
        came = signal.sigtimedwait(WATCHED, seconds)
        if came is not None and came.si_signo in STOPPING:
            raise Stopped

    def _ended(self) -> list[Program]:
        return [each for each in self.programs if each.process and each.process.poll() is not None]

    def _again(self, program: Program) -> None:
        if program.process:
            kill_group(program.process)
        now = monotonic()
        program.ended_at = [at for at in program.ended_at if at > now - WITHIN_SECONDS] + [now]
        if len(program.ended_at) > RESTARTS:
            raise GaveUp(f"{program.name} ends again and again. Its log ends:\n{program.tail()}")
        self.say(f"{program.name} ended by itself and is started again; see {program.log}")
        self.start(program)

    def stop(self) -> None:
        """Ask in turn, wait, and after the patience is over insist. A second Ctrl-C insists too."""
        last = self.programs[:1]
        for group in (self.programs[1:], last):
            for program in reversed(group):
                self._ask(program)
            self._wait(group)
        for program in self.programs:
            if program.process:
                kill_group(program.process)
                program.process.wait()

    def _ask(self, program: Program) -> None:
        if program.process and program.process.poll() is None:
            program.process.terminate()

    def _wait(self, group: list[Program]) -> None:
        end = monotonic() + PATIENCE_SECONDS
        while any(each.process and each.process.poll() is None for each in group):
            came = signal.sigtimedwait(WATCHED, max(0.0, min(1.0, end - monotonic())))
            if monotonic() > end or (came is not None and came.si_signo in STOPPING):
                return
