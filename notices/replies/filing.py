"""What an answer is: a person says it, and that alone moves the clocks. All ways count alike.

The one thing that a machine says by itself is that a mail is a receipt and nothing else.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case, Task
from core.errors import RuleBroken, WrongState
from notices import answers, bouncing, looking, references
from notices.answers import Answer
from notices.models import Message, Notice, Outcome
from notices.reminding import plans
from notices.replies.belonging import UNDO_WITHIN, refuse_before_sending
from notices.replies.proposing import details_read
from notices.states import Direction

MOMENTS = {
    "acknowledged": "acknowledged_at",
    "answered": "answered_at",
    "decided": "decided_at",
}


def file(
    message: Message,
    code: str,
    actor: User | None,
    at: datetime,
    *,
    is_automatic: bool = False,
    about: Collection[UUID] = (),
    details: Mapping[str, str] | None = None,
) -> Answer:
    """Say what an answer is. It sets the moments that it is the first to set, never "gone".

    `about` names outcomes of the notice; empty means every link of it. Without `actor` it is the
    machine that says so.
    """
    known = answers.answers().get(code)
    if known is None:
        raise RuleBroken(_("Choose what kind of answer it is."))
    notice = message.notice
    if notice is None:
        raise RuleBroken(_("Say first which notice this answers."))
    refuse_before_sending(notice, message.received_at)
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=notice.case_id)
        open_ = message.as_read().filter(filed_at=None, set_aside_at=None)
        changes = {
            "answer": code,
            "is_automatic": is_automatic or known.family == "auto_receipt",
            "about": [str(pk) for pk in about],
            "filed_by": actor,
            "filed_by_machine": actor is None,
            "filed_at": at,
        }
        if open_.update(**changes) != 1:
            raise WrongState(_("Somebody else filed or moved this reply a moment ago."))
        for name, value in changes.items():
            setattr(message, name, value)
        message.details = dict(details or {})
        message.save(update_fields=["details"])
        work_out(notice)
        references.note(notice, message.details.get("ticket", ""), at, message)
        if known.says_removed:
            looking.ask(notice, message, at)
        bouncing.note_filed(message, known, actor)
        plans.after_filing(notice, message, known, at)
        params = {"answer": code, "label": known.label}
        timeline.add(notice.case, "reply.filed", actor, at, subject=notice, params=params)
        record("reply.filed", actor, notice, at=at, answer=code)
    return known


def file_receipt(message: Message, at: datetime) -> None:
    """File a mail as the receipt that is read in it, where nobody has to read it.

    Call it in the transaction that attaches the mail; the case is locked.
    """
    file(message, message.proposed, None, at, details=details_read(message))


def may_be_unfiled(message: Message, at: datetime) -> bool:
    """Tell whether a filing can be taken back: a machine's always, a person's for ten minutes."""
    if message.filed_at is None:
        return False
    return message.filed_by_machine or at - message.filed_at <= UNDO_WITHIN


def unfile(message: Message, actor: User, at: datetime) -> None:
    """Take a filing back; every moment is worked out again from what is left."""
    if not may_be_unfiled(message, at):
        raise RuleBroken(_("This was filed more than ten minutes ago, or not at all."))
    with transaction.atomic():
        if message.notice is not None:
            Case.objects.select_for_update(no_key=True).get(pk=message.notice.case_id)
        undone = {"answer": "", "filed_at": None, "filed_by": None, "filed_by_machine": False}
        if message.as_read().update(about=[], is_automatic=False, **undone) != 1:
            raise WrongState(_("Somebody else changed this reply a moment ago."))
        bouncing.take_back(message, actor, at)
        references.unlearn(message)
        message.answer, message.filed_at = "", None
        Task.objects.open().filter(subject_id=message.pk).update(done_at=at, done_by=actor)
        if message.notice is not None:
            work_out(message.notice)
            plans.after_filing(message.notice, message, None, at)
            timeline.add(message.notice.case, "reply.unfiled", actor, at, subject=message.notice)
        record("reply.unfiled", actor, message.notice or message, at=at)


def work_out(notice: Notice) -> None:
    """Set each link's moments from all filed answers: the first of a kind counts."""
    filed = list(
        Message.objects.filter(notice=notice, direction=Direction.RECEIVED)
        .exclude(filed_at=None)
        .order_by("received_at", "logged_at")
    )
    for outcome in notice.outcomes.exclude(sent_at=None):
        values = _moments(outcome, [m for m in filed if _is_about(m, outcome)])
        if any(getattr(outcome, name) != value for name, value in values.items()):
            Outcome.objects.filter(pk=outcome.pk).update(**values)


def _moments(outcome: Outcome, filed: Iterable[Message]) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(MOMENTS.values())
    values["claimed"] = ""
    for message in filed:
        known = answers.answer(message.answer)
        for name in known.moments(is_automatic=message.is_automatic):
            values[MOMENTS[name]] = values[MOMENTS[name]] or _not_before(outcome, message)
        if known.claims != "nothing":
            values["claimed"] = known.claims
    return values


def _not_before(outcome: Outcome, message: Message) -> datetime:
    """A clock of theirs that is wrong must not answer before we wrote; the original stays."""
    sent_at = outcome.sent_at
    return max(message.received_at, sent_at) if sent_at else message.received_at


def _is_about(message: Message, outcome: Outcome) -> bool:
    return not message.about or str(outcome.pk) in message.about
