"""Mail from files, folders, Maildirs, or a pipe: stored and read at once, one after the other."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from core import keystore
from notices.models import Message, ReceivedMail
from notices.receiving import storing, structure, understanding
from notices.receiving.storing import Arrival
from notices.states import MailState, Source

PIPE = "-"
# From here on a guess is worth a person's click; below, it is not shown as one.
SUGGESTED_FROM = 0.6


@dataclass(frozen=True)
class Ingested:
    """What became of one mail, as `ingest_mail` tells it."""

    file: str
    message_id: str
    outcome: str
    notice: str | None = None
    confidence: float | None = None
    kind: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def mails_in(path: Path) -> Iterator[Path]:
    """Yield the mails of a file, a folder or a Maildir, in the order of their names."""
    if path.is_file():
        yield path
        return
    is_maildir = (path / "cur").is_dir() and (path / "new").is_dir()
    roots = [path / "cur", path / "new"] if is_maildir else [path]
    for root in roots:
        for found in sorted(root.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden:
                yield found


def ingest_file(path: Path, at: datetime) -> Ingested:
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as file:
        return _ingest(str(path), file, {}, min(written, at), at)


def ingest_pipe(envelope: dict[str, Any], at: datetime) -> Ingested:
    return _ingest(PIPE, sys.stdin.buffer, envelope, at, at)


def _ingest(
    name: str, file: BinaryIO, envelope: dict[str, Any], received_at: datetime, at: datetime
) -> Ingested:
    with keystore.scope():
        mail, is_new = _stored(file, Arrival(Source.FILES, at, received_at, envelope))
        while mail.state == MailState.STORED and mail.attempts < understanding.TRIES:
            understanding.understand(mail.pk, mail.next_try_at)
            mail.refresh_from_db(fields=["state", "attempts", "next_try_at"])
        return _told(name, mail, is_new=is_new)


def _stored(file: BinaryIO, arrival: Arrival) -> tuple[ReceivedMail, bool]:
    raw = file.read(storing.LARGEST + 1)
    if len(raw) <= storing.LARGEST:
        return storing.store(raw, **vars(arrival))
    size, top = len(raw), raw[: structure.HEADER_BYTES]
    del raw
    while piece := file.read(1024**2):
        size += len(piece)
    return storing.store_top(top, size, arrival)


def _told(name: str, mail: ReceivedMail, *, is_new: bool) -> Ingested:
    mail.refresh_from_db()
    message = Message.objects.select_related("notice", "guess").filter(mail=mail).first()
    message_id = storing.message_id_of(mail)
    if mail.state == MailState.QUARANTINED:
        return Ingested(name, message_id, "quarantined" if is_new else "duplicate")
    if message is None:
        return Ingested(name, message_id, "duplicate")
    notice = message.notice or message.guess
    return Ingested(
        name,
        message_id,
        _outcome(message) if is_new else "duplicate",
        notice.code if notice else None,
        message.confidence,
        message.reading.get("kind", "other"),
    )


def _outcome(message: Message) -> str:
    if message.notice is not None:
        return "matched"
    likely = message.guess is not None and (message.confidence or 0) >= SUGGESTED_FROM
    return "suggested" if likely else "unmatched"
