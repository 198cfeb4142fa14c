"""The plan of one notice: what comes next, kept true by whatever happens to it.

`replan` may be called at any time, from any verb, twice: it reads what is known and writes only
what differs. It locks case, notice and delivery in this order.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case
from core.errors import RuleBroken
from notices.answers import Answer
from notices.models import Delivery, Message, Notice, NoticeClock, Reminder
from notices.reminding import knowing, planning, telling
from notices.reminding.knowing import Picture
from notices.reminding.planning import Step
from notices.reminding.standing import stood_still
from notices.states import (
    NOT_CLAIMED,
    PENDING,
    DeliveryKind,
    DeliveryState,
    Genuineness,
    NoticeStatus,
    ReminderKind,
    ReminderState,
)
from platforms.models import Medium

LONGEST_READ = timedelta(days=31)


def replan(notice: Notice, at: datetime) -> Reminder | None:
    """Bring the plan of a notice in line with what is known; return what comes next, if anything.

    A reminder in the outbox that may not leave any more is called back, unless a worker has it.
    """
    with transaction.atomic():
        return replan_held(locked(notice), at)


def replan_held(notice: Notice, at: datetime) -> Reminder | None:
    """Do what `replan` does with a notice that was read after it and its case were locked."""
    call_back_unwanted(notice, at)
    picture = knowing.picture(notice, at)
    if _put_off_targets(notice, picture):
        picture = knowing.picture(notice, at)
    _note(notice, picture)
    step = planning.next_step(picture.known)
    telling.keep_in_line(notice, picture.known, step, at)
    _drop_others(picture.reminders, step, at)
    return _written_down(notice, picture.reminders, step, at) if step else None


def links_changed(notice: Notice, at: datetime) -> None:
    """Plan again after a look at a link; a mail that still names it is called back."""
    with transaction.atomic():
        notice = locked(notice)
        for delivery in _waiting(notice):
            call_back(delivery, "", at)
        replan_held(notice, at)


def stop(notice: Notice, at: datetime) -> None:
    """End every follow-up of a notice that is withdrawn or put away. The notice is locked."""
    for delivery in _waiting(notice):
        call_back(delivery, "", at)
    _drop_others(list(notice.reminders.defer("mime", "text")), None, at)
    telling.strike(notice, at)


def block(notice: Notice, at: datetime) -> None:
    """Let no reminder leave while a reply waits to be read; somebody is told, once, in its place.

    Call it in the transaction that adds the reply, which nobody has filed; the case is locked.
    Before the next step is due it changes nothing: the tick plans anew when it is.
    """
    Notice.objects.select_for_update().only("pk").get(pk=notice.pk)
    if not _is_far_off(notice, at):
        replan_held(locked(notice), at)


def after_filing(notice: Notice, message: Message, answer: Answer | None, at: datetime) -> None:
    """Follow what a filed answer means for chasing; `answer` is None when the filing is undone.

    Of several that ask us to wait the one that came last counts. Undoing one brings back what
    stood without it: another answer, or what a person said. The case is locked.
    """
    until = _estimate_in(message)
    if until is not None:
        newest, asked = _newest_that_asks_to_wait(notice)
        held = Notice.objects.filter(pk=notice.pk)
        if answer is None:
            said = held.only("said_until", "said_until_at").get()
            held.update(estimate_until=_newest_word(said, newest, asked))
        elif newest is None or newest.received_at <= message.received_at:
            held.update(estimate_until=until)
    replan(notice, at)


def set_estimate(notice: Notice, until: datetime | None, actor: User, at: datetime) -> None:
    """Note until when they asked us to wait, or that nothing holds us back any more."""
    if notice.status != NoticeStatus.SENT:
        raise RuleBroken(_("%(code)s is not waiting for them.") % {"code": notice.code})
    if until is not None and until <= at:
        raise RuleBroken(_("This moment is over already. Until when do they ask us to wait?"))
    with transaction.atomic():
        notice = locked(notice)
        notice.estimate_until, notice.said_until, notice.said_until_at = until, until, at
        notice.save(update_fields=["estimate_until", "said_until", "said_until_at"])
        params = {"until": until.isoformat() if until else ""}
        timeline.add(notice.case, "notice.estimated", actor, at, subject=notice, params=params)
        replan_held(notice, at)
        record("notice.estimated", actor, notice, at=at, **params)


def has_left(delivery: Delivery, notice: Notice, sent_at: datetime, at: datetime) -> None:
    """Plan on from what left beside the notice itself: a reminder, or an answer of ours.

    Called where the mail is settled, under its locks.
    """
    replan_held(notice, at)
    if delivery.kind == DeliveryKind.REMINDER:
        tell_sent(notice, None, sent_at)
        record("reminder.sent", None, notice, at=at, delivery=delivery.pk)


def tell_sent(notice: Notice, actor: User | None, at: datetime) -> None:
    params = {"platform": notice.platform.name}
    timeline.add(notice.case, "reminder.sent", actor, at, subject=notice, params=params)


def goes_by_itself(notice: Notice) -> bool:
    """Tell whether this channel's reminders leave by mail without anybody pressing a button."""
    if notice.channel is None:
        return False
    facts = notice.channel.as_it_stands(["chase", "medium"])
    return (facts["chase"], facts["medium"]) == (planning.SEND, Medium.EMAIL)


def locked(notice: Notice) -> Notice:
    """Return the notice as it is now, locked after its case."""
    Case.objects.select_for_update(no_key=True).only("pk").get(pk=notice.case_id)
    rows = Notice.objects.select_for_update(of=("self",))
    return rows.select_related("case", "platform", "channel").get(pk=notice.pk)


def call_back_unwanted(notice: Notice, at: datetime) -> None:
    """Cancel a reminder that waits to leave and may not any more; the plan decides about it anew.

    The notice is locked. What a worker has claimed is left alone: its claim asks by itself.
    """
    for delivery in _waiting(notice):
        sentence = planning.objection(knowing.picture(notice, at, but=delivery.pk).known, at)
        if sentence:
            call_back(delivery, sentence, at)


def call_back(delivery: Delivery, sentence: str, at: datetime) -> None:
    """Cancel a reminder's delivery; the reminder can be made again, with another mail.

    The delivery is locked and no worker has it. What left before and came back stays made.
    """
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.CANCELLED, last_code="", last_reason=sentence
    )
    reminder = Reminder.objects.filter(delivery=delivery).first()
    if reminder is None or delivery.sent_at is not None:
        return
    reminder.delivery, reminder.mime, reminder.mime_sha256, reminder.text = None, b"", "", ""
    reminder.state, reminder.dropped_at = ReminderState.DROPPED, at
    reminder.made_at, reminder.made_by = None, None
    reminder.save(
        update_fields=["delivery", "mime", "mime_sha256", "text", "state", "dropped_at", "made_at",
                       "made_by"]
    )  # fmt: skip


def _is_far_off(notice: Notice, at: datetime) -> bool:
    """Tell whether what comes next is planned for later, and no reminder waits in the outbox."""
    rows = Reminder.objects.filter(notice=notice).exclude(state=ReminderState.DROPPED)
    told = list(rows.values_list("state", "due_at", "delivery__state", "delivery__sent_at"))
    if any(mail in NOT_CLAIMED and sent_at is None for *_, mail, sent_at in told):
        return False
    pending = [(state, due_at > at) for state, due_at, *_ in told if state in PENDING]
    return pending == [(ReminderState.PLANNED, True)]


def _waiting(notice: Notice) -> Iterable[Delivery]:
    return Delivery.objects.select_for_update(of=("self",)).filter(
        notice=notice, kind=DeliveryKind.REMINDER, state__in=NOT_CLAIMED, sent_at=None
    )


def _note(notice: Notice, picture: Picture) -> None:
    """Keep on the notice since when the answer is ours, and since when they say that it lacks."""
    facts = {
        "waits_for_us_since": picture.standing.waits_for_us_since,
        "platform_claims_incomplete_at": picture.incomplete_at,
    }
    if any(getattr(notice, name) != value for name, value in facts.items()):
        Notice.objects.filter(pk=notice.pk).update(**facts)


def _put_off_targets(notice: Notice, picture: Picture) -> bool:
    """Move our own targets by the time in which the answer was ours; tell whether any moved."""
    moved = False
    for clock in (one for one in picture.clocks if one.kind == "policy"):
        due_at = clock.due_at - clock.stood_still
        still = stood_still(picture.waits, clock.starts_at, due_at)
        if still != clock.stood_still:
            NoticeClock.objects.filter(pk=clock.pk).update(
                due_at=F("due_at") - F("stood_still") + still, stood_still=still
            )
            moved = True
    return moved


def _drop_others(reminders: Iterable[Reminder], step: Step | None, at: datetime) -> None:
    """Drop what is not next. Nothing becomes pending while the notice is locked."""
    kept = (step.kind, step.n) if step else None
    others = [one.pk for one in reminders if (one.kind, one.n) != kept and one.state in PENDING]
    if others:
        pending = Reminder.objects.filter(pk__in=others, state__in=PENDING)
        pending.update(state=ReminderState.DROPPED, dropped_at=at)


def _written_down(
    notice: Notice, reminders: Iterable[Reminder], step: Step, at: datetime
) -> Reminder:
    known = {(one.kind, one.n): one for one in reminders}
    found = known.get((step.kind, step.n))
    reminder = found or Reminder(
        case=notice.case, notice=notice, kind=step.kind, n=step.n, state=ReminderState.PLANNED
    )
    state = _state(reminder, step, at)
    before = (reminder.state, reminder.due_at) if found else None
    if before == (state, step.due_at):
        return reminder
    reminder.state, reminder.due_at = state, step.due_at
    reminder.planned_at, reminder.dropped_at = at, None
    changed = ["state", "due_at", "planned_at", "dropped_at"]
    reminder.save(update_fields=changed if found else None)
    return reminder


def _state(reminder: Reminder, step: Step, at: datetime) -> str:
    """What was proposed stays so while it is due; a reply blocks once there is what it blocks."""
    if step.blocked_by and not step.is_held_back_later(at):
        return ReminderState.BLOCKED
    was_proposed = reminder.state == ReminderState.PROPOSED
    if was_proposed and step.kind == ReminderKind.CHASE and step.due_at <= at:
        return ReminderState.PROPOSED
    return ReminderState.PLANNED


def _newest_word(notice: Notice, newest: Message | None, asked: datetime | None) -> datetime | None:
    """Return until when we wait: as a person said, or as an answer asks that was filed since."""
    said_at = notice.said_until_at
    if newest is None or newest.filed_at is None:
        return notice.said_until
    return asked if said_at is None or newest.filed_at > said_at else notice.said_until


def _newest_that_asks_to_wait(notice: Notice) -> tuple[Message | None, datetime | None]:
    filed = Message.objects.filter(notice=notice).exclude(filed_at=None)
    read = ((one, _estimate_in(one)) for one in filed.order_by("-received_at", "-filed_at"))
    return next((found for found in read if found[1] is not None), (None, None))


def _estimate_in(message: Message) -> datetime | None:
    """Return until when an answer asks us to wait: as whoever filed it says, else as it was read.

    What a machine read in it holds us back for a month at most, and never where it is forged.
    """
    if "estimate_until" in message.details:
        return _moment(message.details["estimate_until"])
    read = _moment(message.reading.get("estimate_until", ""))
    if read is None or message.genuineness == Genuineness.FORGED:
        return None
    return min(read, message.received_at + LONGEST_READ)


def _moment(given: str) -> datetime | None:
    try:
        until = datetime.fromisoformat(given)
    except ValueError:
        return None
    return until if until.tzinfo else None
