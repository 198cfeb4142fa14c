"""What a broken address means for notices: somebody is told once, and the other ways are shown."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation
from cases.models import Task
from cases.states import TaskKind
from core.defang import defanged
from notices import answers, law
from notices.drafting.possible import OPEN_AUDIENCES
from notices.models import Delivery, Notice
from notices.sending import telling
from platforms import signals, troubles
from platforms.models import Channel, ChannelTrouble, TroubleKind
from platforms.ways import Way

ELSEWHERE = frozenset({"right_channel", "mark_channel_broken"})


def ways_of(notice: Notice, at: datetime) -> list[Way]:
    """Return the channels of this platform for this ground that are open to us, the best first."""
    organisation = Organisation.current() or Organisation()
    day = organisation.day_at(at)
    served = set(law.ground(notice.ground).served_as)
    channels = notice.platform.channels.filter(retired=False, audience__in=OPEN_AUDIENCES)
    ways = [Way(channel, day) for channel in channels.prefetch_related("edits", "troubles")]
    usable = [way for way in ways if set(way.channel.current("grounds") or ()) & served]
    return sorted(usable, key=_rank)


def others(notice: Notice, at: datetime, besides: str = "") -> list[Way]:
    """Return the ways that are left when `besides` (an address) is of no use."""
    return [
        way for way in ways_of(notice, at) if way.trouble is None and way.now["address"] != besides
    ]


def working_channel(notice: Notice, at: datetime) -> Channel | None:
    """Return the notice's own channel while it works, else the best of the others, if any."""
    if notice.channel and not notice.channel.troubles.filter(cleared_at=None).exists():
        return notice.channel
    return next((way.channel for way in others(notice, at)), None)


def found(notice: Notice, delivery: Delivery, kind: TroubleKind, code: str, at: datetime) -> None:
    """Mark the address that this mail went to, and tell: the coordinators once, the author always.

    Call it in a transaction that holds the notice.
    """
    channel, address = notice.channel, delivery.recipient
    sentence = came_back(notice, kind, code, address, at)
    telling.not_delivered(notice, sentence, at)
    if channel is None:
        return
    if troubles.note(channel, kind, address, code, at):
        telling.channel_broken(notice, channel, sentence, at)


def came_back(notice: Notice, kind: TroubleKind, code: str, address: str, at: datetime) -> str:
    """Say in words what happened to a mail, and which other ways there are."""
    words = _("%(code)s came back: %(what)s.")
    if kind == TroubleKind.NOT_READ:
        words = _("%(code)s was not read: %(what)s.")
    what = str(kind.label) + (f" ({code})" if code else "")
    return f"{words % {'code': notice.code, 'what': what[:1].lower() + what[1:]}} " + instead(
        others(notice, at, address)
    )


def on_page(notice: Notice, at: datetime) -> dict[str, Any]:
    """Return what the page of a notice says of mails that came back, and the ways that are left."""
    shown: dict[str, Any] = {"bounced": "", "comes_again": None, "instead": None}
    if notice.sent_at is None:
        return shown
    left = list(notice.deliveries.exclude(sent_at=None).order_by("-made_at"))
    back = next((row for row in left if row.shown_state == "bounced"), None)
    shown["comes_again"] = next((row for row in left if row.goes_again), None)
    if back is not None:
        ways = others(notice, at, back.recipient)
        shown |= {"bounced": f"{_why(notice, back)} {instead(ways)}", "instead": ways}
    elif _is_told_to_go_elsewhere(notice):
        shown["instead"] = others(notice, at)
    return shown


def _why(notice: Notice, back: Delivery) -> str:
    troubles_ = ChannelTrouble.objects.filter(channel=notice.channel, address=back.recipient)
    newest = troubles_.order_by("-seen_at").first()
    what = newest.get_kind_display() if newest else _("The mail came back")
    return f"{what} ({back.bounce_code})." if back.bounce_code else f"{what}."


def _is_told_to_go_elsewhere(notice: Notice) -> bool:
    """Tell whether an answer names another channel, or says that this one is not read."""
    codes = [code for code, one in answers.answers().items() if one.opens in ELSEWHERE]
    return notice.messages.filter(answer__in=codes).exclude(filed_at=None).exists()


def instead(ways: list[Way]) -> str:
    """Say which way to take, with the day on which somebody last looked."""
    if not ways:
        return _("No other way is known here: a coordinator looks for one.")
    return _("Use %(ways)s.") % {"ways": "; ".join(map(said, ways[:3]))}


def said(way: Way) -> str:
    address = defanged(str(way.now["address"])) if way.is_page else str(way.now["address"])
    if way.is_unverified or way.seen_on is None:
        return _("%(address)s (not verified)") % {"address": address}
    day = date_format(way.seen_on, "j M")
    return _("%(address)s (verified %(day)s)") % {"address": address, "day": day}


@receiver(signals.channel_works)
def strike(
    sender: type[Channel], *, channel: Channel, actor: Any, at: datetime, **facts: Any
) -> None:
    """Nobody has to look for another address any more."""
    looking = Task.objects.open().filter(kind=TaskKind.CHANNEL_BROKEN, subject_id=channel.pk)
    looking.update(done_at=at, done_by=actor)


def _rank(way: Way) -> tuple[bool, bool, bool, bool, str]:
    return (
        way.trouble is not None,
        way.channel.audience != "anyone",
        way.is_to_be_confirmed or way.is_looked_up,
        way.is_unverified,
        way.channel.key,
    )
