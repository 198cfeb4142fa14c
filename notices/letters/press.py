"""The program that prints: HTML in, PDF out, over two pipes.

It runs apart from the worker, by its path and isolated (`python -I`), so that it imports nothing
of the product and knows no setting. Each document has its limits of memory and time. The fetcher
hands out the letters' own fonts and nothing else.
"""

import ctypes
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

ROOT = Path(__file__).resolve().parent.parent.parent
STYLE = ROOT / "templates" / "letters" / "letter.css"
FONTS = ROOT / "static" / "fonts" / "ttf"
SCHEME = "app-static:"
HEAD = struct.Struct("!cQ")
PRINTED, FAILED = b"P", b"F"
MEMORY = 1024**3
SECONDS = 20
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


class OwnFonts(URLFetcher):  # type: ignore[misc]
    """Refuse every address but the letters' own fonts, by name; a path is no name."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        known = {path.name: path for path in FONTS.glob("*.ttf")}
        if not url.startswith(SCHEME) or name not in known:
            raise ValueError("not an asset of the letters")
        return URLFetcherResponse(url, known[name].read_bytes(), {"Content-Type": "font/ttf"})


class Press:
    """Fonts and style are read once and kept for every document."""

    def __init__(self, fetcher: URLFetcher | None = None) -> None:
        self.fetcher = fetcher or OwnFonts()
        self.fonts = FontConfiguration()
        self.style = CSS(
            string=STYLE.read_text(encoding="utf-8"),
            font_config=self.fonts,
            url_fetcher=self.fetcher,
            base_url=SCHEME,
        )

    def pdf(self, html: str) -> bytes:
        document = HTML(string=html, url_fetcher=self.fetcher, base_url=SCHEME)
        printed: Any = document.write_pdf(
            stylesheets=[self.style],
            font_config=self.fonts,
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
        )
        return bytes(printed)


def main(source: BinaryIO, target: BinaryIO) -> None:
    _confine()
    press = Press()
    while head := source.read(HEAD.size):
        _kind, length = HEAD.unpack(head)
        html = source.read(length).decode("utf-8")
        _allow_seconds()
        kind, body = _printed(press, html)
        target.write(HEAD.pack(kind, len(body)) + body)
        target.flush()


def _printed(press: Press, html: str) -> tuple[bytes, bytes]:
    try:
        return PRINTED, press.pdf(html)
    except Exception as problem:  # noqa: BLE001 - one bad letter must not stop the next
        return FAILED, type(problem).__name__.encode()


def _confine() -> None:
    """Bound the memory, leave no core file, and give up the network where the kernel lets us."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None)
    if hasattr(libc, "unshare"):
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _allow_seconds() -> None:
    """Let the next document use so many seconds of the processor, counted from here."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
