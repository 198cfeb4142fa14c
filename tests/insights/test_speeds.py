"""The ground picker is told what was measured here, and how many links stand behind it."""

from datetime import timedelta

import pytest

from core import clock
from notices.speeds import speeds_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_measured_median_of_each_ground_reaches_the_ground_picker(people, frozen):
    at = clock.now()
    case = factories.case(people.advocate)
    for number, hours in enumerate((10, 30, 30, 30, 50)):
        sent_at = at - timedelta(days=20)
        notice = factories.notice(case, sent_at=sent_at)
        link = factories.link(case, f"https://x.com/i/status/{number}")
        factories.outcome(notice, link, first_seen_gone_at=sent_at + timedelta(hours=hours))
    found = speeds_of("x", at)["us-tida-s3"]
    assert (found.median_hours, found.n) == (30, 5)
    assert speeds_of("telegram", at) == {}
