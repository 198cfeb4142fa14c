"""A platform says "removed": somebody looks now, and the task is struck when that has happened."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.models import User
from cases import signals
from cases.checker import planning
from cases.models import Check, Link, Task
from cases.states import CheckResult, TaskKind
from notices.models import Message, Notice, Outcome


def ask(notice: Notice, message: Message, at: datetime) -> Task:
    """Put the links of an answer first, for the checker and for people: a word is no look."""
    planning.look_now(Link.objects.filter(outcomes__in=_meant(notice, message)), at)
    owner = notice.case.keeper
    return Task.objects.create(
        case=notice.case,
        kind=TaskKind.LOOK_NOW,
        subject_id=message.pk,
        subject_code=notice.code,
        text=_("%(platform)s says that it is gone. Look now, and mark what you see.")
        % {"platform": notice.platform.name},
        owner=owner,
        role="" if owner else "coordinator",
        made_at=at,
        due_at=at,
    )


@receiver(signals.link_checked)
def strike(
    sender: type[Link],
    *,
    link: Link,
    check: Check,
    actor: User | None,
    at: datetime,
    **facts: Any,
) -> None:
    """End the tasks that asked for this look, once every link that they are about was seen."""
    open_ = Task.objects.open().filter(case=link.case_id, kind=TaskKind.LOOK_NOW)
    for task in open_:
        messages = Message.objects.filter(id=str(task.subject_id)).select_related("notice")
        message = messages.first()
        notice = message.notice if message else None
        if message is None or notice is None or not _unseen(notice, message, task).exists():
            Task.objects.open().filter(pk=task.pk).update(done_at=at, done_by=actor)


def _unseen(notice: Notice, message: Message, task: Task) -> QuerySet[Outcome]:
    """Return what nobody has seen since. A machine that cannot tell, or saw it once, has not."""
    certain = Q(by_machine=False) | Q(result__in=[CheckResult.ONLINE, CheckResult.GONE])
    looks = Check.objects.filter(certain, link=OuterRef("link"), undone_at=None)
    return _meant(notice, message).exclude(Exists(looks.filter(at__gte=task.made_at)))


def _meant(notice: Notice, message: Message) -> QuerySet[Outcome]:
    rows = notice.outcomes.filter(link__removed_at=None)
    return rows.filter(pk__in=message.about) if message.about else rows
