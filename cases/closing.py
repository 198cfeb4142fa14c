"""What closing a case, or taking back a mandate, would stop: said before anybody presses."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.link_states import LinkState
from cases.models import Case
from cases.states import CloseReason

QUIET_FOR = timedelta(days=30)
NOT_LEFT = ("held", "queued", "deferred")
PENDING = ("planned", "blocked", "proposed")


class Effect(NamedTuple):
    """How much would stop, how many notices have left, and the codes that leave right now."""

    drafts: int
    held: int
    follow_ups: int
    sent: int
    leaving: list[str]

    @property
    def stops(self) -> str:
        parts = []
        if self.drafts:
            parts.append(ngettext("%(n)d draft", "%(n)d drafts", self.drafts) % {"n": self.drafts})
        if self.held:
            words = ngettext("%(n)d held message", "%(n)d held messages", self.held)
            parts.append(words % {"n": self.held})
        if self.follow_ups:
            words = ngettext("%(n)d follow-up", "%(n)d follow-ups", self.follow_ups)
            parts.append(words % {"n": self.follow_ups})
        return _(" and ").join(parts)

    @property
    def cannot_be_recalled(self) -> str:
        if not self.sent:
            return ""
        return ngettext(
            "%(n)d notice already sent cannot be recalled.",
            "%(n)d notices already sent cannot be recalled.",
            self.sent,
        ) % {"n": self.sent}


def effect(case: Case) -> Effect:
    """Count what has not left and what has, from the notices that point at the case."""
    notices = case.notices.all()
    not_left = notices.filter(status="approved", deliveries__state__in=NOT_LEFT).distinct()
    leaving = notices.filter(deliveries__state="sending").distinct()
    return Effect(
        drafts=notices.filter(status__in=["drafted", "in_review"]).count(),
        held=not_left.count(),
        follow_ups=notices.filter(reminders__state__in=PENDING).distinct().count(),
        sent=notices.filter(status__in=["sent", "done"]).count(),
        leaving=list(leaving.values_list("code", flat=True)),
    )


def proposed_reason(case: Case, at: datetime) -> str:
    """Return "all gone" when every link has been gone, unseen since, for thirty days."""
    links = list(case.links.current().with_state_facts())
    quiet = all(link.state == LinkState.GONE and _quiet(link.last_gone_at, at) for link in links)
    return CloseReason.ALL_GONE if links and quiet else ""


def _quiet(gone_at: datetime | None, at: datetime) -> bool:
    return gone_at is not None and at - gone_at >= QUIET_FOR
