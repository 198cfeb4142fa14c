"""Text as it may be kept: nothing in it that is a file written down as text."""

import hashlib
import re
from collections.abc import Iterator
from typing import TypedDict

# Nobody answers a notice with more; what is beyond is said to have been there.
LONGEST = 1_000_000
CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127)) | {13: "\n"}
DATA_URI = re.compile(
    r"data:([\w.+-]{1,60}/[\w.+-]{1,60})?(?:;[\w=+.-]{1,60}){0,8},"
    r"[^\s\"'<>)]*(?:\n[A-Za-z0-9+/=%]{20,})*",
    re.I,
)
ENCODED = re.compile(r"[A-Za-z0-9+/_=-]{30,}")
TAIL = re.compile(r"(?=[^=]*[=0-9]|.{20})[A-Za-z0-9+/_-]{1,80}={0,2}")
# Hashes and numbers of cases come in lists too; a picture in hexadecimal is longer than any.
HASH = re.compile(r"[0-9a-fA-F-]{1,64}")
TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{2000,}")
PICTURE = re.compile(
    r"(?:/9j/[4A-Z]|iVBORw0KGgo|R0lGOD[dl]h|UklGR|AAAA[A-Z]{1,2}[a-zA-Z0-9+/]{1,3}dH)"
    r"[A-Za-z0-9+/_=-]{40,}"
)
MANY, HASHES_A_LINE = 6, 0.15
BEGIN = re.compile(r"begin(?:-base64)? [0-7]{3,4} \S.*|=ybegin .*")
END = ("end", "====", "=yend")
CODECS = re.compile(
    r"(utf|us-ascii|ascii|iso-?8859|iso-2022|windows-|cp\d|latin|koi8|gb|big5|euc|shift|sjis|mac|"
    r"tis|hz|ks_c|johab|ptcp|kz)[\w.:-]{0,30}",
    re.I,
)


class Dropped(TypedDict):
    """What was not kept of a mail, as the ledger tells it."""

    type: str
    bytes: int
    sha256: str


def dropped(kind: str, content: bytes) -> Dropped:
    return {"type": kind, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def stub(what: Dropped) -> str:
    return f"[{what['type']}, {what['bytes']} bytes, SHA-256 {what['sha256']}: not kept]"


def decode(content: bytes, charset: str) -> str:
    """Return the text by its own charset where it is one of text, else by what fits."""
    for name in (charset if CODECS.fullmatch(charset) else "utf-8", "utf-8"):
        try:
            return content.decode(name)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Return `text` as every database takes it: without NUL, control signs and half characters."""
    text = text.replace("\r\n", "\n").translate(CONTROL)
    return text.encode("utf-8", "replace").decode("utf-8")


def keep(text: str) -> tuple[str, list[Dropped]]:
    """Return the text without what is a file in disguise, and what that was."""
    found = list[Dropped]()
    text = without_data_uris(clean(text), found)
    text = "\n".join(_lines(text.split("\n"), found))
    text = TOKEN.sub(lambda match: _stubbed(match[0], "encoded data", found), text)
    text = PICTURE.sub(lambda match: _stubbed(match[0], "encoded picture", found), text)
    if len(text) > LONGEST:
        rest = text[LONGEST:]
        text = text[:LONGEST] + "\n" + _stubbed(rest, "text/plain", found)
    return text, found


def without_data_uris(text: str, found: list[Dropped]) -> str:
    return DATA_URI.sub(lambda match: _stubbed(match[0], _uri_type(match), found), text)


def _uri_type(match: re.Match[str]) -> str:
    return (match[1] or "data").lower()


def _stubbed(text: str, kind: str, found: list[Dropped]) -> str:
    found.append(dropped(kind, text.encode()))
    return stub(found[-1])


def _lines(lines: list[str], found: list[Dropped]) -> Iterator[str]:
    """Yield the lines; in the place of each run of encoded ones, one that says so."""
    at = 0
    while at < len(lines):
        end, kind = _run(lines, at)
        if end > at:
            yield _stubbed("\n".join(lines[at:end]), kind, found)
            at = end
        else:
            yield lines[at]
            at += 1


def _run(lines: list[str], at: int) -> tuple[int, str]:
    """Return where a run of encoded lines that begins here ends, and what it is called."""
    if BEGIN.fullmatch(lines[at].strip()):
        return _after_block(lines, at), "uuencoded file"
    end, weight = at, 0.0
    while end < len(lines) and (one := _weight(lines[end])):
        end, weight = end + 1, weight + one
    if weight < MANY:
        return at, ""
    is_longer = end < len(lines) and TAIL.fullmatch(lines[end].strip(" \t>"))
    return end + 1 if is_longer else end, "encoded data"


def _after_block(lines: list[str], at: int) -> int:
    """Return where a block ends that said how it begins; at its own line where none follows."""
    is_yenc = lines[at].lstrip().startswith("=y")
    end = at + 1
    while end < len(lines):
        line = lines[end].rstrip()
        if line.split(" ")[0] in END:
            return end + 1
        if not (is_yenc or _is_uu(line) or _weight(line)):
            break
        end += 1
    return end if end > at + 1 else at


def _is_uu(line: str) -> bool:
    """Tell whether the first sign of the line counts the bytes that the rest encodes."""
    if line == "`":
        return True
    told = (ord(line[0]) - 32) if line else 0
    return 0 < told <= 45 and abs(len(line) - 1 - -(-told // 3) * 4) <= 3


def _weight(line: str) -> float:
    """Return how much a line looks like part of a file: 1 for sure, less for a mere number."""
    line = line.strip(" \t>|")
    if len(line) == 61 and line.startswith("M") and _is_uu(line):
        return 1
    if not ENCODED.fullmatch(line):
        return 0
    if HASH.fullmatch(line):
        return HASHES_A_LINE
    return 1 if sum(map(line.count, "_=-")) * 5 < len(line) else 0
