"""One mail, read: what is new in it, what it says, and what it asks us to wait for."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from . import automatic, bounces, dates, kinds, tickets
from .bounces import Bounce
from .parsed import Parsed
from .splitting import split

LONGEST_PHRASE = 400


class StoredBounce(TypedDict):
    """What is kept of a mail server's report: words of `bounces`, and whom it is about."""

    outcome: str
    reason: str
    status: str
    recipient: str
    by_standard: bool


class Stored(TypedDict):
    """What `Message.reading` keeps of it; `estimate_until` as ISO 8601, or empty."""

    kind: str
    phrase: str
    tickets: list[str]
    dates: list[str]
    reasons: list[str]
    estimate_until: str
    is_automatic: bool
    can_be_answered: bool
    bounce: StoredBounce | None


@dataclass(frozen=True, slots=True)
class Reading:
    """`kind` is one of eight, `answer` a code of the catalogue or empty where none is sure.

    `phrase` is the sentence that made it so, `dates` the sentences with a promise, `estimate_until`
    the latest moment of those. `is_bare`: a receipt that says nothing else, but perhaps when an
    answer comes.
    """

    new_text: str
    quoted_text: str
    kind: str
    answer: str = ""
    phrase: str = ""
    tickets: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    estimate_until: datetime | None = None
    reasons: tuple[str, ...] = ()
    is_automatic: bool = False
    can_be_answered: bool = True
    bounce: Bounce | None = None
    is_bare: bool = False

    def stored(self) -> Stored:
        return {
            "kind": self.kind,
            "phrase": self.phrase,
            "tickets": list(self.tickets),
            "dates": list(self.dates),
            "reasons": list(self.reasons),
            "estimate_until": self.estimate_until.isoformat() if self.estimate_until else "",
            "is_automatic": self.is_automatic,
            "can_be_answered": self.can_be_answered,
            "bounce": _stored(self.bounce) if self.bounce else None,
        }


def read(
    parsed: Parsed,
    *,
    at: datetime,
    zone: ZoneInfo,
    our_text: str = "",
    calendar: str = "",
    ours: frozenset[str] = frozenset(),
) -> Reading:
    """Read a mail received `at`.

    `our_text` is the letter that it may repeat without marks, once the notice is known; `zone` and
    `calendar` (a country) are those in which the platform's promises are counted; `ours` are
    recipients whose bounces do not count: the archive.
    """
    parts = split(parsed.text, our_text)
    machine = automatic.look(parsed)
    bounce = bounces.look(parsed, parts.new, ours)
    kind = kinds.decide(parsed, parts.new, machine, bounce)
    numbers = () if bounce else tickets.find(parsed.subject, parts.new)
    answer = "ticket_assigned" if kind.answer == "ack_auto" and numbers else kind.answer
    promised = () if bounce else dates.estimates(parts.new, at, zone, calendar)
    return Reading(
        new_text=parts.new,
        quoted_text=parts.quoted,
        kind=kind.kind,
        answer=answer,
        phrase=kind.phrase[:LONGEST_PHRASE],
        tickets=numbers,
        dates=tuple(dict.fromkeys(one.phrase for one in promised)),
        estimate_until=max((one.until for one in promised), default=None),
        reasons=kind.reasons,
        is_automatic=bool(machine) or bounce is not None,
        can_be_answered=machine.can_be_answered,
        bounce=bounce,
        is_bare=kind.is_bare,
    )


def _stored(bounce: Bounce) -> StoredBounce:
    return {
        "outcome": bounce.outcome,
        "reason": bounce.reason,
        "status": bounce.status,
        "recipient": bounce.recipient,
        "by_standard": bounce.by_standard,
    }
