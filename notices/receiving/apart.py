"""What is kept of a mail, taken apart into plain values: the fields of `notices.reading.Parsed`."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC
from email.header import decode_header, make_header
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from notices.receiving import structure, texts
from notices.receiving.stripping import KEPT_AS
from notices.receiving.structure import Part

ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]{1,64}@[^\s<>,;:\"()\[\]@]{1,255}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
AUTOMATIC = ("x-auto", "list-")
ALSO_AUTOMATIC = {"return-path", "x-failed-recipients", "x-precedence", "x-loop", "x-mailer"}
WORD = re.compile(r"\w+")
LONGEST, MOST = 4096, 100
FORWARDED = ("from", "date", "subject")


def take_apart(content: bytes) -> dict[str, Any]:
    """Return the fields of `Parsed` as JSON knows them, from bytes that stripping wrote."""
    part = structure.split(content)
    report = _report(part)
    return {
        **_addresses(part),
        "message_id": next(iter(_ids(part, "message-id")), ""),
        "in_reply_to": _ids(part, "in-reply-to"),
        "references": _ids(part, "references"),
        "recipients_as_written": _texts(part, RECIPIENTS),
        "subject": _text(part, "subject"),
        "date": _date(part),
        "auto_submitted": _text(part, "auto-submitted"),
        "precedence": _text(part, "precedence"),
        "auto_headers": _automatic(part),
        "authentication_results": _texts(part, ("authentication-results",))[:20],
        "text": "\n\n".join(filter(None, _readable(part, is_report=bool(report)))),
        "says_more": any(map(_says_more, _every(part))),
        **report,
    }


def _kept_as(part: Part) -> str:
    return part.value(KEPT_AS.lower())


# ------------------------------------------------------------------ headers


def readable(value: bytes) -> str:
    """Return a header's text with its encoded words decoded; as it stands where they are broken."""
    text = texts.decode(value[:LONGEST], "utf-8")
    if "=?" in text:
        with suppress(ValueError, LookupError, UnicodeError):
            text = str(make_header(decode_header(text)))
    return " ".join(texts.clean(text).split())


def _text(part: Part, name: str) -> str:
    return next(iter(_texts(part, (name,))), "")


def _texts(part: Part, names: Iterable[str]) -> list[str]:
    found = [readable(value) for name in names for value in part.values(name)[:MOST]]
    return found[:MOST]


def _ids(part: Part, name: str) -> list[str]:
    return [found for text in _texts(part, (name,)) for found in MESSAGE_ID.findall(text)][:MOST]


def _addresses(part: Part) -> dict[str, Any]:
    senders = _pairs(part, ("from",))
    return {
        "from_address": senders[0][1] if senders else "",
        "from_name": senders[0][0] if senders else "",
        "from_addresses": [address for _, address in senders],
        "sender": next((address for _, address in _pairs(part, ("sender",))), ""),
        "reply_to": [address for _, address in _pairs(part, ("reply-to",))],
        "recipients": [address for _, address in _pairs(part, RECIPIENTS)],
    }


def _pairs(part: Part, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, address) of every address in these headers, each address once."""
    found = dict[str, str]()
    for name in names:
        for value in part.values(name)[:MOST]:
            for shown, address in _parsed(texts.decode(value[:LONGEST], "utf-8")):
                found.setdefault(texts.clean(address), readable(shown.encode("utf-8", "replace")))
    return [(shown, address) for address, shown in found.items()][:MOST]


def _parsed(text: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([text])
    except (RecursionError, ValueError, IndexError, TypeError):
        pairs = []
    good = [(shown, address) for shown, address in pairs if ADDRESS.fullmatch(address)]
    return good or [("", address) for address in ADDRESS.findall(text)]


def _date(part: Part) -> str | None:
    try:
        moment = parsedate_to_datetime(_text(part, "date"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _automatic(part: Part) -> dict[str, str]:
    names = {name.lower() for name, _ in part.headers}
    wanted = {each for each in names if each.startswith(AUTOMATIC)} | (names & ALSO_AUTOMATIC)
    return {name: _text(part, name) for name in sorted(wanted)[:MOST]}


# ------------------------------------------------------------------ texts


def _readable(part: Part, *, is_report: bool) -> Iterator[str]:
    """Yield the texts that the sender wrote, and what of a PDF can be read."""
    if part.kind == "multipart/alternative":
        yield _best(part.parts, is_report=is_report)
    elif part.is_multipart:
        for each in part.parts:
            yield from _readable(each, is_report=is_report)
    elif part.parts:
        if not is_report:
            yield _forwarded(part.parts[0])
    elif _kept_as(part) != "stub" and part.kind == "text/plain":
        yield part.body.decode("utf-8", "replace").strip("\n")


def _best(parts: list[Part], *, is_report: bool) -> str:
    """Return the plain one of several forms of one text, unless it is empty."""
    told = _forms(parts, is_report=is_report)
    kept_as = [_kept_as(each) for each in parts]
    plain = [text for way, text in zip(kept_as, told, strict=True) if way == "text"]
    return next(filter(str.strip, [*plain, *reversed(told)]), "")


def _forms(parts: list[Part], *, is_report: bool) -> list[str]:
    return ["\n\n".join(filter(None, _readable(each, is_report=is_report))) for each in parts]


def _says_more(part: Part) -> bool:
    """Tell whether another form of a text has words that are not in the one that is read."""
    if part.kind != "multipart/alternative":
        return False
    read = set(WORD.findall(_best(part.parts, is_report=False)))
    return any(set(WORD.findall(form)) - read for form in _forms(part.parts, is_report=False))


def _forwarded(part: Part) -> str:
    head = [f"{name.title()}: {_text(part, name)}" for name in FORWARDED if _text(part, name)]
    body = "\n\n".join(filter(None, _readable(part, is_report=False)))
    return "\n".join(["---------- Forwarded message ----------", *head, "", body])


# ------------------------------------------------------------------ reports


def _report(part: Part) -> dict[str, Any]:
    """Return what a report about a mail says: its kind, its fields, and which mail came back."""
    found: dict[str, Any] = {}
    if part.kind == "multipart/report":
        found["report_type"] = part.parameter("report-type").lower()
    for each in _every(part):
        if each.kind.endswith("delivery-status"):
            found.setdefault("delivery_status", []).extend(_blocks(each.body))
        elif each.kind == "message/feedback-report":
            found.setdefault("feedback", next(iter(_blocks(each.body)), {}))
    if found:
        found["returned"] = _returned(part)
    return found


def _every(part: Part) -> Iterator[Part]:
    yield part
    for each in part.parts:
        yield from _every(each)


def _blocks(body: bytes) -> list[dict[str, str]]:
    blocks = [block for block in body.split(b"\n\n")[:MOST] if block.strip()]
    return [_fields(structure.read_headers(block.strip(b"\n"))[0]) for block in blocks]


def _fields(headers: list[tuple[str, bytes]]) -> dict[str, str]:
    return {name.lower(): readable(value) for name, value in headers[:MOST]}


def _returned(part: Part) -> dict[str, str]:
    for each in _every(part):
        if each.kind.endswith("headers"):
            return _fields(structure.read_headers(each.body.lstrip(b"\n"))[0])
        if each is not part and each.kind in structure.MESSAGE and each.parts:
            return _fields(each.parts[0].headers)
    return {}
