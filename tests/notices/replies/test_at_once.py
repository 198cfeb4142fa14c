"""Two people at one reply in the same second, on a database that lets them."""

from functools import partial

import pytest
from django.db import connection

from core.errors import RuleBroken
from notices import replies
from notices.models import Message
from tests import factories
from tests.notices.replies.mails import fresh
from tests.notices.test_at_once import both

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def really_at_once(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def refused(answers):
    return sum(isinstance(one, RuleBroken) for one in answers)


def test_two_notices_for_one_reply_and_one_of_them_gets_it(desk, sent, frozen):
    other = desk.sent(links=[factories.link(desk.case, "https://x.com/i/status/7")])
    for _round in range(5):
        message = factories.reply()
        by = desk.people.coordinator
        answers = both(
            partial(replies.match, fresh(message), sent, by, frozen.now),
            partial(replies.match, fresh(message), other, by, frozen.now),
        )
        assert refused(answers) == 1
        assert fresh(message).text == "We looked at it."


def test_one_form_that_is_posted_twice_is_one_reply(desk, sent, frozen):
    by = desk.people.coordinator
    for notice in (sent, None):
        given = {"text": "Hello", "received_at": frozen.now, "form": str(notice)}
        press = partial(replies.receive, notice, by, frozen.now, **given)
        first, second = both(press, press)
        assert first.pk == second.pk
    assert Message.objects.count() == 2


def test_filed_and_set_aside_and_detached_at_once_only_one_happens(desk, sent, frozen):
    by = desk.people.coordinator
    for _round in range(5):
        message = factories.reply(
            sent, key_id=sent.ensure_key(), matched_at=frozen.now, matched_by_machine=True
        )
        answers = both(
            partial(replies.file, fresh(message), "ack_auto", by, frozen.now),
            partial(replies.set_aside, fresh(message), by, frozen.now),
            partial(replies.detach, fresh(message), by, frozen.now),
        )
        after = fresh(message)
        happened = [after.filed_at, after.set_aside_at, None if after.notice_id else "detached"]
        assert sum(bool(one) for one in happened) == len(answers) - refused(answers) >= 1
        assert not (after.filed_at and after.set_aside_at)
        assert not (after.filed_at and not after.notice_id)
        assert after.text == "We looked at it."


def test_one_reply_is_filed_once(desk, sent, frozen):
    message = factories.reply(sent)
    answers = both(
        *(
            partial(replies.file, fresh(message), code, desk.people.coordinator, frozen.now)
            for code in ("ack_auto", "removed", "unrelated")
        )
    )
    assert refused(answers) == 2
    assert Message.objects.exclude(filed_at=None).count() == 1
