"""Exact search: codes, names of own cases, links, handles, domains. Nothing else is searchable."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.access import reach
from accounts.models import User
from cases import drafts, indexing
from cases.models import Case, Draft, Link
from core import blind, codes
from platforms.models import Community
from platforms.recognise import Place, recognise

FORM = "search"
LONGEST = 4096
SHOWN = 50
_CODE = re.compile(rf"({codes.CASE_CODE.pattern})(-\d+)?", re.IGNORECASE)
_SITE = re.compile(r"(?:https?://)?([\w-]+(?:\.[\w-]+)+)/?", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """What a query found, by kind; each list is cut at fifty."""

    cases: list[Case] = field(default_factory=list)
    notices: list[Any] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    communities: list[Community] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.notices or self.links or self.communities)


def ask(user: User, query: str, at: datetime) -> Draft:
    """Keep the question for an hour, encrypted: its words are in no address and no log."""
    drafts.forget_old(user, at)
    return drafts.start(user, FORM, at, data={"q": query[:LONGEST]})


def find(user: User, query: str) -> Found:
    query = query.strip()[:LONGEST]
    if not query:
        return Found()
    code = _CODE.fullmatch(query.replace(" ", ""))
    if code is not None:
        return _by_code(user, code.group(1).upper(), code.group(0).upper())
    cases = Case.objects.visible_to(user)
    by_alias = cases.filter(person__alias_index=blind.index("alias", query))
    return Found(
        cases=_cases(by_alias),
        links=_links(user, query),
        communities=_communities(user, query),
    )


def _by_code(user: User, case_code: str, code: str) -> Found:
    notices = _notices(user).filter(code=code) if code != case_code else None
    if notices is not None:
        return Found(notices=list(notices.select_related("platform")[:SHOWN]))
    cases = Case.objects.visible_to(user).filter(code=case_code)
    of_case = _notices(user).filter(case__code=case_code).select_related("platform")
    return Found(cases=_cases(cases), notices=list(of_case.order_by("number")[:SHOWN]))


def _notices(user: User) -> QuerySet[Any]:
    model: Any = Case._meta.get_field("notices").related_model
    visible: QuerySet[Any] = model.objects.visible_to(user)
    return visible


def _cases(cases: QuerySet[Case]) -> list[Case]:
    return list(cases.select_related("advocate").order_by("-changed_at", "-id")[:SHOWN])


def _links(user: User, query: str) -> list[Link]:
    links = Link.objects.visible_to(user).with_state_facts().select_related("case", "platform")
    found: dict[Any, Link] = {}
    for condition in _conditions(query):
        for link in links.filter(**condition).order_by("-added_at", "-id")[:SHOWN]:
            found.setdefault(link.pk, link)
    return list(found.values())[:SHOWN]


def _conditions(query: str) -> Iterable[dict[str, str]]:
    for place in recognise(query)[:5]:
        yield from _of_place(place)
    if " " not in query:
        yield {"handle_index": indexing.handle_index(query)}
    site = _SITE.fullmatch(query)
    if site is not None:
        yield {"domain_index": indexing.domain_index(f"https://{site.group(1)}")}


def _of_place(place: Place) -> Iterable[dict[str, str]]:
    if place.canonical:
        yield {"canonical_index": indexing.link(place.canonical)}
    if place.platform and place.item:
        yield {"item_index": indexing.item_of(place.platform, place.kind, place.item)}


def _communities(user: User, query: str) -> list[Community]:
    if reach(user, "community.view") is None:
        return []
    named = Community.objects.filter(name_index=blind.index("community", query.lstrip("@")))
    return list(named.select_related("platform")[:SHOWN])
