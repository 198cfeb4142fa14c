"""The mail as it leaves: rendered once, byte for byte, from a letter and an envelope."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils.translation import gettext as _

from core.addresses import is_address
from core.codes import CASE_CODE
from core.errors import RuleBroken
from notices.drafting.letter import Letter
from notices.drafting.rendering import clean

NOTICE_CODE = re.compile(rf"{CASE_CODE.pattern}-\d{{1,4}}")
MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,120}@[A-Za-z0-9.-]{1,120}>")
LONGEST_NAME = 80
# Headers stay on one line: a folded Message-ID is not found again by every mail program.
UNFOLDED = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom. `from_name` is neutral; `reply_to` is this notice's own address."""

    from_name: str
    from_address: str
    to_address: str
    reply_to: str
    message_id: str
    date: datetime
    in_reply_to: str = ""


def render_mail(letter: Letter, envelope: Envelope, pdf: bytes | None = None) -> bytes:
    """Return the message. Its text is the legal copy; the PDF goes along where they accept it.

    Raises RuleBroken where an address, a Message-ID or the code is not what it must be.
    """
    _check(letter, envelope)
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(letter, envelope).items():
        message[name] = value
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    if pdf is not None:
        message.add_attachment(
            pdf, maintype="application", subtype="pdf", filename=pdf_name(letter.code)
        )
        message.set_boundary(_boundary(envelope.message_id))
    # Last: setting the content sweeps every Content- header away.
    message["Content-Language"] = letter.language
    return message.as_bytes(policy=UNFOLDED)


def pdf_name(code: str) -> str:
    return f"notice-{code}.pdf"


def _headers(letter: Letter, envelope: Envelope) -> dict[str, object]:
    headers: dict[str, object] = {
        "From": Address(_plain(envelope.from_name, LONGEST_NAME), addr_spec=envelope.from_address),
        "To": Address(addr_spec=envelope.to_address),
        "Reply-To": Address(addr_spec=envelope.reply_to),
        "Subject": _plain(letter.subject, 150),
        "Date": format_datetime(envelope.date),
        "Message-ID": envelope.message_id,
    }
    if envelope.in_reply_to:
        headers |= {"In-Reply-To": envelope.in_reply_to, "References": envelope.in_reply_to}
    return headers


def _plain(value: str, longest: int) -> str:
    """Return a header's text in which nothing reads as an encoded word.

    Python before 3.11.10 and 3.12.5 decodes one in a value that it is given, line breaks included,
    and writes them out as new headers (CVE-2024-6923).
    """
    return clean(value, longest).replace("=?", "= ?")


def _check(letter: Letter, envelope: Envelope) -> None:
    addresses = (envelope.from_address, envelope.to_address, envelope.reply_to)
    if not all(is_address(address) for address in addresses):
        raise RuleBroken(_("An address of this mail is not a plain mail address."))
    ids = [envelope.message_id, *filter(None, [envelope.in_reply_to])]
    if not all(MESSAGE_ID.fullmatch(one) for one in ids):
        raise RuleBroken(_("The number of this mail is not well formed."))
    if not NOTICE_CODE.fullmatch(letter.code):
        raise RuleBroken(_("The notice has no code."))
    if envelope.date.tzinfo is None:
        raise ValueError("a moment without a zone")


def _boundary(message_id: str) -> str:
    """Return a line that no letter contains, the same whenever the same mail is rendered."""
    return f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
