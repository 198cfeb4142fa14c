"""Storing a mail: once, without pictures, and committed before anybody tries to understand it.

The bytes as they came are held in memory, and written nowhere.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core import blind, faults, keystore
from notices.models import ReceivedMail
from notices.receiving import parsing, stripping, structure
from notices.receiving.parsing import CannotRead
from notices.receiving.stripping import Stripped
from notices.receiving.texts import Dropped
from notices.states import MailState

LARGEST = 25 * 1024**2
PURPOSE = "message-id"


@dataclass(frozen=True)
class Arrival:
    """By which door a mail came, when, and where it lies on the mail server."""

    source: str
    at: datetime
    received_at: datetime
    envelope: Mapping[str, Any] = field(default_factory=dict)
    mailbox: str = ""
    uid_validity: int | None = None
    uid: int | None = None


def store(
    raw: bytes,
    *,
    source: str,
    envelope: Mapping[str, Any],
    at: datetime,
    received_at: datetime,
    mailbox: str = "",
    uid_validity: int | None = None,
    uid: int | None = None,
) -> tuple[ReceivedMail, bool]:
    """Keep a mail, committed; return its row, and False when it was here before.

    A mail beyond the bounds is kept in a cut form and waits in quarantine. Raises only what the
    database raises: then nothing was kept, and whoever has the mail must keep it.
    """
    arrival = Arrival(source, at, received_at, envelope, mailbox, uid_validity, uid)
    if len(raw) > LARGEST:
        return store_top(raw[: structure.HEADER_BYTES], len(raw), arrival)
    content = _with_bare_newlines(raw)
    digest = hashlib.sha256(content).hexdigest()
    known = _known(digest, arrival)
    if known is not None:
        return known, False
    try:
        return _insert(digest, len(raw), parsing.strip(content), "", arrival)
    except CannotRead as error:
        return _insert(digest, len(raw), _cut(content), error.word, arrival)


def store_top(top: bytes, size: int, arrival: Arrival) -> tuple[ReceivedMail, bool]:
    """Keep what the top of a mail tells that is too large to be taken whole; it is quarantined."""
    content = _with_bare_newlines(top)
    digest = hashlib.sha256(b"%d\n" % size + content).hexdigest()
    known = _known(digest, arrival)
    if known is not None:
        return known, False
    return _insert(digest, size, _cut(content), "too_large", arrival)


def _with_bare_newlines(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _cut(content: bytes) -> Stripped:
    kept = stripping.cut(content)
    whole = Dropped(type="message", bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    return Stripped(kept, _message_id(kept), [whole])


def message_id_of(mail: ReceivedMail) -> str:
    return _message_id(bytes(mail.stripped))


def _message_id(headers: bytes) -> str:
    for line in headers.partition(b"\n\n")[0].split(b"\n"):
        if line.lower().startswith(b"message-id:"):
            return line.partition(b":")[2].decode().strip()
    return ""


def _known(digest: str, arrival: Arrival) -> ReceivedMail | None:
    """Return the row of this content; it learns where the newest copy lies on the mail server."""
    rows = ReceivedMail.objects.filter(content_hash=digest)
    # Nearly every mail is new: the question is asked without the columns of an answer.
    if not rows.exists():
        return None
    found = rows.first()
    if found is not None and arrival.uid is not None:
        place = {"mailbox": arrival.mailbox, "uid_validity": arrival.uid_validity}
        _move(found, **place, uid=arrival.uid)
    return found


def _move(mail: ReceivedMail, **place: Any) -> None:
    try:
        with transaction.atomic():
            ReceivedMail.objects.filter(pk=mail.pk).update(**place)
    except IntegrityError:
        # Another poller was quicker to say so.
        return


def _insert(
    digest: str, size: int, kept: Stripped, trouble: str, arrival: Arrival
) -> tuple[ReceivedMail, bool]:
    index = blind.exact(PURPOSE, kept.message_id) if kept.message_id else ""
    mail = ReceivedMail(
        content_hash=digest,
        message_id_index=index,
        source=arrival.source,
        mailbox=arrival.mailbox,
        uid_validity=arrival.uid_validity,
        uid=arrival.uid,
        received_at=arrival.received_at,
        envelope=dict(arrival.envelope),
        stripped=kept.content,
        dropped=kept.dropped,
        size=size,
        state=MailState.QUARANTINED if trouble else MailState.STORED,
        next_try_at=arrival.at,
        trouble=trouble,
    )
    # The key first, and committed, outside of what may be rolled back.
    mail.ensure_key()
    try:
        with transaction.atomic():
            if index:
                others = ReceivedMail.objects.filter(message_id_index=index)
                mail.same_message_id = others.exclude(content_hash=digest).exists()
            mail.save(force_insert=True)
            faults.point("mail_before_commit")
    except IntegrityError:
        # Somebody else was quicker: the key of this copy opens nothing.
        keystore.destroy(mail.key_id)
        known = _known(digest, arrival)
        if known is None:
            raise
        return known, False
    return mail, True
