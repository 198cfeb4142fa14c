"""Links of a case: added, kept, taken out again. Numbers are given once and never again."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import checks, indexing, timeline
from cases.checker import planning
from cases.drafts import use
from cases.models import Case, Draft, Link
from cases.pasting import Row
from cases.states import CheckResult
from core.errors import RuleBroken, WrongState
from platforms.models import Platform

MAX_IN_CASE = 5000
OTHER_WEBSITE = "generic-site"


def add(
    case: Case, rows: Iterable[Row], actor: User, at: datetime, *, draft: Draft | None = None
) -> list[Link]:
    """Add the rows as links; what the case already has is passed over, whoever added it meanwhile.

    With a draft: it is used up in the same transaction, so that a second press adds nothing.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        if not case.is_open:
            raise WrongState(_("%(code)s is closed. Reopen it first.") % {"code": case.code})
        if draft is not None:
            use(draft, at, subject_code=case.code)
        made = [
            Link.objects.create(case=case, number=number, **values)
            for number, values in enumerate(_fresh(case, rows, actor, at), case.links_made + 1)
        ]
        if made:
            _count(case, made, actor, at)
    return made


def mark_back(case: Case, canonicals: Iterable[str], actor: User, at: datetime) -> list[Link]:
    """Mark links that were gone and stand in a new paste as online again."""
    indexes = [indexing.link(canonical) for canonical in canonicals if canonical]
    seen = case.links.current().with_state_facts().filter(canonical_index__in=indexes)
    back = [link for link in seen if link.last_result == CheckResult.GONE]
    for link in back:
        checks.look(link, CheckResult.ONLINE, actor, at)
    return back


def remove(link: Link, actor: User, at: datetime) -> None:
    """Take a link out of the case. The row stays, for the notices that named it."""
    _set_removed(link, at, actor, at, "link.removed")


def restore(link: Link, actor: User, at: datetime) -> None:
    _set_removed(link, None, actor, at, "link.restored")


def describe(
    link: Link, actor: User, at: datetime, *, community: Any = None, material: Any = None
) -> None:
    """Say which community a link belongs to and which material it shows."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=link.case_id)
        link.community, link.material = community, material
        link.save(update_fields=["community", "material"])
        timeline.add(case, "link.changed", actor, at, subject=link, params={"number": link.number})
        record("link.changed", actor, link, at=at)


def _set_removed(
    link: Link, removed_at: datetime | None, actor: User, at: datetime, event: str
) -> None:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=link.case_id)
        as_seen = Link.objects.filter(pk=link.pk, version=link.version, removed_at=link.removed_at)
        if removed_at is None and _stands_in(case, link):
            raise RuleBroken(_("The same link was added again meanwhile."))
        if as_seen.update(removed_at=removed_at, version=link.version + 1) != 1:
            raise WrongState(_("This link was changed a moment ago. Look at it again."))
        link.removed_at, link.version = removed_at, link.version + 1
        planning.replan(Link.objects.filter(pk=link.pk), at)
        timeline.add(case, event, actor, at, subject=link, params={"number": link.number})
        record(event, actor, link, at=at)


def _stands_in(case: Case, link: Link) -> bool:
    same = case.links.current().exclude(canonical_index="")
    return same.filter(canonical_index=link.canonical_index).exists()


def _fresh(case: Case, rows: Iterable[Row], actor: User, at: datetime) -> list[dict[str, Any]]:
    """Return the columns of the links to make, without what the case has already."""
    known: set[str] = set()
    for pair in case.links.current().values_list("canonical_index", "item_index"):
        known.update(pair)
    platforms = {platform.key: platform for platform in Platform.objects.all()}
    fresh = []
    for row in rows:
        values = columns(row, platforms, actor, at)
        marks = {values["canonical_index"], values["item_index"]} - {""}
        if not marks & known:
            known |= marks
            fresh.append(values)
    if case.links_made + len(fresh) > MAX_IN_CASE:
        raise RuleBroken(_("A case holds at most %(n)d links.") % {"n": MAX_IN_CASE})
    return fresh


def _elsewhere(row: Row) -> str:
    """Return "other website" for an address on a host that nobody knows: it can be written to."""
    return OTHER_WEBSITE if row["canonical"] and row["kind"] != "shortened" else ""


def columns(row: Row, platforms: dict[str, Platform], actor: User, at: datetime) -> dict[str, Any]:
    """Return what a link keeps of a recognised row."""
    platform = platforms.get(row["platform"] or _elsewhere(row))
    place = row.get("place", {})
    return {
        "platform": platform,
        "kind": row["kind"] if row["kind"] != "note" else "place",
        "exact": row["exact"],
        "problem": row["problem"],
        "verbatim": row["verbatim"],
        "canonical": row["canonical"],
        "place": place,
        "added_by": actor,
        "added_at": at,
        **indexing.values(
            platform=platform.key if platform else None,
            kind=row["kind"],
            item=row["item"] or None,
            canonical=row["canonical"] or None,
            handle=str(place.get("account", "")),
        ),
    }


def _count(case: Case, made: list[Link], actor: User, at: datetime) -> None:
    case.links_made += len(made)
    Case.objects.filter(pk=case.pk).update(links_made=case.links_made)
    names = Counter(link.platform.name if link.platform else "" for link in made)
    params = {"n": len(made), "platforms": dict(names)}
    timeline.add(case, "link.added", actor, at, params=params)
    record("link.added", actor, case, at=at, n=len(made))
