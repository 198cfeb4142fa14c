"""The list of cases: tabs, and what each row shows, for one row at the price of fifty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import contact, standing
from cases.link_states import STATE_FACTS, state_of
from cases.models import Case, Link, Task
from cases.standing import Counts
from cases.states import CaseStatus

TABS: "dict[str, str | Promise]" = {
    "mine": _("Mine"),
    "new": _("New"),
    "waiting": _("Waiting for the person"),
    "paused": _("Paused"),
    "back": _("Back again"),
    "all": _("All"),
}


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    counts: Counts
    waits: bool


def of_tab(tab: str, user: User) -> QuerySet[Case]:
    """Return the cases of a tab, with the next limit of a notice that still runs."""
    cases = Case.objects.visible_to(user).exclude(status=CaseStatus.ERASED)
    narrowed: QuerySet[Case] = _NARROWED[tab](cases, user)
    return narrowed.select_related("advocate")


def rows(cases: Sequence[Case]) -> list[Row]:
    """Complete a page of cases; three queries, whatever its length."""
    ids = [case.pk for case in cases]
    states: dict[Any, list[Any]] = {}
    links = Link.objects.current().with_state_facts().filter(case__in=ids)
    # Five hundred links a page, and of each only its state.
    for case, *facts in links.values_list("case", *STATE_FACTS):
        states.setdefault(case, []).append(state_of(*facts))
    waiting = set(
        Task.objects.open()
        .filter(case__in=ids, kind__in=contact.WAITING)
        .values_list("case", flat=True)
    )
    return [
        Row(case, standing.count(states.get(case.pk, [])), case.pk in waiting) for case in cases
    ]


def deadlines(cases: Sequence[Case]) -> dict[Any, tuple[datetime, datetime, str]]:
    """Return, by case, the next limit of its open notices: due, started, kind."""
    running = Q(
        notices__status="sent",
        notices__clocks__is_limit=True,
        notices__outcomes__first_seen_gone_at=None,
        notices__outcomes__stopped_at=None,
    )
    found = (
        Case.objects.filter(running, pk__in=[case.pk for case in cases])
        .annotate(due=F("notices__clocks__due_at"), kind=F("notices__clocks__kind"))
        .annotate(start=F("notices__clocks__starts_at"))
        .order_by("-due")
        .values_list("pk", "due", "start", "kind")
        .distinct()
    )
    return {pk: (due, start, kind) for pk, due, start, kind in found}


def _open(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(status__in=[CaseStatus.NEW, CaseStatus.ACTIVE, CaseStatus.PAUSED])


def _waiting(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    task = Task.objects.open().filter(case=OuterRef("pk"), kind__in=contact.WAITING)
    return _open(cases).filter(Exists(task))


def _back(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    return _open(cases).filter(Exists(Link.objects.back_again().filter(case=OuterRef("pk"))))


_NARROWED: dict[str, Any] = {
    "mine": lambda cases, user: _open(cases).filter(advocate=user),
    "new": lambda cases, user: cases.filter(status=CaseStatus.NEW),
    "waiting": _waiting,
    "paused": lambda cases, user: cases.filter(status=CaseStatus.PAUSED),
    "back": _back,
    "all": lambda cases, user: cases,
}
