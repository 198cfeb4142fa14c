"""Print a letter as a tagged PDF/A-3, in one long-lived child a worker."""

import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken
from notices.drafting.letter import Letter

PROGRAM = Path(__file__).resolve().parent / "press.py"
HEAD_SIZE = 9
PRINTED = b"P"
LONGEST = 150_000
RECYCLE_AFTER = 50
PATIENCE = 40.0
# What fontconfig and the loader need; no setting, key or address of the product goes along.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_PATH",
             "FONTCONFIG_FILE", "LD_LIBRARY_PATH")  # fmt: skip


class PdfFailed(RuleBroken):
    """The letter could not be printed; the text of the notice is whole."""

    def __init__(self) -> None:
        super().__init__(_("The PDF could not be made. The text of the notice is not affected."))


def render_pdf(letter: Letter) -> bytes:
    """Return the letter as PDF, the same bytes for the same letter. Raises PdfFailed."""
    return print_html(render_to_string("letters/notice.html", {"letter": letter}))


def print_html(html: str) -> bytes:
    if len(html) > LONGEST:
        raise PdfFailed
    return _press.print(html)


class Press:
    """The parent's side: one document at a time; a child that died is replaced for the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._printed = 0

    def print(self, html: str) -> bytes:
        with self._lock:
            answer = self._ask(html)
            if answer is None or answer[:1] != PRINTED:
                raise PdfFailed
            return answer[HEAD_SIZE:]

    def stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.communicate()

    def forget(self) -> None:
        """After a fork: the child belongs to the parent, whose pipes must not be shared."""
        self._lock = threading.Lock()
        child, self._child = self._child, None
        if child is not None and child.stdin and child.stdout:
            child.stdin.close()
            child.stdout.close()
            child.returncode = 0

    def _ask(self, html: str) -> bytes | None:
        """Return the child's whole answer, or None where it died or took too long."""
        child = self._ready()
        body = html.encode("utf-8", "replace")
        try:
            answer = _exchange(child, b"H" + len(body).to_bytes(8, "big") + body)
        except (OSError, TimeoutError):
            answer = None
        self._printed += 1
        if answer is None or self._printed >= RECYCLE_AFTER:
            self.stop()
        return answer

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.stop()
            self._child, self._printed = _started(), 0
        return self._child


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program, by its own path
        [sys.executable, "-I", str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        bufsize=0,
    )


def _exchange(child: subprocess.Popen[bytes], question: bytes) -> bytes | None:
    if child.stdin is None or child.stdout is None:
        return None
    until = time.monotonic() + PATIENCE
    _write(child.stdin.fileno(), question)
    head = _read(child.stdout.fileno(), HEAD_SIZE, until)
    body = _read(child.stdout.fileno(), int.from_bytes(head[1:], "big"), until)
    return head + body


def _write(pipe: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _read(pipe: int, wanted: int, until: float) -> bytes:
    """Read so many bytes from the child. Raises OSError at its end, TimeoutError after `until`."""
    parts = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(parts) < wanted:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(pipe, min(wanted - len(parts), 65536))
            if not part:
                raise BrokenPipeError
            parts += part
    return bytes(parts)


_press = Press()
os.register_at_fork(after_in_child=_press.forget)
