"""A mail taken apart, as the parsing child hands it over: plain values, nothing of MIME left."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Parsed:
    """One received mail. Addresses are bare (`name@host`), Message-IDs keep their brackets.

    `from_addresses` holds every address of every From header: more than one is a sign of forgery.
    `recipients` are the addresses of To, Cc, Delivered-To, X-Original-To, Envelope-To and of the
    envelope; `recipients_as_written` the same headers' values unparsed, for addresses that broke.
    `auto_headers` are the headers by which programs say that they wrote, names in lower case:
    x-autoreply, x-autorespond, x-auto-response-suppress, list-id, list-unsubscribe, return-path, …
    `authentication_results` has the header's values, topmost first. `report_type` is that of a
    multipart/report. `delivery_status` has one dict for the message and one for each recipient of
    a message/delivery-status part; `feedback` the fields of an abuse report (RFC 5965); `returned`
    the headers of the mail that came back, all names in lower case. `text` is the plain text of
    the mail, made from HTML where it has no other, without pictures, with newlines as `\\n`;
    `says_more`: its HTML has words that the plain text lacks.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_address: str = ""
    from_name: str = ""
    from_addresses: tuple[str, ...] = ()
    sender: str = ""
    reply_to: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    recipients_as_written: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    auto_submitted: str = ""
    precedence: str = ""
    auto_headers: dict[str, str] = field(default_factory=dict)
    authentication_results: tuple[str, ...] = ()
    report_type: str = ""
    text: str = ""
    says_more: bool = False
    dropped: tuple[str, ...] = ()
    delivery_status: tuple[dict[str, str], ...] = ()
    feedback: dict[str, str] = field(default_factory=dict)
    returned: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        values = asdict(self)
        values["date"] = self.date.isoformat() if self.date else None
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "Parsed":
        """Read what `to_json` wrote. Raises ValueError or TypeError for anything else."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(text).items()
        }
        if values.get("date"):
            values["date"] = datetime.fromisoformat(values["date"])
        return cls(**values)
