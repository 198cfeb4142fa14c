"""How often the database is asked for one follow-up: a tick has ten thousand of them."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import keystore
from notices.reminding import making, plans

pytestmark = pytest.mark.django_db


@contextmanager
def at_most(most):
    with keystore.scope(), CaptureQueriesContext(connection) as asked:
        yield
    assert len(asked) <= most, "\n".join(query["sql"] for query in asked.captured_queries)


def test_planning_again_where_nothing_changed_costs_at_most_15_queries(chase):
    notice = chase.fresh()
    with at_most(15):
        plans.replan(notice, chase.frozen.now)


def test_planning_again_costs_the_same_after_many_messages(chase):
    for _ in range(5):
        chase.they_say("ack_human")
    notice = chase.fresh()
    with at_most(15):
        plans.replan(notice, chase.frozen.now)


def test_a_reminder_costs_at_most_39_queries(chase):
    chase.frozen.shift(days=4)
    notice = chase.fresh()
    with at_most(39):
        making.remind(notice, None, chase.frozen.now)
