"""What is kept of a mail: its headers and its text, written anew. Everything else is named.

Nothing is passed on as it came: what is kept are decoded texts without files in disguise, so that
no trick of MIME can carry a picture past. A part that is not kept leaves its type, its size and
its SHA-256.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from notices.receiving import kinds, markup, structure, texts
from notices.receiving.structure import Part
from notices.receiving.texts import Dropped

KEPT_AS = "X-Kept-As"
TEXTS = {
    "text/plain", "text/rfc822-headers", "message/rfc822-headers", "message/delivery-status",
    "message/global-delivery-status", "message/global-headers", "message/feedback-report",
}  # fmt: skip
# Headers whose value is a picture.
PICTURES = {"face", "x-face", "x-image-url", "bimi-indicator"}
CONTENT = "content-"
REPORT = re.compile(r"[a-z-]{1,40}")
LONGEST_HEADER, LONGEST_UNKNOWN = 8192, 1024

PdfText = Callable[[bytes], str]


@dataclass
class Stripped:
    """The bytes to keep, what was dropped from them, and the mail's own Message-ID."""

    content: bytes
    message_id: str
    dropped: list[Dropped] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        head = json.dumps({"message_id": self.message_id, "dropped": self.dropped}).encode()
        return head + b"\n" + self.content

    @classmethod
    def from_bytes(cls, told: bytes) -> "Stripped":
        head, _, content = told.partition(b"\n")
        return cls(content, **json.loads(head))


def strip(raw: bytes, pdf_text: PdfText) -> Stripped:
    """Return what may be kept of a mail with bare newlines. Raises Unbearable beyond a bound."""
    part = structure.split(raw)
    writer = _Writer(pdf_text)
    content = writer.mail(part)
    return Stripped(content, _message_id(part), writer.dropped)


def cut(raw: bytes) -> bytes:
    """Return the headers that tell what a mail is that cannot be kept whole; from its top alone."""
    kept = list[bytes]()
    for line in raw[: structure.HEADER_BYTES].split(b"\n", 2000)[:2000]:
        if not line:
            break
        name = line.partition(b":")[0].strip().lower()
        if name in SHOWN:
            text, _ = texts.keep(texts.decode(line[:LONGEST_UNKNOWN], "utf-8"))
            kept.append(" ".join(text.split("\n")).encode())
    return b"\n".join(kept) + b"\n\n"


SHOWN = {
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to",
    b"references", b"delivered-to", b"x-original-to", b"authentication-results",
}  # fmt: skip


def _message_id(part: Part) -> str:
    found = part.values("message-id")
    return texts.clean(texts.decode(found[0][:998], "utf-8")).strip() if found else ""


class _Writer:
    def __init__(self, pdf_text: PdfText) -> None:
        self.pdf_text = pdf_text
        self.dropped: list[Dropped] = []

    def mail(self, part: Part) -> bytes:
        """Return a whole mail: its own headers, then its content."""
        kept = [
            line
            for name, value in part.headers
            if not name.lower().startswith(CONTENT) and name.lower() != "mime-version"
            for line in self._header(name, value)
        ]
        return b"\n".join(kept) + (b"\n" if kept else b"") + self._content(part)

    def _header(self, name: str, value: bytes) -> list[bytes]:
        known = len(value) <= LONGEST_UNKNOWN or not name.lower().startswith("x-")
        if name.lower() in PICTURES or name.lower() == KEPT_AS.lower() or not known:
            self.dropped.append(texts.dropped("header", value))
            return []
        text, found = texts.keep(texts.decode(value[:LONGEST_HEADER], "utf-8"))
        self.dropped += found
        return [f"{name}: {' '.join(text.split())}".encode()]

    def _content(self, part: Part) -> bytes:
        """Return the headers of the content, an empty line, and the content."""
        if part.parts:
            return self._inner(part)
        kept_as, text = self._leaf(part)
        kind = part.kind if part.kind in TEXTS and kept_as == "text" else "text/plain"
        head = f"Content-Type: {kind}; charset=utf-8\n{KEPT_AS}: {kept_as}\n\n"
        return (head + text).encode()

    def _inner(self, part: Part) -> bytes:
        if not part.is_multipart:
            return f"Content-Type: {part.kind}\n\n".encode() + self.mail(part.parts[0])
        boundary = secrets.token_hex(16)
        report = part.parameter("report-type")
        more = (
            f'; report-type="{report}"' if structure.TYPE.fullmatch(f"a/{report}".lower()) else ""
        )
        lines = [f'Content-Type: {part.kind}; boundary="{boundary}"{more}\n'.encode()]
        lines += [f"\n--{boundary}\n".encode() + self._content(one) for one in part.parts]
        return b"".join(lines) + f"\n--{boundary}--\n".encode()

    def _leaf(self, part: Part) -> tuple[str, str]:
        """Return as what a part is kept (text, html, pdf, stub), and its text."""
        content = part.content
        # A multipart without parts is what somebody wrote without minding its boundaries.
        kind = kinds.by_sign(content) or ("text/plain" if part.is_multipart else part.kind)
        if kind == kinds.PDF:
            return self._pdf(content)
        if kind not in TEXTS and kind != "text/html":
            return self._stub(kind, content)
        charset = part.parameter("charset") or "utf-8"
        if not charset.lower().startswith(("utf-16", "utf-32")):
            content, binary = kinds.without_binary(content)
            if binary:
                self.dropped.append(texts.dropped("binary data", binary))
        text = texts.decode(content, charset)
        return ("html", self._html(text)) if kind == "text/html" else ("text", self._kept(text))

    def _html(self, text: str) -> str:
        found: list[Dropped] = []
        text = texts.without_data_uris(texts.clean(text), found)
        self.dropped += found
        return self._kept(markup.to_text(text))

    def _kept(self, text: str) -> str:
        text, found = texts.keep(text)
        self.dropped += found
        return text

    def _pdf(self, content: bytes) -> tuple[str, str]:
        self.dropped.append(texts.dropped(kinds.PDF, content))
        return "pdf", self._kept(self.pdf_text(content))

    def _stub(self, kind: str, content: bytes) -> tuple[str, str]:
        self.dropped.append(texts.dropped(kind, content))
        return "stub", texts.stub(self.dropped[-1])
