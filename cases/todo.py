"""What waits for a person in the cases app: tasks and unfinished texts. Today shows these rows."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.intake import FORM, QUESTIONS
from cases.models import Case, Draft, Task
from cases.states import TaskKind
from core import keystore
from core.errors import WrongState

SHOWN = 50


class Row(NamedTuple):
    """One thing to do: a sentence without a name, the code, where to go, and what the button says."""

    words: str
    code: str
    url: str
    button: str
    due_at: datetime | None
    made_at: datetime
    task_id: UUID | None = None


def tasks(user: User, at: datetime) -> list[Row]:
    """Return her open tasks that are due, oldest first, at most fifty."""
    due = Task.objects.visible_to(user).due(at).select_related("case")
    found = list(due.order_by("made_at", "id")[:SHOWN])
    keystore.prime(task.key_id for task in found)
    return [_task_row(task, user) for task in found]


def drafts(user: User, at: datetime) -> list[Row]:
    """Return reports that she began and did not finish, newest first."""
    mine = Draft.objects.visible_to(user).open().filter(form=FORM, version__gt=1)
    found = mine.order_by("-saved_at")[:SHOWN]
    return [
        Row(
            words=_("A report that is not finished"),
            code="",
            url=reverse("cases:intake", args=[draft.pk]),
            button=_("Continue"),
            due_at=None,
            made_at=draft.saved_at,
        )
        for draft in found
    ]


def words_of(task: Task) -> str:
    """Return what the task asks for; a question of the intake form in the reader's language."""
    question = QUESTIONS.get(task.text) if task.kind == TaskKind.ASK_LATER else None
    if question is not None:
        return _("Ask: %(question)s") % {"question": question}
    return task.text or str(TaskKind(task.kind).label)


def done(task: Task, user: User, at: datetime) -> None:
    _set_done(task, user, at, at, "task.done")


def not_done(task: Task, user: User, at: datetime) -> None:
    _set_done(task, user, at, None, "task.reopened")


def _set_done(task: Task, user: User, at: datetime, done_at: datetime | None, verb: str) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=task.case_id) if task.case_id else None
        as_seen = Task.objects.filter(pk=task.pk, done_at=task.done_at)
        if as_seen.update(done_at=done_at, done_by=user if done_at else None) != 1:
            raise WrongState(_("Somebody else did this a moment ago."))
        task.done_at = done_at
        if case is not None:
            params = {"what": task.kind, "text": task.text}
            timeline.add(case, verb, user, at, params=params)
        record(verb, user, task, at=at, kind=task.kind)


def _task_row(task: Task, user: User) -> Row:
    opens_case = task.case is not None and may(user, "case.view", task.case)
    return Row(
        words=words_of(task),
        code=task.subject_code,
        url=task.case.get_absolute_url() if task.case and opens_case else "",
        button=_("Call back") if task.kind == TaskKind.CALL_BACK else _("Open"),
        due_at=task.due_at,
        made_at=task.made_at,
        task_id=task.pk,
    )
