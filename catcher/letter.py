"""A caught mail taken apart for reading. Mail is hostile until shown otherwise: nothing here fails
on it, and nothing of it becomes markup."""

import email
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

SHOWN_FIRST = ("From", "To", "Subject", "Date", "Reply-To", "Message-ID", "Return-Path")
# What the list reads of a file: enough for any honest header block.
HEADER_BYTES = 65_536


@dataclass(frozen=True)
class Attachment:
    number: int
    name: str
    kind: str
    content: bytes

    @property
    def is_pdf(self) -> bool:
        return self.kind == "application/pdf" and self.content.startswith(b"%PDF-")

    @property
    def size(self) -> str:
        return f"{max(1, round(len(self.content) / 1024))} KiB"


@dataclass(frozen=True)
class Letter:
    first: list[tuple[str, str]]
    others: list[tuple[str, str]]
    text: str
    attachments: list[Attachment]


def summary(raw: bytes) -> dict[str, str]:
    """Return recipient, sender and subject, read from the top of a file."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw[:HEADER_BYTES])
    return {
        "to": readable(headers.get("Delivered-To")),
        "sender": readable(headers.get("From")),
        "subject": readable(headers.get("Subject")),
    }


def read(raw: bytes) -> Letter:
    try:
        return _read(email.message_from_bytes(raw, policy=compat32))
    except RecursionError:
        # Nested beyond reason: the source link still shows every byte.
        return Letter(first=list(summary(raw).items()), others=[], text="", attachments=[])


def _read(message: Message) -> Letter:
    headers = [(name, readable(value)) for name, value in message.items()]
    wanted = [name.casefold() for name in SHOWN_FIRST]
    first = [pair for pair in headers if pair[0].casefold() in wanted]
    first.sort(key=lambda pair: wanted.index(pair[0].casefold()))
    others = [pair for pair in headers if pair[0].casefold() not in wanted]
    return Letter(first, others, _text(message), list(_attachments(message)))


def readable(value: object) -> str:
    """Return a header with its encoded words decoded; as it stands when they are broken."""
    text = str(value or "")
    with suppress(ValueError, LookupError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _leaves(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if not part.is_multipart())


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text"


def _text(message: Message) -> str:
    """Return the plain text; without any, the source of the HTML, shown as text."""
    texts = [part for part in _leaves(message) if not _is_attached(part)]
    plain = [part for part in texts if part.get_content_subtype() == "plain"]
    return "\n\n".join(_decoded(part) for part in plain or texts)


def _decoded(part: Message) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _attachments(message: Message) -> Iterator[Attachment]:
    attached = (part for part in _leaves(message) if _is_attached(part))
    for number, part in enumerate(attached, start=1):
        name = readable(part.get_filename()) or f"attachment-{number}"
        yield Attachment(number, name, part.get_content_type(), _content(part))
