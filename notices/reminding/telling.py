"""The tasks that stand in the place of a reminder: read the reply, decide the next step."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.roles import Role
from cases.models import Task
from cases.states import TaskKind
from notices.models import Notice
from notices.reminding.planning import UNREAD, Known, Step
from notices.sending import telling

KINDS = (TaskKind.REPLY_UNREAD, TaskKind.ESCALATE)


def keep_in_line(notice: Notice, known: Known, step: Step | None, at: datetime) -> None:
    """Ask to read a reply once it holds back a reminder that is due; strike what is over.

    Before that it stands among the new replies, like every other one.
    """
    over = [] if known.is_open else [TaskKind.ESCALATE]
    if step is not None and step.blocked_by == UNREAD and step.due_at <= at:
        _read_the_reply(notice, at)
    elif not known.has_unread:
        over.append(TaskKind.REPLY_UNREAD)
    if over:
        strike(notice, at, *over)


def decide(notice: Notice, at: datetime) -> None:
    """Ask the coordinators, and whoever has the case, how to go on."""
    words = _(
        "%(platform)s has not done what %(code)s asks for, and reminding alone will not help. "
        "Decide: another ground, another way, or a complaint."
    )
    text = words % {"platform": notice.platform.name, "code": notice.code}
    telling.tell(notice, TaskKind.ESCALATE, text, at, role=Role.COORDINATOR)


def strike(notice: Notice, at: datetime, *kinds: TaskKind) -> None:
    Task.objects.open().filter(subject_id=notice.pk, kind__in=kinds or KINDS).update(done_at=at)


def _read_the_reply(notice: Notice, at: datetime) -> None:
    words = _("A reply to %(code)s waits to be filed. Until then %(platform)s is not reminded.")
    text = words % {"platform": notice.platform.name, "code": notice.code}
    telling.tell(notice, TaskKind.REPLY_UNREAD, text, at)
