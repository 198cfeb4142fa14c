"""Two people correct a channel: one proposes with a reason, another confirms."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from core.errors import RuleBroken
from platforms import troubles
from platforms.models import Channel, ChannelEdit

FIELDS = ("address", "email", "form", "category", "subject_line", "postal", "rule", "note")


def standing(channel: Channel) -> dict[str, str]:
    """What holds now, for the fields that people may correct."""
    return {name: str(channel.current(name) or "") for name in FIELDS}


def propose(
    channel: Channel, actor: User, values: dict[str, Any], reason: str, at: datetime
) -> ChannelEdit:
    """Note a correction; it counts once somebody else confirms it."""
    now = standing(channel)
    changes = {name: values[name] for name in FIELDS if values[name] != now[name]}
    if not changes:
        raise RuleBroken(_("Nothing is different from what stands there now."))
    with transaction.atomic():
        edit = ChannelEdit.objects.create(
            channel=channel,
            changes={**_confirmed_changes(channel), **changes},
            reason=reason,
            proposed_by=actor,
            proposed_at=at,
        )
        record("channel.edit_proposed", actor, channel, at=at, fields=sorted(changes))
    return edit


def _confirmed_changes(channel: Channel) -> dict[str, Any]:
    """The newest confirmed edit is the one that holds, so each carries those before it."""
    edit = channel.standing_edit()
    return dict(edit.changes) if edit is not None else {}


def confirm(edit: ChannelEdit, actor: User, at: datetime) -> None:
    if edit.proposed_by_id == actor.pk:
        raise RuleBroken(_("You wrote this. Somebody else has to confirm it."))
    with transaction.atomic():
        pending = ChannelEdit.objects.filter(
            pk=edit.pk, confirmed_at__isnull=True, discarded_at__isnull=True
        )
        if not pending.update(confirmed_by=actor, confirmed_at=at):
            raise RuleBroken(_("Somebody has decided about this already."))
        if "address" in edit.changes:
            troubles.clear_elsewhere(edit.channel, edit.changes["address"], actor, at)
        record("channel.edit_confirmed", actor, edit.channel, at=at, edit=edit.pk)


def discard(edit: ChannelEdit, actor: User, at: datetime) -> None:
    """Take a proposal, or a correction that held, out of use; the row stays."""
    with transaction.atomic():
        if not ChannelEdit.objects.filter(pk=edit.pk, discarded_at__isnull=True).update(
            discarded_at=at
        ):
            raise RuleBroken(_("Somebody has decided about this already."))
        record("channel.edit_discarded", actor, edit.channel, at=at, edit=edit.pk)
