"""What a link's looks and notices amount to today. Pure."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.states import CheckResult


class LinkState(TextChoices):
    TO_DO = "to_do", _("To do")
    NOTICE_SENT = "notice_sent", _("Notice sent")
    GONE = "gone", _("Gone")
    LOOKS_GONE = "looks_gone", _("Looks gone")
    ONLINE = "online", _("Still online")
    BACK = "back", _("Back again")
    HERE_ONLY = "here_only", _("Gone here only")
    DELISTED = "delisted", _("Delisted")
    UNCLEAR = "unclear", _("Can't tell")


_SEEN = {
    CheckResult.GONE: LinkState.GONE,
    CheckResult.LOOKS_GONE: LinkState.LOOKS_GONE,
    CheckResult.HERE_ONLY: LinkState.HERE_ONLY,
    CheckResult.DELISTED: LinkState.DELISTED,
    CheckResult.UNCLEAR: LinkState.UNCLEAR,
}


# What `state_of` asks, in its order, as a query of links names it.
STATE_FACTS = ("last_result", "last_checked_at", "last_sent_at", "was_gone")


def state_of(
    result: str | None,
    checked_at: datetime | None,
    sent_at: datetime | None,
    was_gone: bool,
) -> LinkState:
    """Return the state from the newest look, the newest sent notice, and an earlier "gone".

    A notice sent after the newest look starts anew: what was seen before it is not its outcome.
    """
    if result is None or checked_at is None:
        return LinkState.NOTICE_SENT if sent_at else LinkState.TO_DO
    if result == CheckResult.GONE:
        return LinkState.GONE
    if sent_at is not None and sent_at > checked_at:
        return LinkState.NOTICE_SENT
    if result == CheckResult.ONLINE:
        return _online(sent_at, was_gone)
    return _SEEN[CheckResult(result)]


def _online(sent_at: datetime | None, was_gone: bool) -> LinkState:
    if was_gone:
        return LinkState.BACK
    return LinkState.ONLINE if sent_at else LinkState.TO_DO
