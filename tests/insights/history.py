"""Rows of history, written as hours from one moment of sending."""

from datetime import UTC, datetime, timedelta
from typing import Any

from notices.models import ImportBatch, Notice, Outcome
from platforms.models import Platform
from tests import factories
from tests.insights.published import SIX_MP, times

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IMPORTED = SENT + timedelta(days=60)


def batch() -> ImportBatch:
    return ImportBatch.objects.get_or_create(imported_at=IMPORTED)[0]


def imported(platform: str = "x", *, sent: datetime = SENT, **hours: Any) -> Outcome:
    """A row of an old spreadsheet: `gone=20` is seen gone 20 hours after sending."""
    values: dict[str, Any] = {"ground": hours.pop("ground", "us-tida-s3"), "sent_at": sent}
    values |= {name: hours.pop(name) for name in ("channel", "stop_reason") if name in hours}
    values |= {_column(name): sent + timedelta(hours=hour) for name, hour in hours.items()}
    return Outcome.objects.create(batch=batch(), platform=place(platform), **values)


def _column(name: str) -> str:
    return {"gone": "first_seen_gone_at", "seen": "last_seen_online_at"}.get(name, f"{name}_at")


def place(key: str) -> Platform:
    return factories.platform(key)


def notice_of(links: int, *, sent: datetime = SENT, **moments: datetime) -> Notice:
    """A sent notice of ours about so many links, all with the same moments."""
    case = factories.case()
    made = factories.notice(case, status="sent", sent_at=sent, at=sent)
    for number in range(links):
        link = factories.link(case, f"https://x.com/i/status/{1234567890 + number}")
        factories.outcome(made, link, **moments)
    return made


def freireich(platform: str = "x") -> None:
    """The published remission times under 6-MP, their weeks taken for hours."""
    for interval in times(SIX_MP):
        imported(platform, **{"gone" if interval.event else "stopped": interval.hours})
