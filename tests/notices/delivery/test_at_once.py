"""Several workers that meet the same trouble in the same second, on a database that lets them."""

from functools import partial

import pytest
from django.db import connection

from accounts.models import Organisation
from cases.models import Task
from core import clock
from notices import bouncing
from notices.bouncing import Bounce
from notices.models import Delivery
from notices.sending import rounds, telling
from platforms.models import ChannelTrouble
from tests import factories
from tests.notices.delivery import outbox
from tests.notices.test_at_once import both

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


@pytest.fixture(autouse=True)
def really_at_once(transactional_db, people, sink):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    factories.organisation()


def test_a_person_is_asked_once_whether_a_mail_left():
    delivery = outbox.delivery()
    Delivery.objects.update(state="unconfirmed", handed_over_at=clock.now() - rounds.ASK_AFTER)
    for _round in range(ROUNDS):
        Task.objects.all().delete()
        both(*[rounds.reconcile_unconfirmed] * 3)
        assert Task.objects.filter(subject_id=delivery.notice_id).count() == 1


def test_that_our_server_refuses_all_mail_is_told_once():
    organisation = Organisation.current()
    for _round in range(ROUNDS):
        Task.objects.all().delete()
        both(*[lambda: telling.server_trouble(organisation, "auth", clock.now())] * 3)
        assert Task.objects.count() == 1


def test_two_kinds_of_trouble_with_one_channel_make_one_task():
    first, second = outbox.delivery(), outbox.delivery()
    bounces = [Bounce("bounced_no_such_address", "5.1.1"), Bounce("bounced_refused", "5.7.1")]
    left = Delivery.objects.select_related("notice__channel", "approval")
    for _round in range(ROUNDS):
        Task.objects.all().delete()
        ChannelTrouble.objects.all().delete()
        at = clock.now()
        Delivery.objects.update(state="sent", sent_at=at, handed_over_at=at, bounced_at=None)
        rows = [left.get(pk=one.pk) for one in (first, second)]
        pairs = zip(rows, bounces, strict=True)
        both(*[partial(bouncing.note, *pair, at) for pair in pairs])
        assert ChannelTrouble.objects.count() == 2
        assert Task.objects.filter(kind="channel_broken").count() == 1
