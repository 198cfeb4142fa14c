"""What the ground picker is told about speed: the medians of the last twelve months."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.cache import cache

from insights.filters import Filters
from insights.queries import By, groups
from notices.drafting import Speed
from notices.speeds import measures_speed

LOOKING_BACK = timedelta(days=365)
KEPT_SECONDS = 600


@measures_speed
def of_platform(platform_key: str, at: datetime) -> Mapping[str, Speed]:
    """Return, for each ground that was used with a platform, its median until gone, with n.

    Kept for ten minutes: a draft asks at every save, and the figures move by the day.
    """
    name = f"speeds:{platform_key}"
    kept: Mapping[str, Speed] | None = cache.get(name)
    if kept is None:
        kept = _measured(platform_key, at)
        cache.set(name, kept, KEPT_SECONDS)
    return kept


def _measured(platform_key: str, at: datetime) -> Mapping[str, Speed]:
    filters = Filters(platform=platform_key, since=(at - LOOKING_BACK).date())
    return {
        group.ground: Speed(group.curve.median, group.curve.n)
        for group in groups(filters, at, by=By.GROUND)
        if group.ground
    }
