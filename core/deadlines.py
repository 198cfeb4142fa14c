"""Calendar arithmetic for deadlines: values in, values out, no clock and no database.

Hours are added in UTC; every other unit counts whole days, and days belong to a named zone.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

ELAPSED_HOURS = "elapsed_hours"
UNITS = (ELAPSED_HOURS, "us_business_days", "business_days", "calendar_days", "months")
ROLLS = (None, "next_working_day")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a law or a page states it; `extendable_by` has the same unit."""

    value: int
    unit: str
    calendar: str | None = None
    extendable_by: int = 0
    roll: str | None = None
    roll_calendar: str | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.roll not in ROLLS:
            raise ValueError(f"unknown unit or roll: {self.unit}, {self.roll}")
        if self.unit == "business_days" and self.calendar is None:
            raise ValueError("business_days need a calendar")


@dataclass(frozen=True, slots=True)
class Window:
    """The last day of a span: `earliest` and `latest` differ only where the term is undefined."""

    earliest: date
    latest: date


def elapsed_hours(start: datetime, hours: int) -> datetime:
    """Return the moment `hours` of real time later, in UTC, across any change of clocks."""
    _refuse_naive(start)
    return start.astimezone(UTC) + timedelta(hours=hours)


def calendar_days(start: date, days: int) -> date:
    return start + timedelta(days=days)


def months(start: date, count: int, *, roll_calendar: str | None = None) -> date:
    """Return the same day `count` months later, or that month's last day.

    With `roll_calendar` (a country) a Saturday, Sunday or holiday moves to the next working day.
    """
    ahead = start.month - 1 + count
    year, month = start.year + ahead // 12, ahead % 12 + 1
    day = date(year, month, min(start.day, monthrange(year, month)[1]))
    return next_working_day(day, roll_calendar) if roll_calendar else day


def business_days(start: date, days: int, calendar: str | None) -> date:
    """Return the `days`-th Monday-to-Friday after `start` that is no holiday of `calendar`.

    The day after `start` is day 1; None as calendar leaves no holiday out.
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, calendar)
    return day


def us_business_days(start: date, days: int) -> Window:
    """Count as 17 U.S.C. 512(g) does, which leaves "business day" undefined.

    `earliest` counts every weekday, `latest` leaves the federal holidays out.
    """
    return Window(business_days(start, days, None), business_days(start, days, "US"))


def next_working_day(day: date, calendar: str | None) -> date:
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def is_working_day(day: date, calendar: str | None) -> bool:
    return day.weekday() < SATURDAY and day not in _holidays(calendar, day.year)


def last_days(start: date, span: Span) -> Window:
    """Return the last day of a span counted in days or months, without its extension."""
    if span.unit == "us_business_days":
        return us_business_days(start, span.value)
    if span.unit == "business_days":
        return _sure(business_days(start, span.value, span.calendar))
    if span.unit == "calendar_days":
        return _sure(_rolled(calendar_days(start, span.value), span))
    if span.unit == "months":
        return _sure(_rolled(months(start, span.value), span))
    raise ValueError("hours have no last day")


def extended(span: Span) -> Span | None:
    """Return the span with its extension used, or None where the law allows none."""
    if not span.extendable_by:
        return None
    total = span.value + span.extendable_by
    return Span(total, span.unit, span.calendar, 0, span.roll, span.roll_calendar)


def due_at(start: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) at which the span is over, the later reading where two exist.

    Hours end to the second; days end when the last of them does in `zone`.
    """
    _refuse_naive(start)
    if span.unit == ELAPSED_HOURS:
        return elapsed_hours(start, span.value)
    return end_of_day(last_days(day_in(start, zone), span).latest, zone)


def day_in(moment: datetime, zone: ZoneInfo) -> date:
    _refuse_naive(moment)
    return moment.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) when the next local day begins, even where midnight is skipped."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return midnight.astimezone(UTC)


def _rolled(day: date, span: Span) -> date:
    return next_working_day(day, span.roll_calendar) if span.roll else day


def _sure(day: date) -> Window:
    return Window(day, day)


def _refuse_naive(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")


@cache
def _holidays(calendar: str | None, year: int) -> frozenset[date]:
    """Return the public holidays of a country (`US`) or part of one (`CA-BC`) in a year.

    A country that the calendar does not know has weekends only.
    """
    country, _, part = (calendar or "").partition("-")
    if country not in holidays.list_supported_countries():
        return frozenset()
    days: Iterable[date] = holidays.country_holidays(country, subdiv=part or None, years=year)
    return frozenset(days)
