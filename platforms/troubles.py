"""Addresses that do not take our mail: noted once while it lasts, cleared by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from core.errors import WrongState
from platforms import signals
from platforms.models import Channel, ChannelTrouble, TroubleKind


def note(channel: Channel, kind: TroubleKind, address: str, code: str, at: datetime) -> bool:
    """Mark an address of a channel; return whether nobody knew yet. Call it in a transaction."""
    _trouble, is_new = ChannelTrouble.objects.get_or_create(
        channel=channel,
        kind=kind,
        address=address,
        cleared_at=None,
        defaults={"seen_at": at, "status_code": code},
    )
    if is_new:
        record("channel.in_trouble", None, channel, at=at, kind=kind, code=code)
    return is_new


def clear(trouble: ChannelTrouble, actor: User, at: datetime) -> None:
    """Take a person's word that the address works, or that the mark was a mistake."""
    with transaction.atomic():
        still = ChannelTrouble.objects.filter(pk=trouble.pk, cleared_at=None)
        if still.update(cleared_at=at, cleared_by=actor) != 1:
            raise WrongState(_("Somebody has cleared this already."))
        _tell(trouble.channel, actor, at)
        record("channel.trouble_cleared", actor, trouble.channel, at=at, kind=trouble.kind)


def clear_elsewhere(channel: Channel, address: str, actor: User, at: datetime) -> None:
    """Clear what was noted of other addresses: the channel has `address` now."""
    other = ChannelTrouble.objects.filter(channel=channel, cleared_at=None).exclude(address=address)
    if other.update(cleared_at=at, cleared_by=actor):
        _tell(channel, actor, at)


def _tell(channel: Channel, actor: User, at: datetime) -> None:
    if not ChannelTrouble.objects.filter(channel=channel, cleared_at=None).exists():
        signals.channel_works.send(Channel, channel=channel, actor=actor, at=at)
