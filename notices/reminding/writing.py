"""From a notice's rows to the words and bytes of its reminder. Slow: never in a transaction."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.errors import RuleBroken
from notices import checking, frozen, letters, references
from notices.drafting.letter import Letter
from notices.drafting.reminding import Passed, Quoted, ReminderFacts, compose_reminder
from notices.facts import link_facts, of_reminder
from notices.law.clocks import UTC_ZONE
from notices.models import Approval, Message, Notice
from notices.reminding import knowing
from notices.states import Direction, Genuineness, Via

OF_THE_PLATFORM = frozenset({"statutory", "order", "contractual", "self_declared"})


@dataclass(frozen=True, slots=True)
class Written:
    """A reminder in words and bytes, and the links it names: what it was written from."""

    letter: Letter
    message_id: str
    mime: bytes
    mime_sha256: str
    recipient: str
    links: frozenset[UUID]


def write(notice: Notice, at: datetime) -> Written:
    """Render the reminder as it would leave now. Raises RuleBroken where a part is missing."""
    approval = notice.approvals.filter(voided_at=None).first()
    if approval is None:
        raise RuleBroken(_("%(code)s has no approval that still holds.") % {"code": notice.code})
    letter, links = letter_of(notice, approval, at)
    if letter.missing:
        raise RuleBroken(_("A part of the reminder is missing."))
    if notice.channel is None or not approval.recipient:
        return Written(letter, "", b"", "", "", links)
    message_id = frozen.new_message_id()
    envelope = frozen.envelope_to(
        approval.recipient, notice, message_id, at, in_reply_to=approval.message_id
    )
    mime = letters.render_mail(letter, envelope)
    return Written(
        letter, message_id, mime, hashlib.sha256(mime).hexdigest(), approval.recipient, links
    )


def letter_of(notice: Notice, approval: Approval, at: datetime) -> tuple[Letter, frozenset[UUID]]:
    """Return what a reminder says at this moment, and which links (outcomes) it names."""
    zone = _zone()
    open_links = knowing.standing_of(notice).open_links
    outcomes = list(
        notice.outcomes.filter(pk__in=open_links)
        .select_related("link__case")
        .order_by("link__number")
    )
    links = tuple(link_facts([row.link for row in outcomes if row.link]))
    sent_at = notice.sent_at or at
    known = ReminderFacts(
        facts=replace(of_reminder(notice, at), links=links),
        subject=_subject(notice, approval),
        sent_on=sent_at.astimezone(zone).date(),
        numbers=tuple(references.of(notice)),
        passed=tuple(_passed(notice, at, zone)),
        is_acknowledged=any(row.acknowledged_at for row in outcomes),
        last=_last_word(notice, zone),
    )
    return compose_reminder(known), open_links


def _subject(notice: Notice, approval: Approval) -> str:
    """Return the subject of the notice's own thread, which is neutral; a form has none."""
    sent = message_from_bytes(approval.mime, policy=default) if approval.recipient else None
    subject = str(sent["Subject"] or "") if sent else ""
    return f"Re: {subject}" if subject else f"Re: {notice.code}"


def _passed(notice: Notice, at: datetime, zone: ZoneInfo) -> Iterator[Passed]:
    """Yield the deadlines of theirs that are certainly over: a doubtful one is not claimed."""
    for clock in notice.clocks.order_by("due_at"):
        if clock.kind in OF_THE_PLATFORM and clock.certain and clock.due_at < at:
            yield Passed(clock.kind, clock.due_at.astimezone(zone).date(), clock.basis)


def _last_word(notice: Notice, zone: ZoneInfo) -> Quoted | None:
    """Return their newest mail, unless it is forged or one of her names stands in it.

    A note of a call or of a portal is our own words, not theirs.
    """
    rows = Message.objects.filter(
        notice=notice, direction=Direction.RECEIVED, via=Via.MAIL, is_automatic=False
    )
    rows = rows.exclude(answer="").exclude(genuineness=Genuineness.FORGED)
    last = rows.order_by("-received_at", "-id").first()
    if last is None or checking.names_of(notice.case).stands_in(last.text):
        return None
    return Quoted(last.received_at.astimezone(zone).date(), last.text)


def _zone() -> ZoneInfo:
    organisation = Organisation.current()
    return organisation.local_zone() if organisation else UTC_ZONE
