"""Asks the child that reads hostile mail. Whatever happens in there, the asker lives."""

from pathlib import Path

from core.child import Child, ChildFailed
from notices.reading.parsed import Parsed
from notices.receiving.stripping import Stripped

PROGRAM = Path(__file__).resolve().parent / "reader.py"
RECYCLE_AFTER = 500
# The child stops itself after ten seconds of work; a busy machine gives it less than that a second.
PATIENCE = 40.0

_reader = Child(PROGRAM, recycle_after=RECYCLE_AFTER, patience=PATIENCE)


class CannotRead(Exception):
    """The mail cannot be read; `word` says why, `is_sure` whether trying again is useless."""

    def __init__(self, word: str, *, is_sure: bool = False) -> None:
        super().__init__(word)
        self.word = word
        self.is_sure = is_sure


def strip(raw: bytes) -> Stripped:
    """Return what may be kept of a mail with bare newlines. Raises CannotRead."""
    try:
        answer = _ask(b"S", raw)
    except CannotRead:
        # What kills the child is a PDF more often than not; the mail around it is worth having.
        answer = _ask(b"N", raw)
    if answer[:1] == b"-":
        raise CannotRead(answer[1:].decode(), is_sure=True)
    return Stripped.from_bytes(answer[1:])


def parse(content: bytes) -> Parsed:
    """Return the fields of what was kept of a mail. Raises CannotRead."""
    try:
        return Parsed.from_json(_ask(b"P", content).decode())
    except (ValueError, TypeError) as error:
        raise CannotRead("unreadable") from error


def _ask(kind: bytes, body: bytes) -> bytes:
    try:
        return _reader.ask(kind, body)
    except ChildFailed as error:
        raise CannotRead(error.reason.lower()) from error
