"""The program that reads hostile mail, in a child that `core.confined` bounds.

Kinds of questions: `S` a mail in, what may be kept of it out; `N` the same without opening any
PDF; `P` what was kept in, its fields as JSON out.
"""

import json

from core.confined import serve
from notices.receiving import apart, stripping, structure

MEMORY = 512 * 1024**2
SECONDS = 10
MOST_PAGES, LONGEST_PAGE = 60, 20_000


def work(kind: bytes, body: bytes) -> bytes:
    if kind == b"P":
        return json.dumps(apart.take_apart(body)).encode()
    read_pdf = pdf_text if kind == b"S" else _unread
    try:
        return b"+" + stripping.strip(body, read_pdf).to_bytes()
    except structure.Unbearable as beyond:
        return b"-" + beyond.word.encode()


def pdf_text(content: bytes) -> str:
    """Return what can be read in a PDF; its pictures are not looked at."""
    # Not at the top: most mail brings no PDF, and the library is a large one.
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        pages = range(min(len(document), MOST_PAGES))
        texts = (document[number].get_textpage().get_text_bounded() for number in pages)
        return "\n\n".join(text[:LONGEST_PAGE] for text in texts)
    except pypdfium2.PdfiumError:
        return ""


def _unread(content: bytes) -> str:
    return ""


def main() -> None:
    serve(work, memory=MEMORY, seconds=SECONDS)


if __name__ == "__main__":
    main()
