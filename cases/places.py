"""Places without a link: what each platform needs to find one. Pure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from cases.pasting import Row

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Part(NamedTuple):
    name: str
    label: "_StrPromise"


ACCOUNT = Part("account", _("Account or user name"))
CHANNEL = Part("channel", _("Channel"))
TIME = Part("time", _("When was it posted?"))
INVITE = Part("invite", _("Invitation link or code"))
OTHER = (ACCOUNT, Part("where", _("Where exactly?")), TIME)

PARTS: dict[str, tuple[Part, ...]] = {
    "slack": (Part("workspace", _("Workspace, for example team.slack.com")), CHANNEL, TIME,
              Part("account", _("Member's name"))),
    "telegram": (Part("account", _("@name")), INVITE, Part("number", _("Number of the chat")),
                 Part("message", _("Number of the message")), TIME),
    "discord": (Part("server", _("Server: name or number")), CHANNEL,
                Part("message", _("Message link")), INVITE, TIME),
    "whatsapp": (Part("group", _("Name of the group")), INVITE,
                 Part("account", _("Number of the admin"))),
    "wickr": (Part("account", _("User name")), Part("room", _("Name of the room")), TIME),
    "anon-ib": (Part("host", _("Address of the mirror")), Part("board", _("Board")),
                Part("thread", _("Number of the thread"))),
    "google-search": (Part("words", _("Words that were searched for")),
                      Part("result", _("Link of the result"))),
    "bing": (Part("words", _("Words that were searched for")),
             Part("result", _("Link of the result"))),
    "onlyfans": (ACCOUNT, Part("message", _("Number of the post"))),
    "snapchat": (ACCOUNT, Part("where", _("Story, chat or Spotlight?")), TIME),
}  # fmt: skip


def parts_of(platform_key: str) -> tuple[Part, ...]:
    return PARTS.get(platform_key, OTHER)


def row_of(platform_key: str, values: Mapping[str, str]) -> Row:
    """Return the place as a row like those of a paste; the first part leads to the same item."""
    place = {part.name: values.get(part.name, "") for part in parts_of(platform_key)}
    place = {name: text for name, text in place.items() if text}
    item = "|".join(f"{name}={' '.join(text.casefold().split())}" for name, text in place.items())
    return Row(
        line=1,
        verbatim=", ".join(place.values()),
        canonical="",
        platform=platform_key,
        kind="place",
        item=item,
        exact=is_exact(place),
        problem="",
        warning="without_link",
        same_as=None,
        place=place,
    )


def is_exact(place: Mapping[str, str]) -> bool:
    """Tell whether somebody at the platform can find the message by these parts alone."""
    house = place.get("workspace") or place.get("server")
    return bool(house and place.get("channel") and place.get("time"))
