"""How often one site is asked: at most every ten seconds, and thirty times in an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Greatest

from cases.models import VisitedHost

BETWEEN = timedelta(seconds=10)
WITHIN = timedelta(hours=1)
MOST = 30
FORGOTTEN = timedelta(days=1)


def next_moment(recent: Sequence[datetime], at: datetime) -> datetime:
    """Return when a site may be asked again after it was asked at `at`; `recent` holds `at`."""
    in_hour = [moment for moment in recent if moment > at - WITHIN]
    return max(at + BETWEEN, in_hour[-MOST] + WITHIN) if len(in_hour) >= MOST else at + BETWEEN


def take(domain_index: str, at: datetime) -> bool:
    """Take the next turn at a site for oneself, or leave it: somebody asked a moment ago."""
    host, made = VisitedHost.objects.get_or_create(
        domain_index=domain_index, defaults={"next_at": at}
    )
    if host.next_at > at:
        return False
    moments = [datetime.fromisoformat(moment) for moment in host.recent]
    recent = [*(moment for moment in moments if moment > at - WITHIN), at]
    as_seen = VisitedHost.objects.filter(pk=host.pk, next_at=host.next_at, recent=host.recent)
    values = {"recent": [m.isoformat() for m in recent], "next_at": next_moment(recent, at)}
    return as_seen.update(**values) == 1


def rest(domain_index: str, until: datetime) -> None:
    """Leave a site alone until then: it asked for that."""
    host = VisitedHost.objects.filter(pk=domain_index)
    host.update(next_at=Greatest(F("next_at"), until))


def forget(at: datetime) -> None:
    VisitedHost.objects.filter(next_at__lt=at - FORGOTTEN).delete()
