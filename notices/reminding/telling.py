"""The tasks that stand in the place of a reminder: read the reply, decide the next step."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.roles import Role
from cases.models import Task
from cases.states import TaskKind
from notices.models import Notice
from notices.reminding.planning import BROKEN, UNREAD, Known, Step
from notices.sending import telling

KINDS = (TaskKind.REPLY_UNREAD, TaskKind.CHANNEL_BROKEN, TaskKind.ESCALATE)


def keep_in_line(notice: Notice, known: Known, step: Step | None, at: datetime) -> None:
    """Ask to read a reply once it holds back a reminder that is due, or to find another way where
    mail comes back; strike what is over.

    Before that a reply stands among the new replies, like every other one.
    """
    held_back_by = step.blocked_by if step is not None and step.due_at <= at else ""
    if held_back_by == UNREAD:
        _read_the_reply(notice, at)
    elif held_back_by == BROKEN:
        _go_another_way(notice, at)
    is_over = {
        TaskKind.REPLY_UNREAD: not known.has_unread,
        TaskKind.CHANNEL_BROKEN: not known.is_broken,
        TaskKind.ESCALATE: not known.is_open,
    }
    over = [kind for kind, yes in is_over.items() if yes]
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


def _go_another_way(notice: Notice, at: datetime) -> None:
    words = _(
        "The reminder on %(code)s waits: mail to this address of %(platform)s comes back. "
        "Go another way; when the address works again, the reminders go on by themselves."
    )
    text = words % {"platform": notice.platform.name, "code": notice.code}
    telling.tell(notice, TaskKind.CHANNEL_BROKEN, text, at)
