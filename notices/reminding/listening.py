"""What happens to a case or a link, and changes which notices may still be chased."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases import signals
from cases.models import Case, Link
from notices.models import Notice, Reminder
from notices.reminding import plans
from notices.states import NoticeStatus, ReminderState
from platforms.models import Channel
from platforms.signals import channel_works


@receiver(signals.case_paused)
@receiver(signals.case_resumed)
@receiver(signals.case_closed)
@receiver(signals.pathway_changed)
@receiver(signals.mandate_withdrawn)
def plan_anew(sender: Any, *, case: Case, at: datetime, **facts: Any) -> None:
    """Plan the follow-ups of a case again: paused, gone on, closed, or no longer agreed to."""
    for notice in Notice.objects.filter(case=case, status=NoticeStatus.SENT).order_by("number"):
        plans.replan(notice, at)


@receiver(signals.link_checked)
@receiver(signals.check_undone)
def plan_what_asks_for(sender: type[Link], *, link: Link, at: datetime, **facts: Any) -> None:
    """Plan again what asks for this link: it went, or is still there though they say otherwise."""
    about = Notice.objects.filter(outcomes__link=link, status=NoticeStatus.SENT)
    for notice in about.order_by("number"):
        plans.links_changed(notice, at)


@receiver(channel_works)
def go_on(sender: type[Channel], *, channel: Channel, **facts: Any) -> None:
    """Let the next tick look at what waits on this channel, whatever else may hold it back."""
    # No join: of a row that somebody holds the database asks only this query's own columns again.
    here = Notice.objects.filter(channel=channel).values("pk")
    waiting = Reminder.objects.filter(notice__in=here, state=ReminderState.BLOCKED)
    waiting.update(state=ReminderState.PLANNED)
