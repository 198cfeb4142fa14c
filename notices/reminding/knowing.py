"""From the rows of a sent notice to what its follow-ups are planned from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import Organisation
from cases import mandates
from cases.states import CaseStatus, Purpose
from notices import answers
from notices.models import Approval, Delivery, Message, Notice, NoticeClock, Outcome, Reminder
from notices.reminding.planning import NEVER, Known, Limit
from notices.reminding.standing import Followed, Said, Standing, Wait, standing, waits
from notices.states import (
    DeliveryKind,
    DeliveryState,
    Direction,
    NoticeStatus,
    ReminderKind,
    ReminderState,
)
from platforms.models import ChannelTrouble, Medium

# A mail in one of these is neither out nor over.
UNSETTLED = (
    DeliveryState.HELD,
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.DEFERRED,
    DeliveryState.UNCONFIRMED,
    DeliveryState.FAILED,
)


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is known of a notice's follow-ups at one moment, with the rows that a plan changes.

    The reminders come without their mails.
    """

    known: Known
    standing: Standing
    waits: list[Wait]
    incomplete_at: datetime | None
    reminders: list[Reminder]
    clocks: list[NoticeClock]


@dataclass(frozen=True, slots=True)
class _Told:
    """What passed between us and them, each table asked once and without a word of its texts."""

    messages: list[Message]
    mails: list[Delivery]
    outcomes: list[Outcome]

    @property
    def said(self) -> list[Said]:
        return [_said(one) for one in self._received if one.answer]

    @property
    def has_unread(self) -> bool:
        waiting = (one for one in self._received if one.set_aside_at is None)
        return any(one.filed_at is None for one in waiting)

    @property
    def written(self) -> list[datetime]:
        """When we wrote anything that could answer them: the notice itself answers nothing."""
        ours = [one.received_at for one in self.messages if one.direction == Direction.SENT]
        mails = [one for one in self.mails if one.kind != DeliveryKind.REMINDER]
        return [*ours, *(one.sent_at for one in mails if one.sent_at is not None)]

    @property
    def followed(self) -> list[Followed]:
        """What came back is not here: a second notice asks for it."""
        return [Followed(one.pk, one.last_seen_online_at) for one in self.outcomes if _waits(one)]

    @property
    def _received(self) -> Iterable[Message]:
        return (one for one in self.messages if one.direction == Direction.RECEIVED)


def picture(notice: Notice, at: datetime, *, but: UUID | None = None) -> Picture:
    """Read what is known; the delivery `but` is looked at as if it did not exist.

    So a mail on its way is judged by everything else, its own first try included.
    """
    told = _told(notice)
    said, written = told.said, told.written
    stands = standing(told.followed, said, written)
    marks = [one.at for one in said if one.marks_incomplete]
    reminders = list(notice.reminders.defer("mime", "text"))
    clocks = list(notice.clocks.all())
    known = _known(notice, at, stands, told, reminders, clocks, but)
    incomplete_at = max(marks, default=None)
    return Picture(known, stands, waits(said, written), incomplete_at, reminders, clocks)


def standing_of(notice: Notice) -> Standing:
    """Return where a notice stands, without what a plan needs besides."""
    told = _told(notice)
    return standing(told.followed, told.said, told.written)


def has_unread(notice: Notice) -> bool:
    """Tell whether something came that nobody has filed or set aside."""
    return Message.objects.unread().filter(notice=notice).exists()


def _told(notice: Notice) -> _Told:
    messages = Message.objects.filter(notice=notice).only(
        "direction", "received_at", "answer", "about", "is_automatic", "filed_at", "set_aside_at"
    )
    mails = Delivery.objects.filter(notice=notice).only("kind", "state", "sent_at")
    outcomes = notice.outcomes.select_related("link").only(
        "notice", "last_seen_online_at", "first_seen_gone_at", "stopped_at", "acknowledged_at",
        "link__removed_at",
    )  # fmt: skip
    return _Told(list(messages), list(mails), list(outcomes))


def _known(
    notice: Notice,
    at: datetime,
    stands: Standing,
    told: _Told,
    reminders: list[Reminder],
    clocks: list[NoticeClock],
    but: UUID | None,
) -> Known:
    sent_at = notice.sent_at or at
    steps = [one for one in reminders if one.kind == ReminderKind.CHASE and _counts(one)]
    asked = [one.made_at for one in reminders if one.kind == ReminderKind.ESCALATE and one.made_at]
    left_out = [one.dropped_at for one in steps if one.dropped_by_id and one.dropped_at]
    reminded = [*_by_mail(told.mails, but), *_by_hand(reminders)]
    channel = notice.channel
    facts = channel.as_it_stands(["chase", "min_gap_hours", "medium"]) if channel else {}
    approval = _approval(notice)
    return Known(
        sent_at=sent_at,
        limits=tuple(
            Limit(clock.key, clock.starts_at, clock.due_at, clock.is_limit) for clock in clocks
        ),
        chase=facts.get("chase", NEVER),
        by_mail=facts.get("medium") == Medium.EMAIL,
        min_gap=timedelta(hours=facts.get("min_gap_hours") or 0),
        last_step_at=max([sent_at, *told.written, *reminded, *left_out]),
        steps=len(steps),
        escalations=len(asked),
        escalated_at=max(asked, default=None),
        estimate_until=notice.estimate_until,
        course=stands.chase,
        decide_since=stands.decide_since,
        resumed_at=stands.resumed_at,
        is_acknowledged=any(one.acknowledged_at for one in told.outcomes),
        is_open=bool(told.followed) and _is_open(notice, approval, at),
        is_stuck=any(_is_stuck(one) for one in told.mails if one.pk != but),
        has_unread=told.has_unread,
        is_paused=notice.case.status == CaseStatus.PAUSED,
        is_broken=bool(approval and vars(approval)["is_broken"]),
    )


def _approval(notice: Notice) -> Approval | None:
    """Return the approval that holds, and in `is_broken` whether its address takes no mail."""
    marks = ChannelTrouble.objects.filter(
        channel=notice.channel_id, address=OuterRef("recipient"), cleared_at=None
    )
    holds = notice.approvals.filter(voided_at=None).only("notice", "mandate_id")
    return holds.annotate(is_broken=Exists(marks)).first()


def _counts(one: Reminder) -> bool:
    """A reminder counts once it was made, or once a person left it out."""
    return one.state == ReminderState.MADE or one.dropped_by_id is not None


def _waits(one: Outcome) -> bool:
    is_over = one.first_seen_gone_at is not None or one.stopped_at is not None
    return not is_over and (one.link is None or one.link.removed_at is None)


def _said(message: Message) -> Said:
    answer = answers.answer(message.answer)
    return Said(
        message.received_at,
        answer.family,
        answer.chase,
        answer.claims,
        frozenset(UUID(pk) for pk in message.about),
        message.is_automatic,
        answer.marks == "platform_claims_incomplete_at",
    )


def _by_mail(mails: Iterable[Delivery], but: UUID | None) -> Iterable[datetime]:
    """Yield when the server took our reminders."""
    for one in mails:
        if one.kind == DeliveryKind.REMINDER and one.sent_at is not None and one.pk != but:
            yield one.sent_at


def _by_hand(reminders: Iterable[Reminder]) -> Iterable[datetime]:
    """Yield when somebody said that a reminder left."""
    for one in reminders:
        is_made = one.kind == ReminderKind.CHASE and one.state == ReminderState.MADE
        if is_made and one.delivery_id is None and one.made_at is not None:
            yield one.made_at


def _is_stuck(mail: Delivery) -> bool:
    return mail.kind != DeliveryKind.NOTICE and mail.state in UNSETTLED


def _is_open(notice: Notice, approval: Approval | None, at: datetime) -> bool:
    """Tell whether anything may still be asked for: by the notice, its case and its mandate."""
    case = notice.case
    if notice.status != NoticeStatus.SENT or case.is_minor_pathway:
        return False
    is_live = case.status in (CaseStatus.NEW, CaseStatus.ACTIVE, CaseStatus.PAUSED)
    return is_live and approval is not None and _may_write(notice, approval, at)


def _may_write(notice: Notice, approval: Approval, at: datetime) -> bool:
    """Tell whether the mandate of the letter stands and nobody said no since.

    The claim asks again, and asks more; this ends a plan as soon as it is known to be over.
    """
    held = list(notice.case.mandates.all())
    organisation = Organisation.current() or Organisation()
    day = organisation.day_at(at)
    if mandates.answer(held, Purpose.WRITE, day) == "no":
        return False
    named = next((one for one in held if one.pk == approval.mandate_id), None)
    return approval.mandate_id is None or (named is not None and mandates.is_live(named, day))
