"""From the rows of a sent notice to what its follow-ups are planned from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Organisation
from cases import mandates
from cases.states import CaseStatus, Purpose
from notices import answers
from notices.models import Delivery, Message, Notice, Reminder
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
from platforms.models import Medium

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
    """All that is known of a notice's follow-ups at one moment."""

    known: Known
    standing: Standing
    waits: list[Wait]
    incomplete_at: datetime | None


def picture(notice: Notice, at: datetime, *, but: UUID | None = None) -> Picture:
    """Read what is known; the delivery `but` is looked at as if it did not exist.

    So a mail on its way is judged by everything else, its own first try included.
    """
    said = list(_said(notice))
    written = list(_written(notice))
    followed = [Followed(*row) for row in _followed(notice)]
    stands = standing(followed, said, written)
    marks = [one.at for one in said if one.marks_incomplete]
    known = _known(
        notice, at, stands, [*written, *_reminded(notice, but)], is_followed=bool(followed), but=but
    )
    return Picture(known, stands, waits(said, written), max(marks, default=None))


def has_unread(notice: Notice) -> bool:
    """Tell whether something came that nobody has filed or set aside."""
    rows = Message.objects.filter(notice=notice, direction=Direction.RECEIVED)
    return rows.filter(filed_at=None, set_aside_at=None).exists()


def _known(
    notice: Notice,
    at: datetime,
    stands: Standing,
    written: list[datetime],
    *,
    is_followed: bool,
    but: UUID | None,
) -> Known:
    reminders = list(notice.reminders.all())
    sent_at = notice.sent_at or at
    steps = [one for one in reminders if one.kind == ReminderKind.CHASE and _counts(one)]
    asked = [one.made_at for one in reminders if one.kind == ReminderKind.ESCALATE and one.made_at]
    left_out = [one.dropped_at for one in steps if one.dropped_by_id and one.dropped_at]
    channel = notice.channel
    facts = channel.as_it_stands(["chase", "min_gap_hours", "medium"]) if channel else {}
    return Known(
        sent_at=sent_at,
        limits=tuple(
            Limit(clock.key, clock.starts_at, clock.due_at, clock.is_limit)
            for clock in notice.clocks.all()
        ),
        chase=facts.get("chase", NEVER),
        by_mail=facts.get("medium") == Medium.EMAIL,
        min_gap=timedelta(hours=facts.get("min_gap_hours") or 0),
        last_step_at=max([sent_at, *written, *left_out]),
        steps=len(steps),
        escalations=len(asked),
        escalated_at=max(asked, default=None),
        estimate_until=notice.estimate_until,
        course=stands.chase,
        decide_since=stands.decide_since,
        resumed_at=stands.resumed_at,
        is_acknowledged=notice.outcomes.exclude(acknowledged_at=None).exists(),
        is_open=is_followed and _is_open(notice, at),
        is_stuck=_is_stuck(notice, but),
        has_unread=has_unread(notice),
        is_paused=notice.case.status == CaseStatus.PAUSED,
    )


def _counts(one: Reminder) -> bool:
    """A reminder counts once it was made, or once a person left it out."""
    return one.state == ReminderState.MADE or one.dropped_by_id is not None


def _followed(notice: Notice) -> Iterable[tuple[UUID, datetime | None]]:
    """What came back is not here: a second notice asks for it."""
    rows = notice.outcomes.filter(first_seen_gone_at=None, stopped_at=None, link__removed_at=None)
    return rows.values_list("pk", "last_seen_online_at")


def _said(notice: Notice) -> Iterable[Said]:
    rows = Message.objects.filter(notice=notice, direction=Direction.RECEIVED).exclude(answer="")
    for at, code, about, automatic in rows.values_list(
        "received_at", "answer", "about", "is_automatic"
    ):
        answer = answers.answer(code)
        links = frozenset(UUID(pk) for pk in about)
        marks = answer.marks == "platform_claims_incomplete_at"
        yield Said(at, answer.family, answer.chase, answer.claims, links, automatic, marks)


def _written(notice: Notice) -> Iterable[datetime]:
    """Yield when we wrote anything that could answer them: the notice itself answers nothing."""
    ours = Message.objects.filter(notice=notice, direction=Direction.SENT)
    yield from ours.values_list("received_at", flat=True)
    mails = Delivery.objects.filter(notice=notice, sent_at__isnull=False)
    mails = mails.exclude(kind=DeliveryKind.REMINDER)
    yield from (at for at in mails.values_list("sent_at", flat=True) if at is not None)


def _reminded(notice: Notice, but: UUID | None) -> Iterable[datetime]:
    """Yield when reminders left: by mail when the server took them, by hand when it was said."""
    mails = Delivery.objects.filter(notice=notice, kind=DeliveryKind.REMINDER)
    sent = mails.filter(sent_at__isnull=False).values_list("pk", "sent_at")
    yield from (at for pk, at in sent if at is not None and pk != but)
    by_hand = notice.reminders.filter(
        kind=ReminderKind.CHASE, state=ReminderState.MADE, delivery=None
    )
    yield from (at for at in by_hand.values_list("made_at", flat=True) if at is not None)


def _is_stuck(notice: Notice, but: UUID | None) -> bool:
    rows = Delivery.objects.filter(notice=notice, state__in=UNSETTLED)
    waiting = rows.exclude(kind=DeliveryKind.NOTICE).values_list("pk", flat=True)
    return any(pk != but for pk in waiting)


def _is_open(notice: Notice, at: datetime) -> bool:
    """Tell whether anything may still be asked for: by the notice, its case and its mandate."""
    case = notice.case
    if notice.status != NoticeStatus.SENT or case.is_minor_pathway:
        return False
    is_live = case.status in (CaseStatus.NEW, CaseStatus.ACTIVE, CaseStatus.PAUSED)
    return is_live and _may_write(notice, at)


def _may_write(notice: Notice, at: datetime) -> bool:
    """Tell whether the mandate of the letter stands and nobody said no since.

    The claim asks again, and asks more; this ends a plan as soon as it is known to be over.
    """
    held = list(notice.case.mandates.all())
    approval = notice.approvals.filter(voided_at=None).first()
    if approval is None:
        return False
    organisation = Organisation.current() or Organisation()
    day = at.astimezone(organisation.local_zone()).date()
    if mandates.answer(held, Purpose.WRITE, day) == "no":
        return False
    named = next((one for one in held if one.pk == approval.mandate_id), None)
    return approval.mandate_id is None or (named is not None and mandates.is_live(named, day))
