"""Communities and material, made from inside a case; names to choose from while typing."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from audit.chain import record
from cases import links, pasting
from cases.models import Case, Link, Material
from cases.pasting import Row
from core import blind, codes, keystore
from core.errors import RuleBroken
from platforms.models import Community, Platform

MOST_NAMES = 200


def suggestions(user: User) -> dict[str, list[str]]:
    """Return at most 200 names each: communities, and material of cases she may open."""
    return {"community_names": _community_names(user), "material_names": _material_names(user)}


def add_here(
    case: Case, text: str, community_name: str, platform: Platform | None, material_name: str,
    user: User, at: datetime,
) -> tuple[list[Link], Community | None]:  # fmt: skip
    """Add what was typed on the case page: links, an account, a community, and how they belong."""
    rows = [row for row in pasting.rows_of(text) if pasting.is_link(row)] if text.strip() else []
    if text.strip() and not rows:
        raise RuleBroken(_("No link or account was recognised. Add it as a place without a link."))
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case.pk)
        made = links.add(case, rows, user, at) if rows else []
        community = _community(community_name, platform or _platform_of(rows), user, at)
        material = _material(case, material_name, at)
        if community or material:
            for link in made:
                links.describe(link, user, at, community=community, material=material)
    return made, community


def named_community(name: str, platform: Platform, user: User, at: datetime) -> Community:
    """Return the community of this name, or make it."""
    index = blind.index("community", name)
    found = Community.objects.filter(name_index=index, platform=platform).first()
    if found is not None:
        return found
    made = Community.objects.create(
        code=f"C-{codes.new_case_code()}",
        platform=platform,
        name=name,
        name_index=index,
        first_seen_on=_day(at, user),
        added_by=user,
    )
    record("community.added", user, made, at=at)
    return made


def _community(name: str, platform: Platform | None, user: User, at: datetime) -> Community | None:
    name = name.strip()
    if not name:
        return None
    if not may(user, "community.edit"):
        raise RuleBroken(_("You may not add a group. Ask a coordinator."))
    if platform is None:
        known = Community.objects.filter(name_index=blind.index("community", name)).first()
        if known is not None:
            return known
        raise RuleBroken(_("Choose the platform of the new group."))
    return named_community(name, platform, user, at)


def _material(case: Case, name: str, at: datetime) -> Material | None:
    name = name.strip()
    if not name:
        return None
    same = (each for each in case.materials.all() if each.name.casefold() == name.casefold())
    return next(same, None) or Material.objects.create(case=case, name=name, made_at=at)


def _platform_of(rows: list[Row]) -> Platform | None:
    keys = [row["platform"] for row in rows if row["platform"]]
    return Platform.objects.filter(key=keys[0]).first() if keys else None


def _community_names(user: User) -> list[str]:
    if not may(user, "community.view"):
        return []
    newest = Community.objects.order_by("-first_seen_on", "id")[:MOST_NAMES]
    return _names(list(newest))


def _material_names(user: User) -> list[str]:
    own = Material.objects.filter(case__in=Case.objects.visible_to(user))
    return _names(list(own.select_related("case").order_by("-made_at", "id")[:MOST_NAMES]))


def _names(found: list[Any]) -> list[str]:
    keystore.prime(each.key_id for each in found)
    return sorted({each.name for each in found}, key=str.casefold)


def _day(at: datetime, user: User) -> date:
    return at.astimezone(user.local_zone()).date()
