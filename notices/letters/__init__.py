"""Letters as bytes: the mail, the PDF, its pages, and the fields of a form."""

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import RuleBroken
from notices.drafting.letter import Letter
from notices.law import ChannelFacts
from notices.letters.forms import Field, form_fields
from notices.letters.mail import Envelope, pdf_name, render_mail
from notices.letters.pages import pdf_pages_png, pdf_text
from notices.letters.pdf import PdfFailed, render_pdf

__all__ = [
    "Envelope",
    "Field",
    "Frozen",
    "PdfFailed",
    "form_fields",
    "freeze",
    "pdf_name",
    "pdf_pages_png",
    "pdf_text",
    "render_mail",
    "render_pdf",
]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The exact bytes that an approval says yes to; for a form, `mime` is the text alone."""

    mime: bytes
    pdf: bytes
    text: str
    mime_sha256: str
    pdf_sha256: str


def freeze(letter: Letter, channel: ChannelFacts, envelope: Envelope | None) -> Frozen:
    """Render everything once, before any transaction. Raises RuleBroken where a part is missing.

    `envelope` is needed for a channel by mail, and not looked at for any other.
    """
    if letter.missing:
        raise RuleBroken(_("A part of the letter is missing."))
    pdf = render_pdf(letter)
    if channel.is_mail:
        if envelope is None:
            raise ValueError("a mail without an envelope")
        mime = render_mail(letter, envelope, pdf if channel.accepts_pdf else None)
    else:
        mime = letter.text.encode()
    return Frozen(mime, pdf, letter.text, _digest(mime), _digest(pdf))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
