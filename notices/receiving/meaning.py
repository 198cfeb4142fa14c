"""What a mail means: whether it is genuine, what it says, and to which notice it belongs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Organisation
from notices import matching
from notices.matching import Match, Senders
from notices.models import Notice
from notices.reading import verdicts
from notices.reading.bounces import Bounce
from notices.reading.parsed import Parsed
from notices.reading.reading import Reading, read
from notices.reading.splitting import repeats
from notices.reading.verdicts import Verdict

# Nobody but a person lets a platform hold us back for longer; ten days are seven working days.
LONGEST_PROMISE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Office:
    """What is known before a mail is opened: who we are, and from where platforms write."""

    organisation: Organisation
    senders: Senders

    @classmethod
    def current(cls) -> "Office":
        return cls(Organisation.current() or Organisation(), matching.known_senders())


@dataclass(frozen=True)
class Meaning:
    """What the machine makes of a mail. `notice` is a guess unless `is_sure`.

    `files_itself`: where it is sure, this is a receipt of which nobody has to read anything.
    """

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
    # What a mail server says became of a mail of ours, unless somebody forged it.
    report: Bounce | None = None
    files_itself: bool = False


def meaning_of(parsed: Parsed, at: datetime, office: Office) -> Meaning:
    """Read a mail that arrived `at`."""
    organisation, senders = office.organisation, office.senders
    verdict = verdicts.judge(parsed, settings.AUTHSERV_ID, senders.domains)
    reading = _read(parsed, at, organisation)
    found = matching.match(parsed, reading, verdict, senders, organisation)
    ours = our_text(found.notice) if found.notice else ""
    # Few answers repeat our letter without a mark; reading is the dear part, so not twice for all.
    if repeats(reading.new_text, ours):
        reading = _read(parsed, at, organisation, ours)
    return Meaning(
        text=reading.new_text,
        quoted=reading.quoted_text,
        notice=found.notice,
        is_sure=found.is_sure,
        confidence=found.confidence,
        reasons=list(found.reasons),
        genuineness=verdict.genuineness,
        verdicts={**verdict.stored()},
        proposed=proposal(reading, verdict, found),
        reading={**reading.stored(), "message_id": parsed.message_id},
        report=reading.bounce if verdict.may_act else None,
        files_itself=_needs_nobody(parsed, reading, found, at),
    )


def _needs_nobody(parsed: Parsed, reading: Reading, found: Match, at: datetime) -> bool:
    """Tell whether a receipt may be filed by itself: of what nobody has read, nothing is known."""
    if parsed.dropped or parsed.says_more or not found.is_from_platform:
        return False
    until = reading.estimate_until
    return reading.is_bare and (until is None or until - at <= LONGEST_PROMISE)


def proposal(reading: Reading, verdict: Verdict, found: Match) -> str:
    """Return the answer that a page may propose.

    Nothing on the word of a forged or doubtful sender; and that it is gone only on the word of the
    platform itself.
    """
    if not verdict.may_act:
        return ""
    if reading.kind == "says_removed" and not found.is_from_platform:
        return ""
    return reading.answer


def our_text(notice: Notice) -> str:
    """Return the letter as it left: a mail that repeats it says nothing by it."""
    standing = notice.approvals.filter(voided_at=None)
    approval = standing.only("notice", "key_id", "text").first()
    return approval.text if approval else ""


def _read(parsed: Parsed, at: datetime, organisation: Organisation, ours: str = "") -> Reading:
    archive = frozenset({organisation.archive_address.lower()} - {""})
    return read(
        parsed,
        at=at,
        zone=organisation.local_zone(),
        our_text=ours,
        calendar=organisation.country,
        ours=archive,
    )
