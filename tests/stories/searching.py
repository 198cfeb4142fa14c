"""Looking for texts in a heap of bytes, whichever way somebody might have written them there."""

import base64
from collections.abc import Iterable, Iterator
from urllib.parse import quote


def found(texts: Iterable[str], heap: bytes) -> list[str]:
    """Return which of the texts stand in the heap. Small and capital letters are the same."""
    folded = heap.lower()
    return [text for text in texts if any(form.lower() in folded for form in _cases(text))]


def _cases(text: str) -> Iterator[bytes]:
    for one in {text, text.lower(), text.upper()}:
        yield from forms(one)


def forms(text: str) -> Iterator[bytes]:
    """Yield the text in UTF-8 and UTF-16, quoted for addresses and for JSON, in hex and base64."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield quote(text).encode()
    yield text.encode("ascii", "backslashreplace")
    yield raw.hex().encode()
    for before in range(3):
        yield from _base64(raw, before)


def _base64(raw: bytes, before: int) -> Iterator[bytes]:
    """Yield what base64 makes of the text alone, where so many bytes stand before it."""
    made = base64.b64encode(bytes(before) + raw)
    inner = made[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
    yield inner
    yield inner.translate(bytes.maketrans(b"+/", b"-_"))
