"""The program that prints: HTML in, PDF out, in a child that `core.confined` bounds.

The fetcher hands out the letters' own fonts and nothing else.
"""

from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
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


def main() -> None:
    press = Press()
    serve(lambda _kind, body: press.pdf(body.decode("utf-8")), memory=MEMORY, seconds=SECONDS)


if __name__ == "__main__":
    main()
