"""The only writer of `status`, and the moves of a case."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import reach
from accounts.models import User
from audit.chain import record
from cases import signals, timeline
from cases.checker import planning
from cases.models import Case
from cases.states import CaseStatus, CloseReason
from core.errors import RuleBroken, WrongState


def activate(case: Case, actor: User, at: datetime) -> None:
    """Begin to work on a new case; a case that is not new stays as it is."""
    if case.status == CaseStatus.NEW:
        _move(case, CaseStatus.ACTIVE, actor, at, event="case.activated", changed_at=at)


def pause(case: Case, actor: User, at: datetime) -> None:
    """Stop drafts, chasing and looks. Statutory clocks and measured times run on."""
    with transaction.atomic():
        _move(case, CaseStatus.PAUSED, actor, at, event="case.paused", paused_at=at, changed_at=at)
        planning.replan_case(case, at)
        signals.case_paused.send(Case, case=case, actor=actor, at=at)


def resume(case: Case, actor: User, at: datetime) -> None:
    if case.status != CaseStatus.PAUSED:
        raise WrongState(_not_from_here(case, CaseStatus.ACTIVE))
    changes: dict[str, Any] = {"paused_at": None, "changed_at": at}
    with transaction.atomic():
        _move(case, CaseStatus.ACTIVE, actor, at, event="case.resumed", **changes)
        planning.replan_case(case, at)
        signals.case_resumed.send(Case, case=case, actor=actor, at=at)


def close(case: Case, actor: User, at: datetime, *, reason: str) -> None:
    if reason not in CloseReason.values:
        raise RuleBroken(_("Choose why the case is closed."))
    with transaction.atomic():
        _move(
            case,
            CaseStatus.CLOSED,
            actor,
            at,
            event="case.closed",
            params={"reason": reason},
            closed_at=at,
            close_reason=reason,
            paused_at=None,
            changed_at=at,
        )
        signals.case_closed.send(Case, case=case, actor=actor, at=at)
        planning.replan_case(case, at)


def reopen(case: Case, actor: User, at: datetime) -> None:
    if case.status != CaseStatus.CLOSED:
        raise WrongState(_not_from_here(case, CaseStatus.ACTIVE))
    changes: dict[str, Any] = {"closed_at": None, "close_reason": "", "changed_at": at}
    with transaction.atomic():
        _move(case, CaseStatus.ACTIVE, actor, at, event="case.reopened", **changes)
        planning.replan_case(case, at)


def assign(case: Case, to: User, actor: User, at: datetime, *, note: str) -> None:
    """Give the case to another advocate or coordinator, with a word of hand-over."""
    if not note.strip():
        raise RuleBroken(_("Write a line for the next advocate: what matters in this case?"))
    if not to.is_active or reach(to, "case.edit") is None:
        raise RuleBroken(_("%(name)s cannot keep cases.") % {"name": to.name})
    with transaction.atomic():
        changes = {"advocate": to, "team": to.team, "version": case.version + 1, "changed_at": at}
        seen = Case.objects.filter(pk=case.pk, version=case.version, status=case.status)
        if seen.update(**changes) != 1:
            raise WrongState(_changed_meanwhile(case))
        for name, value in changes.items():
            setattr(case, name, value)
        params = {"to": to.name, "text": note.strip()}
        timeline.add(case, "case.assigned", actor, at, params=params)
        record("case.assigned", actor, case, at=at, to=to.pk)


def _move(
    row: Any,
    to: str,
    actor: User | None,
    at: datetime,
    *,
    event: str,
    params: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Move `row` to the status `to` if it still stands as it was read; else raise WrongState.

    One transaction: the conditional update of the row with `changes`, the timeline event `event`
    with `params`, and the audit entry of the same name. Only verbs call this. `row` has `MOVES`,
    `status`, `version` and `timeline_case()`; every move counts the version up.
    """
    if to not in row.MOVES[row.status]:
        raise WrongState(_not_from_here(row, to))
    with transaction.atomic():
        values = {"status": to, "version": row.version + 1, **changes}
        model = type(row)
        as_seen = model.objects.filter(pk=row.pk, status=row.status, version=row.version)
        if as_seen.update(**values) != 1:
            raise WrongState(_changed_meanwhile(row))
        before = row.status
        for name, value in values.items():
            setattr(row, name, value)
        timeline.add(row.timeline_case(), event, actor, at, subject=row, params=params or {})
        record(event, actor, row, at=at, before=before, after=to)


def _changed_meanwhile(row: Any) -> str:
    return _("%(code)s was changed by somebody else a moment ago. Look at it again.") % {
        "code": row.code
    }


def _not_from_here(row: Any, to: str) -> str:
    words = dict(type(row)._meta.get_field("status").choices or [])
    return _("%(code)s is %(now)s, so it cannot become %(then)s.") % {
        "code": row.code,
        "now": str(words[row.status]).lower(),
        "then": str(words[to]).lower(),
    }
