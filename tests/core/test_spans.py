"""Lengths of time in words."""

from datetime import UTC, datetime, timedelta

import pytest

from core import spans

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=5), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=71, minutes=59), "71 h"),
        (timedelta(hours=72), "3 d"),
        (timedelta(days=400), "400 d"),
        (-timedelta(hours=31), "31 h"),
    ],
)
def test_spans_are_rounded_down_to_whole_units(span: timedelta, words: str) -> None:
    assert spans.short(span) == words


@pytest.mark.parametrize(
    ("left", "family"),
    [
        (timedelta(hours=24, seconds=1), "wait"),
        (timedelta(hours=24), "soon"),
        (timedelta(0), "soon"),
        (-timedelta(seconds=1), "over"),
    ],
)
def test_the_colour_turns_a_day_before_and_when_it_is_over(left: timedelta, family: str) -> None:
    assert spans.chip(AT + left, AT).family == family


def test_the_elapsed_share_stays_between_nothing_and_all() -> None:
    due = AT + timedelta(hours=10)
    assert spans.chip(due, AT, AT - timedelta(hours=10)).elapsed == 50
    assert spans.chip(due, AT, AT + timedelta(hours=1)).elapsed == 0
    assert spans.chip(due, AT, None).elapsed == 0
    assert spans.chip(AT - timedelta(hours=1), AT, AT - timedelta(hours=2)).elapsed == 100


def test_one_is_written_as_one() -> None:
    assert spans.long(timedelta(hours=1)) == "1 hour"
    assert spans.long(timedelta(days=12)) == "12 days"
