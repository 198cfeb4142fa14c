"""What the frame of every page needs. All lazy: a page without a frame asks for nothing."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import Organisation, User
from config.cover import is_covered
from core import clock
from core.shell import Badge, badge_for
from insights.health.standing import Standing, standing

VERSION = "0.1.0"
IN_BOTTOM_BAR = 4


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    words: "str | Promise"
    url_name: str
    right: str
    key: str = ""
    """The letter after `g` that leads there."""


PLACES = (
    Place("today", _("Today"), "insights:today", "today.view", "t"),
    Place("cases", _("Cases"), "cases:index", "case.list", "c"),
    Place("notices", _("Notices"), "notices:index", "notice.list", "n"),
    Place("replies", _("Replies"), "notices:replies", "reply.list", "r"),
    Place("platforms", _("Platforms"), "platforms:index", "platform.view", "p"),
    Place("response", _("Response times"), "insights:response", "response.view", "d"),
    Place("communities", _("Communities"), "platforms:communities", "community.view"),
    Place("settings", _("Settings"), "accounts:settings", "organisation.manage"),
    Place("help", _("Help"), "help", "help.view"),
)


@dataclass(frozen=True, slots=True)
class Item:
    place: Place
    url: str
    is_current: bool
    badge: Badge | None


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "program_version": VERSION,
        "demo": settings.DEMO,
        "served_at": SimpleLazyObject(lambda: clock.now().isoformat()),
        "covered": is_covered(request),
        "theme": SimpleLazyObject(partial(_theme, request)),
        "single_keys": SimpleLazyObject(partial(_single_keys, request)),
        "may_search": SimpleLazyObject(partial(_may, request, "search.use")),
        "may_create": SimpleLazyObject(partial(_may, request, "case.create")),
        "nav": SimpleLazyObject(partial(_nav, request)),
        "organisation": SimpleLazyObject(Organisation.current),
        "may_see_health": SimpleLazyObject(partial(_may, request, "health.view")),
        "standing": SimpleLazyObject(partial(_standing, request)),
        "catcher_url": settings.CATCHER_URL,
    }


def _person(request: HttpRequest) -> User | None:
    """Return who is signed in; a request refused before the sign-in was read has nobody."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def _theme(request: HttpRequest) -> str:
    person = _person(request)
    return person.theme if person else "auto"


def _single_keys(request: HttpRequest) -> bool:
    person = _person(request)
    return person is not None and person.single_keys


def _may(request: HttpRequest, right: str) -> bool:
    person = _person(request)
    return person is not None and may(person, right)


def _standing(request: HttpRequest) -> Standing:
    return standing(clock.now()) if _person(request) else Standing()


def uncounted(request: HttpRequest) -> dict[str, Any]:
    """What to put over `shell` where the frame is to be drawn without a look at the rows."""
    return {"nav": SimpleLazyObject(partial(_nav, request, counts=False)), "standing": Standing()}


def _nav(request: HttpRequest, *, counts: bool = True) -> dict[str, list[Item]]:
    items = [item for place in PLACES if (item := _item(request, place, counts=counts))]
    return {"all": items, "bar": items[:IN_BOTTOM_BAR], "more": items[IN_BOTTOM_BAR:]}


def _item(request: HttpRequest, place: Place, *, counts: bool) -> Item | None:
    person, url = _person(request), _url(place.url_name)
    if person is None or not url or not may(person, place.right):
        return None
    badge = badge_for(place.name, person, clock.now()) if counts else None
    return Item(place, url, request.path.startswith(url), badge)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
