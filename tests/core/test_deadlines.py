from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import deadlines
from core.deadlines import Span, Window

UTC_ZONE = ZoneInfo("UTC")


def local(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "zone", "hours", "end"),
    [
        ("2026-10-31T12:00", "America/New_York", 48, "2026-11-02T11:00"),
        ("2026-10-24T09:00", "Europe/Brussels", 48, "2026-10-26T08:00"),
        ("2026-03-28T12:00", "Europe/Rome", 48, "2026-03-30T13:00"),
        ("2026-10-24T12:00", "Europe/Rome", 48, "2026-10-26T11:00"),
        ("2026-03-07T12:00", "America/New_York", 24, "2026-03-08T13:00"),
        # Lord Howe moves its clocks by half an hour only.
        ("2026-04-04T12:00", "Australia/Lord_Howe", 24, "2026-04-05T11:30"),
        ("2026-10-03T12:00", "Australia/Lord_Howe", 24, "2026-10-04T12:30"),
    ],
)
def test_hours_are_real_hours_across_a_change_of_clocks(start, zone, hours, end):
    assert deadlines.elapsed_hours(local(start, zone), hours) == local(end, zone)


def test_the_hour_that_happens_twice_is_told_apart():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Rome"))
    second = first.replace(fold=1)
    assert deadlines.elapsed_hours(second, 1) - deadlines.elapsed_hours(first, 1) == timedelta(
        hours=1
    )


def test_an_answer_in_hours_is_in_utc():
    assert deadlines.elapsed_hours(local("2026-07-01T00:00", "Europe/Rome"), 1).tzinfo is UTC


@pytest.mark.parametrize(
    ("received", "count", "earliest", "latest"),
    [
        ("2026-11-02", 10, "2026-11-16", "2026-11-17"),
        ("2026-11-02", 14, "2026-11-20", "2026-11-23"),
        ("2026-11-20", 10, "2026-12-04", "2026-12-07"),
        ("2026-11-20", 14, "2026-12-10", "2026-12-11"),
        ("2026-12-18", 10, "2027-01-01", "2027-01-05"),
        ("2026-12-18", 14, "2027-01-07", "2027-01-11"),
    ],
)
def test_us_business_days_give_both_readings(received, count, earliest, latest):
    window = deadlines.us_business_days(date.fromisoformat(received), count)
    assert window == Window(date.fromisoformat(earliest), date.fromisoformat(latest))


def test_business_days_of_the_card_rule_leave_thanksgiving_out():
    assert deadlines.business_days(date(2026, 11, 20), 7, "US") == date(2026, 12, 2)


def test_business_days_of_a_belgian_calendar_leave_armistice_day_out():
    assert deadlines.business_days(date(2026, 11, 10), 1, "BE") == date(2026, 11, 12)


def test_a_province_has_its_own_holidays():
    # Family Day, the third Monday of February, is kept in British Columbia, not in all of Canada.
    assert not deadlines.is_working_day(date(2026, 2, 16), "CA-BC")
    assert deadlines.is_working_day(date(2026, 2, 16), "CA")


def test_an_unknown_country_has_weekends_only():
    assert deadlines.next_working_day(date(2026, 12, 25), "XX") == date(2026, 12, 25)
    assert deadlines.next_working_day(date(2026, 12, 26), "XX") == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("start", "count", "roll", "end"),
    [
        ("2026-11-21", 1, "BE", "2026-12-21"),
        ("2026-08-31", 1, "BE", "2026-09-30"),
        ("2027-01-31", 1, "BE", "2027-03-01"),
        ("2026-11-21", 6, None, "2027-05-21"),
        ("2026-08-31", 6, None, "2027-02-28"),
        ("2026-11-25", 1, "BE", "2026-12-28"),
        ("2026-12-31", 14, None, "2028-02-29"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one_and_roll_only_when_told(
    start, count, roll, end
):
    day = deadlines.months(date.fromisoformat(start), count, roll_calendar=roll)
    assert day == date.fromisoformat(end)


def test_ninety_days_and_their_extension():
    span = Span(90, "calendar_days", extendable_by=90)
    start = date(2026, 11, 21)
    assert deadlines.last_days(start, span).latest == date(2027, 2, 19)
    longer = deadlines.extended(span)
    assert longer is not None
    assert deadlines.last_days(start, longer).latest == date(2027, 5, 20)


def test_what_the_law_does_not_extend_has_no_extension():
    assert deadlines.extended(Span(48, "elapsed_hours")) is None


def test_an_extended_month_keeps_its_roll():
    span = Span(1, "months", extendable_by=2, roll="next_working_day", roll_calendar="BE")
    longer = deadlines.extended(span)
    assert longer is not None
    # 28 February 2027 is a Sunday.
    assert deadlines.last_days(date(2026, 11, 28), longer).latest == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        ("2026-11-21", "Europe/Rome", "2026-11-21T23:00"),
        ("2026-10-25", "Europe/Rome", "2026-10-25T23:00"),
        ("2026-10-24", "Europe/Rome", "2026-10-24T22:00"),
        ("2026-11-01", "America/New_York", "2026-11-02T05:00"),
        ("2026-04-04", "Australia/Lord_Howe", "2026-04-04T13:00"),
        ("2026-04-05", "Australia/Lord_Howe", "2026-04-05T13:30"),
        # Cairo skips midnight: the day after begins at one o'clock.
        ("2026-04-23", "Africa/Cairo", "2026-04-23T22:00"),
    ],
)
def test_a_day_ends_when_the_next_one_begins_there(day, zone, end):
    moment = deadlines.end_of_day(date.fromisoformat(day), ZoneInfo(zone))
    assert moment == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_days_belong_to_the_named_zone():
    late_evening = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    span = Span(7, "calendar_days")
    rome = deadlines.due_at(late_evening, span, ZoneInfo("Europe/Rome"))
    new_york = deadlines.due_at(late_evening, span, ZoneInfo("America/New_York"))
    assert rome == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert new_york == datetime(2026, 11, 29, 5, tzinfo=UTC)


def test_a_span_in_hours_is_due_to_the_second():
    start = datetime(2026, 11, 21, 10, 0, 7, tzinfo=UTC)
    assert deadlines.due_at(start, Span(48, "elapsed_hours"), UTC_ZONE) == datetime(
        2026, 11, 23, 10, 0, 7, tzinfo=UTC
    )


def test_a_moment_without_a_zone_is_refused():
    naive = datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None)
    for call in (
        lambda: deadlines.elapsed_hours(naive, 1),
        lambda: deadlines.day_in(naive, UTC_ZONE),
        lambda: deadlines.due_at(naive, Span(1, "months"), UTC_ZONE),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            call()


def test_a_span_of_an_unknown_unit_or_without_its_calendar_is_refused():
    with pytest.raises(ValueError, match="unknown unit"):
        Span(2, "weeks")
    with pytest.raises(ValueError, match="calendar"):
        Span(2, "business_days")
    with pytest.raises(ValueError, match="no last day"):
        deadlines.last_days(date(2026, 1, 1), Span(2, "elapsed_hours"))


days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(days, st.integers(1, 40))
def test_business_days_never_end_on_a_day_off_and_latest_is_never_earlier(start, count):
    window = deadlines.us_business_days(start, count)
    assert window.earliest <= window.latest
    assert window.earliest.weekday() < 5
    assert deadlines.is_working_day(window.latest, "US")


@given(days, st.integers(0, 60))
def test_months_never_jump_over_a_month(start, count):
    end = deadlines.months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count


@given(days, st.integers(0, 86_399), st.integers(0, 2000))
def test_hours_never_depend_on_the_zone_they_are_told_in(day, second, hours):
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    for zone in ("Europe/Rome", "America/New_York", "Australia/Lord_Howe"):
        shown = start.astimezone(ZoneInfo(zone))
        assert deadlines.elapsed_hours(shown, hours) - start == timedelta(hours=hours)
