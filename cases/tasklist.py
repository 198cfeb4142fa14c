"""Tasks: what they ask for in words, done and not done."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.intake import QUESTIONS
from cases.models import Case, Task
from cases.states import TaskKind
from core.errors import WrongState


def words_of(task: Task) -> str:
    """Return what the task asks for; a question of the intake form in the reader's language."""
    question = QUESTIONS.get(task.text) if task.kind == TaskKind.ASK_LATER else None
    if question is not None:
        return _("Ask: %(question)s") % {"question": question}
    return task.text or str(TaskKind(task.kind).label)


def put_on(
    case: Case, text: str, user: User, at: datetime, *, calls: bool, due_at: datetime | None
) -> Task:
    """Put something on one's own list; a call makes the case wait for the person."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        task = Task.objects.create(
            case=case,
            kind=TaskKind.CALL_BACK if calls else TaskKind.OTHER,
            subject_id=case.pk,
            subject_code=case.code,
            text=text,
            owner=user,
            made_at=at,
            due_at=due_at,
        )
        timeline.add(case, "task.made", user, at, params={"text": text})
        record("task.made", user, task, at=at, kind=task.kind)
    return task


def done(task: Task, user: User, at: datetime) -> None:
    _set_done(task, user, at, at, "task.done")


def not_done(task: Task, user: User, at: datetime) -> None:
    try:
        _set_done(task, user, at, None, "task.reopened")
    except IntegrityError as error:
        raise WrongState(_("The same task is on a list again already.")) from error


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
