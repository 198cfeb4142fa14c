"""What a tick does: bring what is due onto the chase page, into the outbox, or onto a list."""

import logging
from datetime import datetime
from time import monotonic
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from cases.states import CaseStatus, Pathway
from core import clock, keystore
from core.errors import RuleBroken, WrongState
from notices.models import Message, Outcome, Reminder
from notices.reminding import making, plans
from notices.states import NoticeStatus, ReminderKind, ReminderState
from platforms.models import ChannelEdit, ChannelTrouble, Medium

logger = logging.getLogger(__name__)

# A round begins nothing new after this; what is left is due in the next one.
ROUND_SECONDS = 8.0
AT_A_TIME = 500
# One statement for all that is due would outlast what a statement may take.
PROPOSED_AT_ONCE = 1000


def remind_due() -> int:
    """Let every follow-up fire whose moment has come; return how many did."""
    return remind(clock.due_now())


def remind(at: datetime) -> int:
    organisation = Organisation.current()
    if organisation is None or organisation.sending_stopped_at is not None:
        return 0
    began = monotonic()
    return _propose(at, began + ROUND_SECONDS / 2) + _each_due(at, began + ROUND_SECONDS)


def due(at: datetime) -> QuerySet[Reminder]:
    return Reminder.objects.filter(state=ReminderState.PLANNED, due_at__lte=at)


def _propose(at: datetime, ends: float) -> int:
    """Bring onto the chase page, many at once, what a person sends and nothing stands before.

    What looks less simple is read one by one. A reply that comes between the two statements blocks
    what is due, and so takes it out of the second.
    """
    chases = due(at).filter(kind=ReminderKind.CHASE).order_by("due_at", "id")
    proposed, rest = 0, chases
    while monotonic() < ends:
        rows = list(rest.values_list("due_at", "pk")[:PROPOSED_AT_ONCE])
        if not rows:
            break
        some = chases.order_by().filter(pk__in=[pk for _due_at, pk in rows])
        simple = some.filter(_a_person_sends()).filter(_nothing_in_between())
        # Given as a list: a plan made when the table was small asked the inner query for each row.
        ready = list(simple.values_list("pk", flat=True))
        proposed += due(at).filter(pk__in=ready).update(state=ReminderState.PROPOSED)
        last_due_at, last = rows[-1]
        rest = chases.filter(Q(due_at__gt=last_due_at) | Q(due_at=last_due_at, pk__gt=last))
    return proposed


def _a_person_sends() -> Q:
    """A channel that a coordinator corrected is asked itself, one by one."""
    edited = ChannelEdit.objects.filter(channel=OuterRef("notice__channel"))
    proposes = Q(notice__channel__chase="propose") | ~Q(notice__channel__medium=Medium.EMAIL)
    return proposes & ~Q(Exists(edited)) & ~Q(notice__channel__chase="never")


def _nothing_in_between() -> Q:
    unread = Message.objects.unread().filter(notice=OuterRef("notice"))
    broken = ChannelTrouble.objects.filter(channel=OuterRef("notice__channel"), cleared_at=None)
    followed = Outcome.objects.filter(
        notice=OuterRef("notice"), first_seen_gone_at=None, stopped_at=None
    )
    return (
        Q(notice__status=NoticeStatus.SENT, case__pathway=Pathway.ADULT)
        & Q(case__status__in=[CaseStatus.NEW, CaseStatus.ACTIVE])
        & ~Q(Exists(unread))
        & ~Q(Exists(broken))
        & Q(Exists(followed))
    )


def _each_due(at: datetime, ends: float) -> int:
    fired = 0
    for reminder_id in due(at).order_by("due_at", "id").values_list("pk", flat=True)[:AT_A_TIME]:
        if monotonic() >= ends:
            break
        with keystore.scope():
            fired += _fire(reminder_id, at)
    return fired


def _fire(reminder_id: UUID, at: datetime) -> bool:
    try:
        return _let_go(reminder_id, at)
    except WrongState:  # another worker, or a person, was quicker
        return False
    except OperationalError as error:  # somebody holds the case: it stays planned, and due
        logger.warning("reminder.waits %s %s", reminder_id, type(error).__name__)
        return False
    except RuleBroken:  # whoever sends it from the chase page is told why
        logger.info("reminder.refused %s", reminder_id)
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # noqa: BLE001 - one bad row must not keep the others waiting
        logger.exception("reminder.stuck %s", reminder_id)
    return _propose_one(reminder_id)


def _let_go(reminder_id: UUID, at: datetime) -> bool:
    """Look at the plan again, then do what it says if it is still due."""
    rows = Reminder.objects.select_related("notice")
    reminder = rows.filter(pk=reminder_id, state=ReminderState.PLANNED).first()
    if reminder is None:
        return False
    now_next = plans.replan(reminder.notice, at)
    if now_next is None or now_next.pk != reminder_id or now_next.due_at > at:
        return False
    if now_next.state != ReminderState.PLANNED:
        return False
    if now_next.kind == ReminderKind.ESCALATE:
        return making.ask_how_to_go_on(now_next, at)
    if plans.goes_by_itself(now_next.notice):
        making.remind(now_next.notice, None, at)
        return True
    return _propose_one(reminder_id)


def _propose_one(reminder_id: UUID) -> bool:
    """Let a person send it; the question how to go on is on no such page, and is asked again."""
    planned = Reminder.objects.filter(
        pk=reminder_id, state=ReminderState.PLANNED, kind=ReminderKind.CHASE
    )
    return planned.update(state=ReminderState.PROPOSED) == 1
