"""A mail that came back: what is written on it, and who is told."""

from datetime import datetime

from django.db import transaction

from audit.chain import record
from cases import timeline
from core.keystore import KeyDestroyed
from notices import troubles
from notices.models import Delivery, Notice, Outcome
from platforms.models import TroubleKind


def came_back(
    delivery: Delivery, notice: Notice, kind: TroubleKind, code: str, at: datetime
) -> None:
    """Note it on the mail, in the case's history and against the address.

    Call it in a transaction that holds notice and delivery. The notice stays sent.
    """
    if delivery.delivered_at is not None:
        _was_not_delivered(notice, delivery.delivered_at)
    delivery.bounced_at, delivery.bounce_code = at, code
    delivery.bounces, delivery.delivered_at = delivery.bounces + 1, None
    delivery.save(update_fields=["bounced_at", "bounce_code", "bounces", "delivered_at"])
    _remember(notice, kind, at)
    troubles.found(notice, delivery, kind, code, at)
    record("delivery.bounced", None, notice, at=at, delivery=delivery.pk, kind=kind, code=code)


def _was_not_delivered(notice: Notice, claimed_at: datetime) -> None:
    """A relay said that it had passed the mail on, and the next server did not take it."""
    Outcome.objects.filter(notice=notice, delivered_at=claimed_at).update(delivered_at=None)


def _remember(notice: Notice, kind: TroubleKind, at: datetime) -> None:
    params = {"platform": notice.platform.name, "text": str(kind.label)}
    try:
        with transaction.atomic():
            timeline.add(notice.case, "notice.bounced", None, at, subject=notice, params=params)
    except KeyDestroyed:  # the case was erased: nothing more can be written into it
        return
