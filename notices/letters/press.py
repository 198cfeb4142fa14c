"""The program that prints: HTML in, PDF out, in a child that `core.confined` bounds.

The fetcher hands out the letters' own fonts and nothing else.
"""

from pathlib import Path
from typing import Any

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.confined import serve

ROOT = Path(__file__).resolve().parent.parent.parent
STYLE = ROOT / "templates" / "letters" / "letter.css"
FONTS = ROOT / "static" / "fonts" / "ttf"
SCHEME = "app-static:"
MEMORY = 1024**3
SECONDS = 20


class OwnFonts(URLFetcher):  # type: ignore[misc]
    """Refuse every address but the letters' own fonts, by name; a path is no name."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        known = {path.name: path for path in FONTS.glob("*.ttf")}
        if not url.startswith(SCHEME) or name not in known:
            raise ValueError("not an asset of the letters")
        return URLFetcherResponse(url, known[name].read_bytes(), {"Content-Type": "font/ttf"})


class Letter(HTML):  # type: ignore[misc]
    """A document that looks as the letters' own style says, without the sheet of a browser.

    That sheet's two hundred rules take a tenth of the time of a letter. Were it read all the same,
    the letters' style would overrule it.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


class Settled(pydyf.Object):  # type: ignore[misc]
    """A part of a PDF as bytes: written into the file and hashed into its number, made once."""

    def __init__(self, part: pydyf.Object) -> None:
        super().__init__()
        self.number = part.number
        self.is_compressible: bool = part.compressible
        self.content: bytes = part.data

    @property
    def data(self) -> bytes:
        return self.content

    @property
    def compressible(self) -> bool:
        return self.is_compressible


def settle(_document: Document, pdf: pydyf.PDF) -> None:
    """Replace all parts but the first, which is no part but the head of the list."""
    pdf.objects[1:] = map(Settled, pdf.objects[1:])


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
        document = Letter(string=html, url_fetcher=self.fetcher, base_url=SCHEME)
        printed: Any = document.write_pdf(
            stylesheets=[self.style],
            font_config=self.fonts,
            pdf_variant="pdf/a-3a",
            pdf_tags=True,
            finisher=settle,
        )
        return bytes(printed)


def main() -> None:
    press = Press()
    serve(lambda _kind, body: press.pdf(body.decode("utf-8")), memory=MEMORY, seconds=SECONDS)


if __name__ == "__main__":
    main()
