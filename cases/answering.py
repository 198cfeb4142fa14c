"""Questions of the report that are answered later, on the page of the case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.intake import QUESTIONS
from cases.models import Case, Task
from cases.states import TaskKind
from core.errors import WrongState

COLUMNS = {
    "content_kind": "content_kinds",
    "self_taken": "self_taken",
    "country": "country",
    "language": "language",
    "wants": "wants",
}
SAID = ("threat", "danger", "knows_who", "first_seen", "contacted", "contacted_what")


def known(case: Case) -> dict[str, Any]:
    """Return the answers so far, as the form names them."""
    return {
        **{name: getattr(case, column) for name, column in COLUMNS.items()},
        **case.answers,
    }


def answer(case: Case, said: Mapping[str, Any], version: int, user: User, at: datetime) -> None:
    """Write the answers. Raises WrongState when somebody else changed the case meanwhile."""
    with transaction.atomic():
        row = Case.objects.select_for_update().get(pk=case.pk)
        if row.version != version:
            raise WrongState(_("Somebody changed this case while you were typing."))
        before = known(row)
        for name, column in COLUMNS.items():
            setattr(row, column, said[name])
        kept = {name: row.answers[name] for name in row.answers if name not in SAID}
        row.answers = {**kept, **{name: said[name] for name in SAID if said[name]}}
        row.version += 1
        row.save(update_fields=[*COLUMNS.values(), "answers", "version"])
        changed = [name for name in said if said[name] != before.get(name, "") and said[name]]
        _tell(row, changed, user, at)


def _tell(case: Case, changed: list[str], user: User, at: datetime) -> None:
    questions = [name for name in changed if name in QUESTIONS]
    timeline.add(case, "case.answered", user, at, params={"questions": questions})
    for task in case.tasks.open().filter(kind=TaskKind.ASK_LATER):
        if task.text in questions:
            Task.objects.filter(pk=task.pk).update(done_at=at, done_by=user)
    record("case.answered", user, case, at=at, questions=questions)
