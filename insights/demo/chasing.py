"""The reminders of the demo: those that left when their clocks said so, and what is due now."""

from datetime import datetime, timedelta

from cases import timeline
from insights.demo import routes
from notices.models import Notice, Reminder
from notices.reminding import knowing, planning, plans, rounds, writing
from notices.reminding.planning import Step
from notices.states import DeliveryKind, NoticeStatus, ReminderKind, ReminderState

# What a machine sends is up to date; what a person sends has been lying there for some days.
BY_ITSELF, BY_A_PERSON = timedelta(hours=1), timedelta(days=24)


def chase(until: datetime) -> None:
    """Play the follow-ups of every notice that still waits, and propose what is due now."""
    rows = Notice.objects.filter(status=NoticeStatus.SENT).order_by("sent_at", "code")
    for notice in rows.select_related("case__advocate", "platform", "channel", "taken_by"):
        step = _next(notice, until)
        while step and not step.blocked_by and step.due_at < until - _left_to_do(step):
            _happened(notice, step)
            step = _next(notice, until)
        plans.replan(notice, until)
    rounds.remind(until)


def _left_to_do(step: Step) -> timedelta:
    return BY_ITSELF if step.by_itself else BY_A_PERSON


def _next(notice: Notice, until: datetime) -> Step | None:
    return planning.next_step(knowing.picture(notice, until).known)


def _happened(notice: Notice, step: Step) -> None:
    """Write a step of the past as it ended: the reminder left, or the question was answered."""
    at = step.due_at
    found = Reminder.objects.filter(notice=notice, kind=step.kind, n=step.n).first()
    row = found or Reminder(case=notice.case, notice=notice, kind=step.kind, n=step.n)
    row.state, row.due_at, row.planned_at, row.made_at = ReminderState.MADE, at, at, at
    if step.kind == ReminderKind.CHASE:
        _left(row, notice, at)
    row.save()


def _left(row: Reminder, notice: Notice, at: datetime) -> None:
    written = writing.write(notice, at)
    row.text, row.mime, row.mime_sha256 = written.letter.text, written.mime, written.mime_sha256
    if written.mime:
        approval = notice.approvals.get(voided_at=None)
        delivery, attempt = routes.delivered(notice, approval, at)
        delivery.kind, delivery.seq = DeliveryKind.REMINDER, row.n
        delivery.message_id = written.message_id
        delivery.save(force_insert=True)
        attempt.save(force_insert=True)
        row.delivery = delivery
    else:
        row.made_by = notice.taken_by
    params = {"platform": notice.platform.name}
    timeline.add(notice.case, "reminder.sent", row.made_by, at, subject=notice, params=params)
