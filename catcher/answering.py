"""Answers that a newcomer writes as the platform: real mails, by SMTP, to our own door."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import EmailMessage, Message
from email.policy import SMTP, compat32
from email.utils import format_datetime, make_msgid, parseaddr

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catcher import LOOPBACK
from catcher.letter import readable
from core import clock
from core.addresses import is_address

SECONDS = 10
LONGEST = 20_000
# Under this name the catcher vouches for what it sends, as a mail server before our door does.
NAME = "catcher.localhost"


class NotTaken(Exception):
    """Our door said no; the text says how."""


@dataclass(frozen=True)
class Ready:
    """A text to begin with."""

    label: object
    text: Callable[[], str]


READY = {
    "receipt": Ready(
        gettext_lazy("Receipt with a number"),
        lambda: _(
            "Thank you for your report. This is an automatic confirmation.\n\n"
            "Your reference number is #48213377. Please quote it when you write again.\n"
        ),
    ),
    "identity": Ready(
        gettext_lazy("Demands identity"),
        lambda: _(
            "Hello,\n\nBefore we can look at this report we need a copy of a government-issued "
            "identity document of the person shown.\n\nThe Trust and Safety team\n"
        ),
    ),
    "removed": Ready(
        gettext_lazy("Removed"),
        lambda: _(
            "Hello,\n\nWe have reviewed your report and removed the content that you reported.\n\n"
            "The Trust and Safety team\n"
        ),
    ),
    "bounce": Ready(
        gettext_lazy("Comes back"),
        lambda: _("The mail system could not deliver your message to one or more recipients.\n"),
    ),
}


def can_be_answered(raw: bytes) -> bool:
    caught = _read(raw)
    return bool(_reply_address(caught) and _platform(caught))


def ready_text(kind: str) -> str:
    return READY[kind].text() if kind in READY else READY["receipt"].text()


def send(raw: bytes, kind: str, text: str, port: int) -> None:
    """Hand an answer to the caught mail over. Raises NotTaken with what our door said."""
    caught = _read(raw)
    is_bounce = kind == "bounce"
    build = _bounce if is_bounce else _answer
    sender = "" if is_bounce else _platform(caught)
    recipient = _return_path(caught) if is_bounce else _reply_address(caught)
    try:
        with smtplib.SMTP(LOOPBACK, port, timeout=SECONDS) as door:
            door.sendmail(sender, [recipient], build(caught, text[:LONGEST]).as_bytes(policy=SMTP))
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        raise NotTaken(f"{code} {said.decode('utf-8', 'replace')}") from refused
    except smtplib.SMTPResponseException as refused:
        raise NotTaken(f"{refused.smtp_code} {refused.smtp_error!r}") from refused
    except OSError as error:
        raise NotTaken(type(error).__name__) from error


def _read(raw: bytes) -> Message:
    return message_from_bytes(raw, policy=compat32)


def _address(caught: Message, *names: str) -> str:
    found = (parseaddr(readable(caught.get(name)))[1] for name in names)
    return next((address for address in found if is_address(address)), "")


def _reply_address(caught: Message) -> str:
    return _address(caught, "Reply-To", "From")


def _return_path(caught: Message) -> str:
    return _address(caught, "Return-Path", "Reply-To", "From")


def _platform(caught: Message) -> str:
    return _address(caught, "Delivered-To", "To")


def _headers(caught: Message, sender: str, recipient: str, subject: str) -> EmailMessage:
    domain = sender.rpartition("@")[2]
    answer = EmailMessage()
    vouched = f"{NAME}; dkim=pass header.d={domain}; spf=pass smtp.mailfrom={domain}; "
    answer["Authentication-Results"] = f"{vouched}dmarc=pass header.from={domain}"
    answer["From"] = sender
    answer["To"] = recipient
    answer["Subject"] = subject
    answer["Date"] = format_datetime(clock.now())
    answer["Message-ID"] = make_msgid(domain=domain)
    return answer


def _answer(caught: Message, text: str) -> EmailMessage:
    subject = readable(caught.get("Subject"))
    answer = _headers(caught, _platform(caught), _reply_address(caught), f"Re: {subject}")
    message_id = readable(caught.get("Message-ID"))
    answer["In-Reply-To"] = answer["References"] = message_id
    if _("automatic confirmation") in text:
        answer["Auto-Submitted"] = "auto-replied"
    answer.set_content(f"{text.rstrip()}\n\n{_quoted(caught)}")
    return answer


def _quoted(caught: Message) -> str:
    part = next((one for one in caught.walk() if one.get_content_type() == "text/plain"), None)
    content = part.get_payload(decode=True) if part else b""
    told = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    head = f"On {readable(caught.get('Date'))}, {_reply_address(caught)} wrote:"
    return "\n".join([head, *(f"> {line}" for line in told.splitlines()[:200])]) + "\n"


def _bounce(caught: Message, text: str) -> EmailMessage:
    """Return what a mail server writes when it cannot deliver (RFC 3464)."""
    platform = _platform(caught)
    domain = platform.rpartition("@")[2]
    sender, subject = f"MAILER-DAEMON@{domain}", "Undelivered Mail Returned to Sender"
    report = _headers(caught, sender, _return_path(caught), subject)
    report["Auto-Submitted"] = "auto-replied"
    report.set_content(text)
    report.make_mixed()
    status, headers = EmailMessage(), EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([message_from_string(block) for block in _status(domain, platform)])
    headers["Content-Type"] = "text/rfc822-headers"
    headers.set_payload(_top(caught))
    report.attach(status)
    report.attach(headers)
    report.set_type("multipart/report")
    report.set_param("report-type", "delivery-status")
    return report


def _status(domain: str, platform: str) -> tuple[str, str]:
    """Return what it says about the mail, and about the recipient."""
    return (
        f"Reporting-MTA: dns; mail.{domain}\n",
        f"Final-Recipient: rfc822; {platform}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\n",
    )


def _top(caught: Message) -> str:
    names = ("From", "To", "Subject", "Date", "Message-ID", "Reply-To")
    return "".join(f"{name}: {readable(caught.get(name))}\n" for name in names)
