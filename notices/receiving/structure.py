"""The parts of a mail, found by one pass over its bytes for each level, and bounded.

The standard library's parser recurses as deep as a mail asks it to and reads headers as long as
they come. Mail is hostile until shown otherwise, so this one gives up early, with a word.
"""

import binascii
import quopri
import re
from dataclasses import dataclass, field

HEADER_BYTES = 256 * 1024
DEEPEST, MOST_PARTS, MOST_HEADERS = 20, 200, 2000
# What is read of a Content-Type; twenty thousand parameters are for somebody else.
PARAMETER_BYTES = 2048
NAME = re.compile(rb"[!-9;-~]{1,200}")
TYPE = re.compile(r"[a-z0-9][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,100}")
BOUNDARY_BYTES = 200
MESSAGE = ("message/rfc822", "message/global")
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOT_BASE64 = bytes(set(range(256)) - set(ALPHABET))


class Unbearable(Exception):
    """The mail goes beyond a bound; `word` says which one."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass
class Part:
    """A part: its headers in their order, and either its bytes as they came or its own parts."""

    headers: list[tuple[str, bytes]] = field(default_factory=list)
    body: bytes = b""
    parts: list["Part"] = field(default_factory=list)

    def values(self, name: str) -> list[bytes]:
        return [value for known, value in self.headers if known.lower() == name]

    def value(self, name: str) -> str:
        found = self.values(name)
        return found[0][:PARAMETER_BYTES].decode("latin-1").strip() if found else ""

    @property
    def kind(self) -> str:
        """Return type and subtype in lower case; what cannot be read is plain text."""
        told = self.value("content-type").partition(";")[0].strip().lower()
        return told if TYPE.fullmatch(told) else "text/plain"

    @property
    def is_multipart(self) -> bool:
        return self.kind.startswith("multipart/")

    def parameter(self, name: str) -> str:
        pattern = rf";\s*{re.escape(name)}\s*=\s*(?:\"([^\"]*)\"|([^\s;]+))"
        found = re.search(pattern, self.value("content-type"), re.IGNORECASE)
        return (found.group(1) or found.group(2) or "").strip() if found else ""

    @property
    def content(self) -> bytes:
        """Return the bytes as they were before they were encoded for the journey."""
        way = self.value("content-transfer-encoding").lower()
        if way == "base64":
            return unbase64(self.body)
        return quopri.decodestring(self.body) if way == "quoted-printable" else self.body


def split(raw: bytes) -> Part:
    """Take a mail apart whose line ends are bare newlines. Raises Unbearable beyond a bound."""
    return _Splitter().part(raw, 0)


class _Splitter:
    def __init__(self) -> None:
        self.count = 0

    def part(self, raw: bytes, depth: int) -> Part:
        self.count += 1
        if depth > DEEPEST:
            raise Unbearable("too_deep")
        if self.count > MOST_PARTS:
            raise Unbearable("too_many_parts")
        headers, body = read_headers(raw)
        part = Part(headers, body)
        if part.is_multipart:
            part.parts = self._inner(part, depth)
        elif part.kind in MESSAGE:
            part.parts = [self.part(part.content.lstrip(b"\n"), depth + 1)]
        return part

    def _inner(self, part: Part, depth: int) -> list[Part]:
        boundary = part.parameter("boundary").encode("latin-1")[:BOUNDARY_BYTES]
        if not boundary:
            return []
        return [self.part(piece, depth + 1) for piece in self._pieces(part.body, boundary)]

    def _pieces(self, body: bytes, boundary: bytes) -> list[bytes]:
        found = list[bytes]()
        body = b"\n" + body
        mark = b"\n--" + boundary
        begin = _after_mark(body, mark, 0)
        while begin is not None:
            end = _find_mark(body, mark, begin - 1)
            found.append(body[begin:end] if end >= 0 else body[begin:])
            if self.count + len(found) > MOST_PARTS:
                raise Unbearable("too_many_parts")
            begin = _after_mark(body, mark, end) if end >= 0 else None
        return found


def _find_mark(body: bytes, mark: bytes, start: int) -> int:
    """Return where the next line stands that is the mark alone, or closes it; -1 without one."""
    at = body.find(mark, start)
    while at >= 0:
        end = body.find(b"\n", at + 1)
        rest = body[at + len(mark) : end if end >= 0 else len(body)].strip(b" \t")
        if rest in (b"", b"--"):
            return at
        at = body.find(mark, at + 1)
    return -1


def _after_mark(body: bytes, mark: bytes, start: int) -> int | None:
    """Return where the part after the next mark begins, or None after the closing one."""
    at = _find_mark(body, mark, start)
    if at < 0 or body[at + len(mark) : at + len(mark) + 2] == b"--":
        return None
    end = body.find(b"\n", at + 1)
    return end + 1 if end >= 0 else None


def read_headers(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Return the headers, each unfolded, and what follows them."""
    found = list[tuple[str, list[bytes]]]()
    at = raw.find(b"\n") + 1 if raw.startswith((b"From ", b">From ")) else 0
    while at < len(raw):
        end = raw.find(b"\n", at)
        end = end if end >= 0 else len(raw)
        if end > HEADER_BYTES or len(found) > MOST_HEADERS:
            raise Unbearable("headers_too_long")
        line = raw[at:end]
        if not line:
            return _joined(found), raw[end + 1 :]
        if not _take(found, line):
            # No header any more: somebody left out the empty line.
            return _joined(found), raw[at:]
        at = end + 1
    return _joined(found), b""


def _take(found: list[tuple[str, list[bytes]]], line: bytes) -> bool:
    if line[:1] in (b" ", b"\t") and found:
        found[-1][1].append(line.strip(b" \t"))
        return True
    name, colon, value = line.partition(b":")
    name = name.rstrip(b" \t")
    if not colon or not NAME.fullmatch(name):
        return False
    found.append((name.decode("ascii"), [value.strip(b" \t")]))
    return True


def _joined(found: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b" ".join(pieces)) for name, pieces in found]


def unbase64(content: bytes) -> bytes:
    """Decode what can be decoded; signs that do not belong there are passed over."""
    kept = bytes(content).translate(None, NOT_BASE64)
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b""
