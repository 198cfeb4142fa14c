"""The post of the last days, as it waits on the Replies page: something in every list of it.

All of it is invented and from .example. None is filed, so it moves no clock and no figure.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from insights.demo import year
from notices.models import Message, Notice, ReceivedMail
from notices.reminding import plans
from notices.states import Direction, Genuineness, MailState, NoticeStatus, Source

HOURS_APART = 2.6
VERDICTS = {"dkim": "pass", "spf": "pass", "dmarc": "pass"}
NO_VERDICTS = {"dkim": "none", "spf": "none", "dmarc": "none", "signs": ["nobody_vouches"]}
FORGED_VERDICTS = {"dkim": "fail", "spf": "fail", "dmarc": "fail", "signs": ["refuted"]}
BY_GENUINENESS: dict[str, dict[str, Any]] = {
    Genuineness.VERIFIED: VERDICTS,
    Genuineness.UNVERIFIED: NO_VERDICTS,
    Genuineness.FORGED: FORGED_VERDICTS,
}
IMAGE = {"type": "image/jpeg", "bytes": 48_211, "sha256": "0" * 64}


@dataclass(frozen=True)
class Letter:
    """One mail to be. `place`: the notice it belongs to, counted among the newest sent ones."""

    subject: str
    text: str
    sender: str = "support"
    quoted: str = ""
    place: int | None = None
    proposed: str = ""
    phrase: str = ""
    tickets: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    confidence: float = 1.0
    reasons: tuple[str, ...] = ("reply_address",)
    genuineness: str = Genuineness.VERIFIED
    dropped: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_genuine(self) -> bool:
        return self.genuineness == Genuineness.VERIFIED

    @property
    def verdicts(self) -> dict[str, Any]:
        return BY_GENUINENESS[self.genuineness]


ATTACHED = (
    Letter(
        "Re: Notice – removal request",
        "Hello,\n\nthe posts that you reported have been removed from our service.\n\nTrust team",
        quoted="> Under section 3 of the TAKE IT DOWN Act we request removal of the content.",
        place=0, proposed="removed", phrase="have been removed from our service",
        dropped=[IMAGE],
    ),
    Letter(
        "Your report", "This is an automatic message. Your report has the number T-88231.",
        sender="noreply", place=1, proposed="ticket_assigned",
        phrase="This is an automatic message", tickets=("T-88231",),
    ),
    Letter(
        "Your report", "We have received your report. Please do not answer to this address.",
        sender="noreply", place=2, proposed="ack_auto", phrase="We have received your report",
    ),
    Letter(
        "Identity needed",
        "Before we can act we need the full legal name of the person shown and a copy of an"
        " identity document. Please send them within 7 days.",
        place=3, proposed="identity_requested", phrase="a copy of an identity document",
        dates=("Please send them within 7 days.",), genuineness=Genuineness.UNVERIFIED,
    ),
    Letter(
        "Done: all links removed",
        "All links are removed. To close your ticket, sign in at https://sign-in.forged.example/.",
        sender="support.team", place=4, genuineness=Genuineness.FORGED,
    ),
)  # fmt: skip
LOOSE = (
    Letter(
        "Update on your request", "We passed your request to the team that decides.",
        place=5, proposed="ack_human", phrase="passed your request to the team",
        confidence=0.8, reasons=("code_in_subject",),
    ),
    Letter(
        "Case closed",
        "We looked at the material that you reported and found nothing that breaks our rules.",
        place=6, proposed="refused_no_violation", phrase="found nothing that breaks our rules",
        confidence=0.7, reasons=("sender_domain", "one_open_notice"),
    ),
    Letter(
        "RE: report", "Which of the links do you mean?", place=7, proposed="info_requested",
        phrase="Which of the links do you mean", confidence=0.4,
        reasons=("sender_domain", "several_open_notices"),
    ),
    Letter(
        "Grow your followers", "Ten thousand new followers in one week. Answer to this mail.",
        sender="offers@newsletter.example", reasons=(), genuineness=Genuineness.UNVERIFIED,
    ),
)  # fmt: skip
AFTER_CLOSING = Letter(
    "Re: Notice – removal request", "Sorry for the delay. We removed it now.",
    proposed="removed", phrase="We removed it now",
)  # fmt: skip
ASIDE = Letter(
    "You have won", "Click https://prize.example/ to collect.", sender="prize@lottery.example",
    reasons=(), genuineness=Genuineness.UNVERIFIED,
)  # fmt: skip
# Why they could not be read, with their size.
UNREADABLE = (
    ("too_deep", 18_300, MailState.QUARANTINED),
    ("too_large", 31_457_280, MailState.QUARANTINED),
    ("died", 412_000, MailState.SET_ASIDE),
)


def arrive(story: year.Year) -> None:
    """Let the last days' mails lie there as they would after they were stored and understood."""
    moments = _moments(story.until)
    open_ = list(_sent(story.until - timedelta(days=2))[:8])
    for letter in (*ATTACHED, *LOOSE):
        message = _lay(
            letter, _notice(open_, letter.place), next(moments), is_sure=letter in ATTACHED
        )
        if message.notice is not None:
            plans.block(message.notice, story.until)
    over = Notice.objects.filter(status=NoticeStatus.DONE).select_related("platform")
    if late := over.order_by("-done_at", "code").first():
        _lay(AFTER_CLOSING, late, next(moments), is_sure=True)
    aside = _lay(ASIDE, None, next(moments), is_sure=False)
    aside_by = {"set_aside_at": aside.received_at, "set_aside_by": story.cast.coordinator}
    Message.objects.filter(pk=aside.pk).update(**aside_by)
    for trouble, size, state in UNREADABLE:
        stored(next(moments), trouble, size=size, trouble=trouble, state=state, attempts=3)


def stored(at: datetime, words: str, key_id: UUID | None = None, **fields: Any) -> ReceivedMail:
    """Return the row of the ledger for a mail that came in at `at`."""
    content = f"{at.isoformat()} {words}".encode()
    values: dict[str, Any] = {
        "content_hash": hashlib.sha256(content).hexdigest(),
        "source": Source.SMTP,
        "received_at": at,
        "next_try_at": at,
        "stripped": content,
        "size": len(content),
        "state": MailState.UNDERSTOOD,
        "attempts": 1,
        **fields,
    }
    return ReceivedMail.objects.create(**values, **({"key_id": key_id} if key_id else {}))


def _moments(until: datetime) -> Any:
    at = until
    while True:
        at -= timedelta(hours=HOURS_APART)
        yield at


def _sent(before: datetime) -> "QuerySet[Notice]":
    rows = Notice.objects.filter(status=NoticeStatus.SENT, sent_at__lt=before)
    return rows.select_related("case", "platform").order_by("-sent_at", "code")


def _notice(newest: list[Notice], place: int | None) -> Notice | None:
    return newest[place % len(newest)] if newest and place is not None else None


def _lay(letter: Letter, notice: Notice | None, at: datetime, *, is_sure: bool) -> Message:
    """Write the mail and what the machine made of it."""
    belongs = notice if is_sure else None
    key_id = belongs.ensure_key() if belongs else None
    mail = stored(at, letter.subject, key_id, dropped=letter.dropped)
    sender = letter.sender
    if "@" not in sender:
        sender = f"{sender}@{notice.platform.key if notice else 'unknown'}.example"
    domain = sender.rpartition("@")[2]
    return Message.objects.create(
        key_id=mail.key_id,
        mail=mail,
        notice=belongs,
        guess=None if is_sure else notice,
        direction=Direction.RECEIVED,
        sender=sender,
        subject=letter.subject,
        text=letter.text,
        quoted=letter.quoted,
        received_at=at,
        logged_at=at,
        confidence=letter.confidence if notice else None,
        reasons=list(letter.reasons),
        matched_at=at if belongs else None,
        matched_by_machine=belongs is not None,
        genuineness=letter.genuineness,
        verdicts=letter.verdicts | ({"domain": domain} if letter.is_genuine else {}),
        proposed=letter.proposed,
        reading={
            "phrase": letter.phrase,
            "tickets": list(letter.tickets),
            "dates": list(letter.dates),
            "message_id": f"<{mail.content_hash[:20]}@{domain}>",
        },
    )
