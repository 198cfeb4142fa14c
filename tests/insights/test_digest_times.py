"""When a digest is due: by the clock on her wall, never in her quiet hours, once a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.hours import is_within
from accounts.models import User
from insights.digests import timing

MINUTE = timedelta(minutes=1)
STEP = 10 * MINUTE
ZONES = ["UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
# The nights of 2026 and 2027 on which clocks change, in each of these zones.
NIGHTS = [
    ("Europe/Rome", date(2026, 10, 25)),
    ("Europe/Rome", date(2027, 3, 28)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]


def person(zone="UTC", **fields):
    return User(zone=zone, **fields)


def at_home(user, day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=user.local_zone())


def first_moments(user, start, days):
    """Walk the span in small steps; return the first moment at which each day is due."""
    found, at = {}, start
    while at < start + timedelta(days=days):
        day = timing.day_of(user, at)
        if day:
            found.setdefault(day, at)
        at += STEP
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_by_default_it_comes_at_eight_and_never_at_midnight(zone):
    user, day = person(zone), date(2026, 11, 24)
    assert timing.day_of(user, at_home(user, day, 0)) is None
    assert timing.day_of(user, at_home(user, day, 7, 59)) is None
    assert timing.day_of(user, at_home(user, day, 8)) == day
    assert timing.day_of(user, at_home(user, day, 19, 59)) == day
    assert timing.day_of(user, at_home(user, day, 20)) is None


@pytest.mark.parametrize(("zone", "night"), NIGHTS)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 8])
def test_when_clocks_change_each_day_still_has_one_digest(zone, night, hour):
    user = person(zone, digest_hour=hour, quiet_from=21, quiet_until=21)
    start = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=3)
    found = first_moments(user, start, 6)
    days = sorted(found)
    assert len(days) >= 5
    assert all(b - a == timedelta(days=1) for a, b in zip(days, days[1:], strict=False))
    for day in days[1:]:
        local = found[day].astimezone(user.local_zone())
        assert local.date() == day
        # An hour that the jump skips is passed as soon as the clock has jumped.
        assert local.hour == hour or (day == night and local.hour == hour + 1)


@pytest.mark.parametrize(("zone", "night"), NIGHTS)
def test_when_clocks_change_the_quiet_hours_stay_quiet(zone, night):
    user = person(zone, digest_hour=2)
    start = datetime(night.year, night.month, night.day, tzinfo=UTC) - timedelta(days=2)
    for moment in first_moments(user, start, 4).values():
        assert 7 <= moment.astimezone(user.local_zone()).hour < 20


def test_an_hour_within_the_quiet_ones_gives_way_to_their_end():
    day = date(2026, 11, 24)
    for hour in (22, 3, 0):
        user = person(digest_hour=hour)
        assert timing.first_hour(user) == 7
        assert timing.day_of(user, at_home(user, day, 22)) is None
        assert timing.day_of(user, at_home(user, day, 7)) == day


def test_a_digest_of_the_week_comes_on_mondays():
    user, monday = person(digest="weekly"), date(2026, 11, 23)
    due = [timing.day_of(user, at_home(user, monday + timedelta(days=n), 9)) for n in range(-1, 8)]
    assert [day for day in due if day] == [monday, monday + timedelta(days=7)]


def test_who_wants_none_has_none():
    user = person(digest="none")
    assert timing.day_of(user, datetime(2026, 11, 24, 9, tzinfo=UTC)) is None


def test_a_day_is_over_with_its_own_midnight():
    user, day = person("Europe/Rome"), date(2026, 11, 24)
    assert not timing.is_over(user, day, at_home(user, day, 23, 59))
    assert timing.is_over(user, day, at_home(user, day + timedelta(days=1), 0))


@pytest.mark.parametrize(
    ("start", "end", "within"),
    [(20, 7, {20, 23, 0, 6}), (8, 12, {8, 11}), (0, 0, set()), (7, 7, set()), (0, 1, {0})],
)
def test_hours_between_two_hours(start, end, within):
    asked = {20, 23, 0, 6, 8, 11, 7, 12, 15}
    assert {hour for hour in asked if is_within(hour, start, end)} == within & asked
