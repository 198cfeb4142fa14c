"""Pictures of a letter's pages, for the preview."""

import io
import threading

import pypdfium2

MOST_PAGES = 6
LARGEST = 2_000_000
WIDEST = 1240
# PDFium is not safe to use from two threads at once.
_one_at_a_time = threading.Lock()


def pdf_pages_png(pdf: bytes) -> list[bytes]:
    """Return at most six pages of a letter of ours as PNG. Raises ValueError for a huge file."""
    if len(pdf) > LARGEST:
        raise ValueError("too large to show")
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_png(document[n]) for n in range(min(len(document), MOST_PAGES))]
        finally:
            document.close()


def pdf_text(pdf: bytes) -> str:
    """Return the text of a letter of ours, page after page."""
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)
        finally:
            document.close()


def _png(page: pypdfium2.PdfPage) -> bytes:
    scale = min(WIDEST / page.get_width(), 3.0)
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().save(picture, format="PNG", optimize=False)
    return picture.getvalue()
