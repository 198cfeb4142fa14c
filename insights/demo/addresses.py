"""In the demo every channel leads to an .example address, laid over the catalogue as an edit."""

from datetime import datetime

from insights.demo.cast import Cast
from platforms.models import LOOKED_UP, Channel, ChannelEdit, Medium


def lay_over(cast: Cast, at: datetime) -> None:
    """Point all channels at made-up addresses: nothing of the demo can reach a real platform."""
    channels = Channel.objects.filter(retired=False).select_related("platform")
    ChannelEdit.objects.bulk_create(
        ChannelEdit(
            channel=channel,
            changes={"address": _address(channel)},
            reason="Demo: leads nowhere",
            proposed_by=cast.administrator,
            proposed_at=at,
            confirmed_by=cast.coordinator,
            confirmed_at=at,
        )
        for channel in channels
        if channel.address != LOOKED_UP
    )


def _address(channel: Channel) -> str:
    if channel.medium == Medium.IN_APP:
        return "Report on the post" if channel.is_to_be_confirmed() else channel.address
    if channel.medium == Medium.EMAIL:
        local = channel.address.partition("@")[0] if "@" in channel.address else "reports"
        return f"{local.lower()}@{channel.platform.key}.example"
    return f"https://forms.{channel.platform.key}.example/{channel.key}"
