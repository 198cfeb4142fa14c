"""A link that stands in two cases: said to the coordinator, without naming a case to anybody."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from audit.chain import record
from cases import timeline
from cases.models import Case, Task
from cases.states import TaskKind


def tell(case: Case, link_text: str, user: User, at: datetime) -> Task:
    """Put the finding on the coordinators' list, once for each case while it is open."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        waiting = case.tasks.open().filter(kind=TaskKind.SHARED_LINK).first()
        if waiting is not None:
            return waiting
        task = Task.objects.create(
            case=case,
            kind=TaskKind.SHARED_LINK,
            subject_id=case.pk,
            subject_code=case.code,
            text=_("A link of this case stands in another case too: %(link)s")
            % {"link": link_text},
            role=Role.COORDINATOR,
            made_at=at,
        )
        timeline.add(case, "case.shared_link_told", user, at)
        record("case.shared_link_told", user, case, at=at)
    return task
