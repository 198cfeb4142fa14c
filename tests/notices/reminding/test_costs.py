"""How often the database is asked for one follow-up: a tick has ten thousand of them."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import keystore
from notices.reminding import making, plans
from tests import factories

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


def test_an_unread_reply_costs_at_most_2_queries_before_anything_is_due(chase):
    chase.they_write()
    notice = chase.fresh()
    with at_most(2):
        plans.block(notice, chase.frozen.now)
    assert chase.pending().state == "planned"


def test_an_unread_reply_blocks_what_is_due_already(chase):
    chase.frozen.shift(days=4)
    factories.reply(chase.notice)
    plans.block(chase.notice, chase.frozen.now)
    assert chase.pending().state == "blocked"


def test_an_unread_reply_calls_back_what_waits_in_the_outbox(chase):
    chase.frozen.shift(days=4)
    chase.tick()
    factories.reply(chase.notice)
    plans.block(chase.notice, chase.frozen.now)
    assert chase.mails() == []
