"""When the next follow-up on a sent notice is due, and of which sort. Pure: values in, values out.

Every moment is UTC, and what is added to one is elapsed time: no change of clocks moves a reminder.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from notices.reminding.standing import OTHER_CHANNEL, RESUME, STOP, WAIT
from notices.states import ReminderKind

# So many reminders, then a person decides.
MOST = 3
# A notice that stays open after the question is asked about again.
ASK_AGAIN = timedelta(days=14)
# Our own clocks by which we remind. One that waits for a receipt is over once that has come.
NUDGES = ("nudge", "follow_up")
UNTIL_RECEIPT = "ack_nudge"
ESCALATING = ("escalate", "silence_escalation")
SEND, PROPOSE, NEVER = "send", "propose", "never"
UNREAD, WAITS, PAUSED, BROKEN = "unread", "waits", "paused", "broken"


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock of the notice that began to run when it left."""

    key: str
    starts_at: datetime
    due_at: datetime
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a sent notice when its next follow-up is planned.

    `steps` counts the reminders that left or that a person left out; `last_step_at` is the newest
    of these and of everything else that we wrote about the notice, the notice itself included.
    `chase` is the channel's habit, `course` what the answers say, `is_stuck` a reminder or an
    answer of ours that has not settled in the outbox. `is_broken`: mail to its address comes back.
    """

    sent_at: datetime
    limits: tuple[Limit, ...]
    chase: str
    by_mail: bool
    min_gap: timedelta
    last_step_at: datetime
    steps: int = 0
    escalations: int = 0
    escalated_at: datetime | None = None
    estimate_until: datetime | None = None
    course: str = RESUME
    decide_since: datetime | None = None
    resumed_at: datetime | None = None
    is_acknowledged: bool = False
    is_open: bool = True
    is_stuck: bool = False
    has_unread: bool = False
    is_paused: bool = False
    is_broken: bool = False

    @property
    def blocked_by(self) -> str:
        """What comes before any reminder, or ""."""
        return self.waits_for or (BROKEN if self.is_broken else "")

    @property
    def waits_for(self) -> str:
        """What comes before a reminder and before the question how to go on alike, or ""."""
        if self.is_paused:
            return PAUSED
        if self.has_unread:
            return UNREAD
        return WAITS if self.course == WAIT else ""

    @property
    def free_at(self) -> datetime:
        """The first moment at which the channel's gap and their own estimate let us write."""
        return max(self.last_step_at + self.min_gap, self.estimate_until or self.sent_at)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: the `n`-th reminder, or the task to decide how to go on."""

    kind: str
    n: int
    due_at: datetime
    by_itself: bool
    blocked_by: str = ""

    def is_held_back_later(self, at: datetime) -> bool:
        """Whether only an unread reply stands before it and its moment has not come."""
        return self.blocked_by == UNREAD and self.due_at > at


def next_step(known: Known) -> Step | None:
    """Return what comes next, or None where nothing is to be chased or decided."""
    if not known.is_open or known.is_stuck:
        return None
    if known.course == STOP and known.decide_since is None:
        return None
    reminder, decision = _reminder_due(known), _decision_due(known)
    if reminder is not None and (decision is None or reminder <= decision):
        by_itself = known.chase == SEND and known.by_mail
        return Step(ReminderKind.CHASE, known.steps + 1, reminder, by_itself, known.blocked_by)
    if decision is None:
        return None
    return Step(ReminderKind.ESCALATE, known.escalations + 1, decision, True, known.waits_for)


def objection(known: Known, at: datetime) -> str:
    """Return why no reminder may leave at this moment, as a sentence, or ""."""
    if not known.is_open:
        return _("Nothing is to be chased here any more.")
    if known.chase == NEVER:
        return _("On this channel a reminder does harm. Choose another step.")
    if known.is_stuck:
        return _("A message about this notice is on its way or stuck in the outbox.")
    sentences = {
        PAUSED: _("The case is paused, so nobody is reminded."),
        UNREAD: _("A reply has come that nobody has read. File it first."),
        WAITS: _("They asked us something. Answer that first."),
        BROKEN: _(
            "Mail to this address comes back. Go another way, or have a coordinator clear the mark."
        ),
    }
    if known.blocked_by:
        return sentences[known.blocked_by]
    if known.course in (STOP, OTHER_CHANNEL):
        return _("They have decided, or named another way. A reminder would not help.")
    if known.free_at > at:
        return _("It is too early: the last message, or the time they asked for, is not over yet.")
    return ""


def _reminder_due(known: Known) -> datetime | None:
    if known.chase == NEVER or known.steps >= MOST or known.course in (STOP, OTHER_CHANNEL):
        return None
    if _is_left_to_a_person(known):
        return None
    limits = [limit for limit in known.limits if limit.key in (*NUDGES, UNTIL_RECEIPT)]
    asking = [limit for limit in limits if limit.key in NUDGES or not known.is_acknowledged]
    if limits and not asking:
        return None
    nudge = min(asking, key=lambda limit: limit.due_at, default=None)
    first = nudge.due_at if nudge else _limit(known) or known.sent_at + known.min_gap
    if not known.steps:
        return max(first, known.free_at)
    return max(first, known.free_at, known.last_step_at + _interval(known, nudge))


def _decision_due(known: Known) -> datetime | None:
    """Return when a person is asked how to go on: sooner when they refused, else when time is up.

    None where reminders come first and no clock says when enough is enough.
    """
    if known.decide_since is not None and not _is_decided(known):
        return known.decide_since
    if known.escalated_at is not None:
        again = known.escalated_at + ASK_AGAIN
        return max(again, known.estimate_until or again)
    due = _time_is_up(known)
    return max(due, known.estimate_until or due) if due else None


def _time_is_up(known: Known) -> datetime | None:
    if known.steps >= MOST:
        return known.last_step_at + known.min_gap
    ends = [limit.due_at for limit in known.limits if limit.key in ESCALATING]
    if ends:
        return min(ends)
    last = _limit(known) or known.sent_at + known.min_gap
    return last if _reminder_due(known) is None else None


def _is_left_to_a_person(known: Known) -> bool:
    """After the question how to go on nothing goes by itself, unless they took it up again."""
    if known.escalated_at is None:
        return False
    return known.resumed_at is None or known.resumed_at <= known.escalated_at


def _is_decided(known: Known) -> bool:
    """Tell whether the question that their answer raised has been asked already."""
    asked, since = known.escalated_at, known.decide_since
    return asked is not None and since is not None and asked >= since


def _interval(known: Known, nudge: Limit | None) -> timedelta:
    return max(known.min_gap, nudge.due_at - nudge.starts_at) if nudge else known.min_gap


def _limit(known: Known) -> datetime | None:
    return next((limit.due_at for limit in known.limits if limit.is_limit), None)
