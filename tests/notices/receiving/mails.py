"""Mails as platforms write them, and worse ones."""

from email.message import EmailMessage
from typing import Any

from notices.models import Notice
from notices.receiving import storing

TEXT = "We received your report. Our reference is T-88213.\n"
PLATFORM = "Trust Desk <desk@x.example>"


def mail(text: str = TEXT, to: str = "notices@harbour.example", **headers: str) -> EmailMessage:
    message = EmailMessage()
    told = {
        "From": PLATFORM,
        "To": to,
        "Subject": "Your report",
        "Message_ID": "<answer-1@x.example>",
        "Date": "Sat, 21 Nov 2026 12:30:00 +0000",
        **headers,
    }
    for name, value in told.items():
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def reply_to(notice: Notice) -> str:
    return f"r-{notice.reply_token}@reply.harbour.example"


def stored(raw: bytes, at: Any, to: str = "notices@harbour.example", **place: Any) -> Any:
    envelope = {"from": "desk@x.example", "to": [to]}
    source = place.pop("source", "smtp")
    return storing.store(raw, source=source, envelope=envelope, at=at, received_at=at, **place)[0]
