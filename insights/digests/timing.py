"""When somebody's digest may leave. Pure: her wishes and a moment in, a day out.

All of it is read off the clock on her wall, so that the nights on which clocks change need no
rule of their own: an hour that is skipped is passed as soon as the clock has jumped, an hour that
comes twice finds that this day has its digest already.
"""

from datetime import date, datetime

from accounts.hours import is_within
from accounts.models import Digest, User

MONDAY = 0


def day_of(user: User, at: datetime) -> date | None:
    """Return the day whose digest is due by now, or None.

    A day that nobody worked on is over with its midnight: yesterday's list helps nobody.
    """
    local = at.astimezone(user.local_zone())
    if user.digest == Digest.NONE or local.hour < first_hour(user) or is_quiet(user, at):
        return None
    if user.digest == Digest.WEEKLY and local.weekday() != MONDAY:
        return None
    return local.date()


def is_quiet(user: User, at: datetime) -> bool:
    return _is_quiet_hour(user, at.astimezone(user.local_zone()).hour)


def is_over(user: User, day: date, at: datetime) -> bool:
    return at.astimezone(user.local_zone()).date() > day


def first_hour(user: User) -> int:
    """Return the hour she chose, or the end of her quiet hours where it lies within them."""
    return user.quiet_until if _is_quiet_hour(user, user.digest_hour) else user.digest_hour


def _is_quiet_hour(user: User, hour: int) -> bool:
    return is_within(hour, user.quiet_from, user.quiet_until)
