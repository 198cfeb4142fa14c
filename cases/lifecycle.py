"""The only writer of `status`."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from core.errors import WrongState
from core.sealed import SealedModel

S = TypeVar("S", bound=SealedModel)


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
            raise WrongState(
                _("%(code)s was changed by somebody else a moment ago. Look at it again.")
                % {"code": row.code}
            )
        before = row.status
        for name, value in values.items():
            setattr(row, name, value)
        timeline.add(row.timeline_case(), event, actor, at, subject=row, params=params or {})
        record(event, actor, row, at=at, before=before, after=to)


def _not_from_here(row: Any, to: str) -> str:
    words = dict(type(row)._meta.get_field("status").choices or [])
    return _("%(code)s is %(now)s, so it cannot become %(then)s.") % {
        "code": row.code,
        "now": str(words[row.status]).lower(),
        "then": str(words[to]).lower(),
    }
