"""A platform demands to know who she is: what can be done without deciding anything now."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case, Task
from cases.states import TaskKind
from core.errors import RuleBroken, WrongState
from notices import drafting, law
from notices.drafting import Facts
from notices.models import Message
from notices.states import NoticeStatus

DEMANDS = frozenset({"identity_requested", "verification_images_requested"})
AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Demand:
    """The choices that are open: none of them tells anything about her."""

    asked: Task | None
    authority: str
    may_withdraw: bool


def of(message: Message, user: User, known: Facts) -> Demand:
    """Return what is open to this person; `known` is what the notice may say."""
    notice = message.notice
    return Demand(
        asked=_open_task(message),
        authority=filled(AUTHORITY, known),
        may_withdraw=notice is not None
        and notice.status == NoticeStatus.SENT
        and may(user, "notice.withdraw", notice),
    )


def ask_person(message: Message, actor: User, at: datetime) -> Task:
    """Put a call on the list of her advocate, with neutral words. Nobody else talks to her.

    The case waits for her until the call is done. Raises WrongState when it was asked before.
    """
    notice = message.notice
    if notice is None or message.answer not in DEMANDS:
        raise RuleBroken(_("This reply demands nothing about the person."))
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=notice.case_id)
        if _open_task(message) is not None:
            raise WrongState(_("This call is on somebody's list already."))
        words = _(
            "%(platform)s asks who is behind %(code)s. The person decides, and may take as long as"
            " needed: say nothing about it, answer that the law does not require it, or stop."
        ) % {"platform": notice.platform.name, "code": notice.code}
        task = Task.objects.create(
            case=case,
            kind=TaskKind.CALL_BACK,
            subject_id=message.pk,
            subject_code=notice.code,
            text=words,
            owner=case.keeper,
            role="" if case.keeper else "coordinator",
            made_at=at,
        )
        timeline.add(case, "task.made", actor, at, subject=notice, params={"text": words})
        record("task.made", actor, task, at=at, kind=task.kind)
    return task


def _open_task(message: Message) -> Task | None:
    calls = Task.objects.open().filter(subject_id=message.pk, kind=TaskKind.CALL_BACK)
    return calls.select_related("owner").first()


def filled(statement_id: str, known: Facts) -> str:
    """Fill a statement of the catalogue; "" where what it needs is not there."""
    statement = law.statement(statement_id)
    if "mandate" in statement.needs and known.acting_mandate is None:
        return ""
    return drafting.said(statement, known)
