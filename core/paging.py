"""Lists by keyset: no COUNT, no OFFSET, the same cost for the first page and the thousandth."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from core import keystore
from core.sealed import SealedModel

M = TypeVar("M", bound=Model)
PAGE_SIZE = 50
COUNT_CAP = 10_000


class KeysetPage(Generic[M]):
    """One page of `queryset`, ordered by a moment and the id, newest first unless told otherwise.

    `moment` names a column that is never null. An unusable cursor gives the first page.
    """

    def __init__(
        self,
        queryset: QuerySet[M],
        moment: str,
        cursor: str = "",
        *,
        ascending: bool = False,
        size: int = PAGE_SIZE,
    ) -> None:
        self.moment, self.ascending, self.size = moment, ascending, size
        position = _decoded(cursor)
        backwards = position is not None and position[2]
        rows = self._window(queryset, position, backwards)
        more = len(rows) > size
        rows = rows[:size]
        if backwards:
            rows.reverse()
        self.rows: Sequence[M] = rows
        self.has_next = more or backwards if rows else False
        self.has_previous = bool(rows) and (more if backwards else position is not None)
        keystore.prime(row.key_id for row in rows if isinstance(row, SealedModel))

    @property
    def next_cursor(self) -> str:
        return self._cursor(self.rows[-1], backwards=False) if self.has_next else ""

    @property
    def previous_cursor(self) -> str:
        return self._cursor(self.rows[0], backwards=True) if self.has_previous else ""

    def _window(
        self, queryset: QuerySet[M], position: tuple[datetime, UUID, bool] | None, backwards: bool
    ) -> list[M]:
        upwards = self.ascending != backwards
        sign = "" if upwards else "-"
        queryset = queryset.order_by(f"{sign}{self.moment}", f"{sign}id")
        if position is not None:
            at, row_id, _ = position
            way = "gt" if upwards else "lt"
            queryset = queryset.filter(
                Q(**{f"{self.moment}__{way}": at}) | Q(**{self.moment: at, f"id__{way}": row_id})
            )
        return list(queryset[: self.size + 1])

    def _cursor(self, row: M, *, backwards: bool) -> str:
        at = row
        for part in self.moment.split("__"):
            at = getattr(at, part)
        text = json.dumps([at.isoformat(), str(row.pk), backwards])  # type: ignore[attr-defined]
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[datetime, UUID, bool] | None:
    if not cursor or len(cursor) > 200:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        at, row_id, backwards = json.loads(text)
        moment = datetime.fromisoformat(at)
        return (moment, UUID(row_id), bool(backwards)) if moment.tzinfo else None
    except (ValueError, TypeError, AttributeError, binascii.Error):
        return None


def capped_count(queryset: QuerySet[M], cap: int = COUNT_CAP) -> int:
    """Count at most `cap` + 1 rows: more than the cap is written "10,000+"."""
    return queryset.order_by()[: cap + 1].count()
