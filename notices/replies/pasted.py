"""What a person pasted, read as a mail is read: by whom, when, about which notice, saying what.

Nothing is kept here. Where nothing is found a field stays empty, and the person fills it in.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime
from itertools import takewhile
from typing import Any

from accounts.access import may
from accounts.models import Organisation, User
from notices import answers, matching
from notices.answers import Answer
from notices.models import Notice
from notices.reading.parsed import Parsed
from notices.reading.reading import Reading, read
from notices.reading.verdicts import Genuine, Verdict
from notices.receiving.meaning import our_text
from notices.replies import words

HEAD_LINES = 12
LONGEST_LINE = 500
# A text without a sender is no mail that refuses answers.
NOBODY_NAMED = {"can_be_answered": True}
_HEADER = re.compile(r"(from|date|sent|subject|to|cc)\s{0,3}:\s{0,3}(.{0,400})", re.IGNORECASE)


@dataclass(frozen=True)
class Pasted:
    """What was found. `notice` is a proposal, `likelihood` says how sure it is and why."""

    text: str
    quoted: str = ""
    subject: str = ""
    sender: str = ""
    received_at: datetime | None = None
    notice: Notice | None = None
    likelihood: str = ""
    answer: Answer | None = None
    reading: dict[str, Any] = field(default_factory=dict)

    @property
    def because(self) -> str:
        return str(self.reading.get("phrase", "")).rstrip(" .!")

    @property
    def ticket(self) -> str:
        tickets = self.reading.get("tickets") or [""]
        return str(tickets[0])


def understand(text: str, user: User, at: datetime, notice: Notice | None = None) -> Pasted:
    """Read a pasted text; a notice that is given is not looked for."""
    parsed = take_apart(text)
    reading = _read(parsed, at, our_text(notice) if notice else "")
    likelihood = ""
    if notice is None:
        found = matching.match(parsed, reading, Verdict(Genuine.UNVERIFIED))
        notice = _usable(found.notice, user)
        likelihood = words.likelihood(found.confidence, found.reasons) if notice else ""
    return Pasted(
        text=reading.new_text if reading.quoted_text else parsed.text,
        quoted=reading.quoted_text,
        subject=parsed.subject,
        sender=parsed.from_address,
        received_at=_believable(parsed.date, notice, at),
        notice=notice,
        likelihood=likelihood,
        answer=answers.answers().get(reading.answer),
        reading={**reading.stored(), **({} if parsed.from_address else NOBODY_NAMED)},
    )


def take_apart(text: str) -> Parsed:
    """Return the text, and what the lines above it tell where a whole mail was pasted."""
    lines = text.lstrip().split("\n")
    above = list(takewhile(bool, (_HEADER.fullmatch(line[:LONGEST_LINE].strip()) for line in
                                  lines[:HEAD_LINES])))  # fmt: skip
    head = {match[1].lower(): match[2].strip() for match in reversed(above) if match}
    name, address = parseaddr(head.get("from", ""))
    return Parsed(
        from_name=name,
        from_address=address,
        subject=head.get("subject", ""),
        date=_moment(head.get("date") or head.get("sent") or ""),
        text="\n".join(lines[len(above) :]).lstrip() if above else text,
    )


def _moment(words_of_it: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(words_of_it)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _believable(moment: datetime | None, notice: Notice | None, at: datetime) -> datetime | None:
    """Return their moment where an answer can have come then."""
    if moment is None or moment > at:
        return None
    sent_at = notice.sent_at if notice else None
    return None if sent_at and moment < sent_at else moment


def _usable(notice: Notice | None, user: User) -> Notice | None:
    """Propose no notice that this person does not see or may not file for."""
    if notice is None:
        return None
    rows = Notice.objects.visible_to(user).select_related("case", "platform", "channel")
    whole = rows.filter(pk=notice.pk).first()
    return whole if whole is not None and may(user, "reply.file", whole) else None


def _read(parsed: Parsed, at: datetime, ours: str) -> Reading:
    organisation = Organisation.current() or Organisation()
    return read(
        parsed,
        at=at,
        zone=organisation.local_zone(),
        our_text=ours,
        calendar=organisation.country,
    )
