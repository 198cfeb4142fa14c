"""What a mail means: what is new in it, what it says, and to which notice it belongs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.addresses import token_of
from notices.models import Notice
from notices.reading.parsed import Parsed


@dataclass(frozen=True)
class Meaning:
    """What the machine makes of a mail. `notice` is a guess unless `is_sure`."""

    text: str
    quoted: str = ""
    notice: Notice | None = None
    is_sure: bool = False
    confidence: float | None = None
    reasons: list[str] = field(default_factory=list)
    genuineness: str = ""
    verdicts: dict[str, Any] = field(default_factory=dict)
    proposed: str = ""
    reading: dict[str, Any] = field(default_factory=dict)


def meaning_of(parsed: Parsed, at: datetime) -> Meaning:
    notice = _addressed(parsed)
    if notice is None:
        return Meaning(parsed.text)
    return Meaning(
        parsed.text, notice=notice, is_sure=True, confidence=1.0, reasons=["reply_address"]
    )


def _addressed(parsed: Parsed) -> Notice | None:
    tokens = [token for address in parsed.recipients if (token := token_of(address))]
    rows = Notice.objects.filter(reply_token__in=tokens).exclude(sent_at=None)
    return rows.select_related("case", "platform").first()
