"""On which ground and by which channel a notice of the demo goes, and how it leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from accounts.models import User
from cases.models import Case
from notices import law, lifecycle
from notices.facts import content_of_case
from notices.models import Approval, Delivery, DeliveryAttempt, Notice
from notices.states import DeliveryKind, DeliveryState, Phase
from platforms.models import Channel, Platform

ARCHIVE_DOMAIN = "harbour.example"
COPYRIGHT = frozenset({"us-dmca-512c"})
WISHES = ("us-tida-s3", "eu-dsa-16", "search-delist", "platform-terms")
WHERE_COPYRIGHT_HELPS = frozenset({"onlyfans", "x", "reddit", "slack"})


@dataclass(frozen=True)
class Route:
    platform: Platform
    ground: str
    channel: Channel


@lru_cache(maxsize=1)
def _channels() -> dict[str, list[Channel]]:
    found: dict[str, list[Channel]] = {}
    rows = Channel.objects.filter(retired=False, audience__in=["anyone", "members"])
    for channel in rows.select_related("platform").prefetch_related("edits").order_by("key"):
        found.setdefault(channel.platform.key, []).append(channel)
    return found


def forget() -> None:
    _channels.cache_clear()


def route(platform: str, case: Case, sent_at: datetime, dice: Random) -> Route:
    """Choose among the grounds in force on that day, the way a careful volunteer would."""
    open_now = [
        (ground, channel)
        for ground in _wishes(platform, case, dice)
        for channel in _channels()[platform]
        if ground in channel.grounds and _in_force(ground, sent_at)
    ]
    ground, channel = open_now[0]
    return Route(channel.platform, ground, channel)


def _wishes(platform: str, case: Case, dice: Random) -> list[str]:
    wishes = list(WISHES)
    if dice.random() < 0.4:
        wishes.remove("us-tida-s3")
    if case.self_taken == "yes" and platform in WHERE_COPYRIGHT_HELPS and dice.random() < 0.6:
        wishes.insert(0, "us-dmca-512c")
    return wishes


def _in_force(ground: str, at: datetime) -> bool:
    since = law.ground(ground).in_force_from
    return since is None or since <= at.date()


def content(case: Case, ground_id: str) -> dict[str, Any]:
    """Return what the author of a notice fills in."""
    ground = law.ground(ground_id)
    filled: dict[str, Any] = {
        **content_of_case(case),
        "context": ["consent_never_given", "private_recording"],
        "identifiable_by": ["face"],
        "ticks": [tick.key for tick in ground.ticks] + list(ground.statements),
    }
    if ground_id in COPYRIGHT:
        filled |= {
            "opted_in": True,
            "work": {"kind": "self_photo", "made_on": "2025-02-01", "precision": "month"},
        }
    return filled


def leave(notice: Notice, actor: User, sent_at: datetime) -> None:
    """Let it leave: a mail that was accepted, or a form that a volunteer submitted."""
    if lifecycle.goes_by_mail(notice):
        for row in delivered(notice, lifecycle.standing_approval(notice), sent_at):
            row.save(force_insert=True)
        lifecycle.mark_sent(notice, sent_at)
    else:
        lifecycle.confirm_submission(
            notice, actor, sent_at, submitted_at=sent_at, reference=f"R-{sent_at:%y%m%d%H%M}"
        )


def delivered(
    notice: Notice, approval: Approval, sent_at: datetime
) -> tuple[Delivery, DeliveryAttempt]:
    """Return the outbox rows of a mail that was accepted at once, not stored yet."""
    delivery = Delivery(
        notice=notice,
        approval=approval,
        kind=DeliveryKind.NOTICE,
        seq=1,
        recipient=approval.recipient,
        archive_recipient=f"archive@{ARCHIVE_DOMAIN}",
        message_id=approval.message_id,
        state=DeliveryState.SENT,
        phase=Phase.DONE,
        made_at=sent_at - timedelta(minutes=1),
        due_at=sent_at,
        first_due_at=sent_at,
        attempts=1,
        handed_over_at=sent_at,
        last_code="250",
        sent_at=sent_at,
    )
    return delivery, DeliveryAttempt(
        delivery=delivery, number=1, at=sent_at, phase="done", code="250", reason="OK"
    )
