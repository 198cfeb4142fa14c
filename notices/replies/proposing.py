"""What the machine reads in a reply, as a page may propose it. A forged mail proposes nothing."""

from datetime import datetime
from typing import Any

from notices import answers
from notices.answers import Answer
from notices.models import Message
from notices.replies.marking import upright
from notices.states import Genuineness


def proposal_of(message: Message) -> Answer | None:
    """Return the answer that one key files, or None where a person has to read first."""
    if message.filed_at or message.genuineness == Genuineness.FORGED:
        return None
    return answers.answers().get(message.proposed)


def details_read(message: Message) -> dict[str, str]:
    """Return what was found in the text and belongs to the filing: their number, their promise."""
    tickets, until = tickets_read(message), wait_until_read(message)
    return {
        **({"ticket": tickets[0]} if tickets else {}),
        **({"estimate_until": until.isoformat()} if until else {}),
    }


def wait_until_read(message: Message) -> datetime | None:
    """Return until when they ask us to wait, as the machine reads it."""
    try:
        until = datetime.fromisoformat(str(_read(message, "estimate_until") or ""))
    except ValueError:
        return None
    return until if until.tzinfo else None


def tickets_read(message: Message) -> list[str]:
    return [upright(str(one)) for one in _read(message, "tickets") or []]


def promises_read(message: Message) -> list[str]:
    return [str(one) for one in _read(message, "dates") or []]


def phrase_read(message: Message) -> str:
    return str(_read(message, "phrase") or "")


def _read(message: Message, name: str) -> Any:
    if message.genuineness == Genuineness.FORGED:
        return None
    return message.reading.get(name)
