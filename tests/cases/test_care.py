"""When a pause is suggested. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.care import suggests_pause

T = datetime(2026, 11, 21, 12, tzinfo=UTC)


def minutes(*each):
    return [T + timedelta(minutes=n) for n in each]


@pytest.mark.parametrize(
    ("opened", "now", "suggests"),
    [
        ([], 0, False),
        (minutes(*range(9)), 9, False),
        (minutes(*range(10)), 10, True),
        (minutes(*range(10)), 24, False),
        (minutes(0, 10, 20, 30, 44), 45, True),
        (minutes(0, 10, 20, 30), 44, False),
        (minutes(*range(8), 23, 24), 25, False),
        (minutes(0, 16, 32, 48), 49, False),
    ],
)
def test_ten_pages_or_forty_five_minutes_without_a_pause(opened, now, suggests):
    assert suggests_pause(opened, T + timedelta(minutes=now)) is suggests
