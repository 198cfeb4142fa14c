"""The verbs by which a follow-up leaves, is left out, or is taken back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.chain import record
from cases import timeline
from core import faults
from core.errors import RuleBroken, WrongState
from notices.models import Delivery, Message, Notice, Reminder
from notices.reminding import knowing, planning, plans, telling, writing
from notices.reminding.knowing import Picture
from notices.reminding.writing import Written
from notices.sending import telling as sending
from notices.states import (
    NOT_CLAIMED,
    PENDING,
    DeliveryKind,
    DeliveryState,
    Direction,
    ReminderKind,
    ReminderState,
    Via,
)

# Clocks of two machines may differ a little; what is further ahead is a typing mistake.
AHEAD = timedelta(minutes=2)


def remind(notice: Notice, actor: User | None, at: datetime) -> Delivery:
    """Put the next reminder of a notice into the outbox, at a person's word or by its clock.

    The mail is rendered before the transaction; its bytes, its delivery and the change of state
    are one. A person's own is held for the undo minute. Raises RuleBroken where it may not leave.
    """
    written = writing.write(notice, at)
    if not written.mime:
        raise RuleBroken(_("This channel takes no mail: send the reminder by hand."))
    faults.point("reminder_written")
    with transaction.atomic():
        notice = plans.locked(notice)
        picture = _picture(notice, written, at)
        reminder = _next(notice, picture, at)
        if actor is None and not _is_for_the_clock(reminder, at):
            raise WrongState(_("This reminder was made or put off a moment ago."))
        delivery = _queued(notice, written, actor, at)
        _made(reminder, written, actor, at, delivery)
        record("reminder.made", actor, notice, at=at, n=reminder.n)
        faults.point("reminder_made")
    return delivery


def sent_by_hand(notice: Notice, actor: User, at: datetime, *, sent_at: datetime) -> Reminder:
    """Note that a person put the reminder into their form: that moment counts."""
    written = writing.write(notice, at)
    if written.mime:
        raise RuleBroken(_("This notice leaves by e-mail; its reminder does too."))
    if sent_at > at + AHEAD:
        raise RuleBroken(_("This moment has not come yet. When was it submitted?"))
    with transaction.atomic():
        notice = plans.locked(notice)
        picture = _picture(notice, written, min(sent_at, at))
        reminder = _next(notice, picture, at)
        _made(reminder, written, actor, min(sent_at, at))
        plans.tell_sent(notice, actor, min(sent_at, at))
        plans.replan_held(notice, at)
        record("reminder.sent", actor, notice, at=at, n=reminder.n)
    return reminder


def leave_out(notice: Notice, actor: User, at: datetime) -> None:
    """Skip the reminder that is due, or whose mail was refused. The next one is planned then."""
    with transaction.atomic():
        notice = plans.locked(notice)
        reminder = _refused_by_them(notice, at) or _pending(notice)
        if reminder is None or reminder.due_at > at:
            raise WrongState(_("No reminder is due here (any more)."))
        reminder.state, reminder.dropped_at, reminder.dropped_by = ReminderState.DROPPED, at, actor
        reminder.save(update_fields=["state", "dropped_at", "dropped_by"])
        timeline.add(notice.case, "reminder.left_out", actor, at, subject=notice)
        plans.replan_held(notice, at)
        record("reminder.left_out", actor, notice, at=at, n=reminder.n)


def take_back(notice: Notice, actor: User, at: datetime) -> None:
    """Undo a reminder that is still held. Raises RuleBroken when it is leaving or has left."""
    with transaction.atomic():
        notice = plans.locked(notice)
        held = Delivery.objects.select_for_update(of=("self",)).filter(
            notice=notice, kind=DeliveryKind.REMINDER, state__in=NOT_CLAIMED, sent_at=None
        )
        delivery = held.first()
        if delivery is None:
            raise RuleBroken(
                _("The reminder on %(code)s is leaving at this moment or has left.")
                % {"code": notice.code}
            )
        plans.call_back(delivery, "", at)
        reminder = plans.replan_held(notice, at)
        if reminder and reminder.kind == ReminderKind.CHASE and reminder.due_at <= at:
            Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.PROPOSED)
        record("reminder.taken_back", actor, notice, at=at)


def note_answered(notice: Notice, actor: User, at: datetime, *, via: str, text: str = "") -> None:
    """Note that we answered their question outside this system: the answer is theirs again."""
    if notice.sent_at is None:
        raise RuleBroken(_("%(code)s has not been sent.") % {"code": notice.code})
    if via not in Via.values:
        raise RuleBroken(_("Choose how you answered."))
    with transaction.atomic():
        notice = plans.locked(notice)
        Message.objects.create(
            notice=notice,
            direction=Direction.SENT,
            via=via,
            text=text,
            received_at=at,
            logged_by=actor,
            logged_at=at,
            filed_by=actor,
            filed_at=at,
        )
        timeline.add(notice.case, "notice.answered", actor, at, subject=notice)
        plans.replan_held(notice, at)
        record("notice.answered", actor, notice, at=at, via=via)


def ask_how_to_go_on(reminder: Reminder, at: datetime) -> bool:
    """Turn a planned question into a task, once."""
    with transaction.atomic():
        notice = plans.locked(reminder.notice)
        row = Reminder.objects.filter(pk=reminder.pk, state=ReminderState.PLANNED, due_at__lte=at)
        if row.update(state=ReminderState.MADE, made_at=at) != 1:
            return False
        telling.decide(notice, at)
        plans.replan_held(notice, at)
        record("notice.decision_asked", None, notice, at=at, n=reminder.n)
    return True


def _picture(notice: Notice, written: Written, at: datetime) -> Picture:
    """Return what is known. Raises RuleBroken unless a reminder may leave and is still true."""
    organisation = Organisation.current()
    if organisation is None or organisation.sending_stopped_at is not None:
        raise WrongState(_("Sending is stopped, so nobody is reminded."))
    picture = knowing.picture(notice, at)
    sentence = planning.objection(picture.known, at)
    if sentence:
        raise WrongState(sentence)
    if picture.standing.open_links != written.links:
        raise WrongState(_("Something changed a moment ago. Look at the reminder again."))
    return picture


def _next(notice: Notice, picture: Picture, at: datetime) -> Reminder:
    """Return the row of the next reminder; one that a person sends unplanned gets a row."""
    pending = _pending(notice)
    if pending is not None:
        return pending
    n = picture.known.steps + 1
    found = Reminder.objects.filter(notice=notice, kind=ReminderKind.CHASE, n=n).first()
    return found or Reminder(
        case=notice.case,
        notice=notice,
        kind=ReminderKind.CHASE,
        n=n,
        state=ReminderState.PLANNED,
        due_at=at,
        planned_at=at,
    )


def _pending(notice: Notice) -> Reminder | None:
    rows = Reminder.objects.filter(notice=notice, kind=ReminderKind.CHASE, state__in=PENDING)
    return rows.first()


def _refused_by_them(notice: Notice, at: datetime) -> Reminder | None:
    """Return the reminder whose mail failed, its delivery given up."""
    failed = Delivery.objects.select_for_update(of=("self",)).filter(
        notice=notice, kind=DeliveryKind.REMINDER, state=DeliveryState.FAILED
    )
    delivery = failed.first()
    if delivery is None:
        return None
    reminder = Reminder.objects.filter(delivery=delivery).first()
    plans.call_back(delivery, delivery.last_reason, at)
    sending.over(notice.pk, at)
    if reminder is not None:
        reminder.refresh_from_db()
    return reminder


def _is_for_the_clock(reminder: Reminder, at: datetime) -> bool:
    return reminder.state == ReminderState.PLANNED and reminder.due_at <= at


def _queued(notice: Notice, written: Written, actor: User | None, at: datetime) -> Delivery:
    organisation = Organisation.current() or Organisation()
    due_at = at + timedelta(seconds=settings.SEND_HOLD_SECONDS) if actor else at
    return Delivery.objects.create(
        notice=notice,
        approval=notice.approvals.only("notice").get(voided_at=None),
        kind=DeliveryKind.REMINDER,
        seq=Delivery.objects.filter(notice=notice, kind=DeliveryKind.REMINDER).count() + 1,
        recipient=written.recipient,
        archive_recipient=organisation.archive_address,
        message_id=written.message_id,
        state=DeliveryState.HELD if actor else DeliveryState.QUEUED,
        made_at=at,
        due_at=due_at,
        first_due_at=due_at,
    )


def _made(
    reminder: Reminder,
    written: Written,
    actor: User | None,
    at: datetime,
    delivery: Delivery | None = None,
) -> None:
    """Freeze the reminder. The rows of other kinds that were planned wait for what comes of it."""
    reminder.state, reminder.made_at, reminder.made_by = ReminderState.MADE, at, actor
    reminder.delivery, reminder.dropped_at = delivery, None
    reminder.mime, reminder.mime_sha256 = written.mime, written.mime_sha256
    reminder.text = written.letter.text
    reminder.save()
