"""A long-lived child for risky work: one question at a time, replaced when it dies or ages."""

import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
HEAD_SIZE = 9
DONE = b"D"
# What fontconfig and the loader need; no setting, key or address of the product goes along.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_PATH",
             "FONTCONFIG_FILE", "LD_LIBRARY_PATH")  # fmt: skip


class ChildFailed(Exception):
    """There is no answer: `reason` is the type of the child's exception, `died` or `too_slow`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Child:
    """The parent's side of a program that calls `core.confined.serve`."""

    def __init__(self, program: Path, *, recycle_after: int, patience: float) -> None:
        """`patience` are the seconds that the child has for one question."""
        self.program = program
        self.recycle_after = recycle_after
        self.patience = patience
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        os.register_at_fork(after_in_child=self.forget)

    def ask(self, kind: bytes, body: bytes) -> bytes:
        """Return the child's answer. Raises ChildFailed; the next question finds a child again."""
        with self._lock:
            verdict, answer = self._exchanged(kind, body)
        if verdict != DONE:
            raise ChildFailed(answer.decode("ascii", "replace"))
        return answer

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def forget(self) -> None:
        """After a fork: the child belongs to the parent, whose pipes must not be shared."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None and process.stdin and process.stdout:
            process.stdin.close()
            process.stdout.close()
            process.returncode = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _exchanged(self, kind: bytes, body: bytes) -> tuple[bytes, bytes]:
        process = self._ready()
        until = time.monotonic() + self.patience
        try:
            _write(process.stdin, kind + len(body).to_bytes(8, "big"), until)
            _write(process.stdin, body, until)
            head = _read(process.stdout, HEAD_SIZE, until)
            answer = _read(process.stdout, int.from_bytes(head[1:], "big"), until)
        except (OSError, TimeoutError) as error:
            self.stop()
            slow = isinstance(error, TimeoutError)
            raise ChildFailed("too_slow" if slow else "died") from error
        except BaseException:
            # A job that is cut off here leaves an answer in the pipe: it must reach nobody else.
            self.stop()
            raise
        self._answered += 1
        if self._answered >= self.recycle_after:
            self.stop()
        return head[:1], answer

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process, self._answered = _started(self.program), 0
        return self._process


def _started(program: Path) -> subprocess.Popen[bytes]:
    # Isolated, Python looks neither at its variables nor beside the program for modules.
    begin = f"import runpy, sys; sys.path.insert(0, {str(ROOT)!r}); "
    begin += f"runpy.run_path({str(program)!r}, run_name='__main__')"
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-c", begin],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        bufsize=0,
    )
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            os.set_blocking(pipe.fileno(), False)
    return process


def _write(pipe: IO[bytes] | None, content: bytes, until: float) -> None:
    rest = memoryview(content)
    with selectors.DefaultSelector() as selector:
        handle = _registered(selector, pipe, selectors.EVENT_WRITE)
        while rest:
            _wait(selector, until)
            rest = rest[os.write(handle, rest) :]


def _read(pipe: IO[bytes] | None, wanted: int, until: float) -> bytes:
    parts = bytearray()
    with selectors.DefaultSelector() as selector:
        handle = _registered(selector, pipe, selectors.EVENT_READ)
        while len(parts) < wanted:
            _wait(selector, until)
            part = os.read(handle, min(wanted - len(parts), 65536))
            if not part:
                raise BrokenPipeError
            parts += part
    return bytes(parts)


def _registered(selector: selectors.BaseSelector, pipe: IO[bytes] | None, event: int) -> int:
    if pipe is None:
        raise BrokenPipeError
    selector.register(pipe, event)
    return pipe.fileno()


def _wait(selector: selectors.BaseSelector, until: float) -> None:
    if not selector.select(max(0.0, until - time.monotonic())):
        raise TimeoutError
