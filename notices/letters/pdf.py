"""Print a letter as a tagged PDF/A-3, in one long-lived child a worker."""

from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from core.child import Child, ChildFailed
from core.errors import RuleBroken
from notices.drafting.letter import Letter

LONGEST = 150_000
# A start costs as much as ten letters; the child's memory is the same after three hundred.
RECYCLE_AFTER = 500
PATIENCE = 40.0

PROGRAM = Path(__file__).resolve().parent / "press.py"

_press = Child(PROGRAM, recycle_after=RECYCLE_AFTER, patience=PATIENCE)


class PdfFailed(RuleBroken):
    """The letter could not be printed; the text of the notice is whole."""

    def __init__(self) -> None:
        super().__init__(_("The PDF could not be made. The text of the notice is not affected."))


def render_pdf(letter: Letter) -> bytes:
    """Return the letter as PDF, the same bytes for the same letter. Raises PdfFailed."""
    return print_html(render_to_string("letters/notice.html", {"letter": letter}))


def print_html(html: str) -> bytes:
    if len(html) > LONGEST:
        raise PdfFailed
    try:
        return _press.ask(b"H", html.encode("utf-8", "replace"))
    except ChildFailed as error:
        raise PdfFailed from error
