"""Two people in the same second, on a database that lets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from core import keystore
from core.errors import RuleBroken
from notices import approving, editing, plan
from notices.models import Approval, Delivery, Notice
from tests import factories

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def really_at_once(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def both(*verbs: Callable[[], Any]) -> list[Any]:
    """Run the verbs at the same moment; a rule that says no is its answer."""
    start = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> Any:
        try:
            with keystore.scope():
                start.wait(10)
                return verb()
        except RuleBroken as no:
            return no
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(run, verbs))


def test_two_volunteers_who_press_at_once_get_one_draft_each(desk):
    other = factories.user("Vera Volunteer", "volunteer")
    for link in desk.links:
        desk.prepared(links=[link])
    for _round in range(3):
        Notice.objects.update(taken_by=None)
        got = both(
            lambda: editing.take_next(desk.people.volunteer, desk.at),
            lambda: editing.take_next(other, desk.at),
        )
        assert len({notice.pk for notice in got if notice}) == 2


def test_two_who_prepare_at_once_make_one_notice_for_a_link(desk):
    links = [link.pk for link in desk.links]
    selection = plan.Selection(desk.channel.platform, "us-tida-s3", desk.channel, links)
    both(
        lambda: plan.prepare(desk.case, [selection], desk.people.advocate, desk.at),
        lambda: plan.prepare(desk.case, [selection], desk.people.coordinator, desk.at),
    )
    assert Notice.objects.count() == 1


def test_an_approval_and_an_edit_at_once_leave_one_of_the_two(desk):
    notice = desk.in_review()
    copy = desk.again(notice)
    both(
        lambda: approving.approve(notice, desk.people.reviewer, desk.at),
        lambda: editing.save(
            copy, editing.Change(tone="firm"), desk.people.volunteer, copy.version, desk.at
        ),
    )
    now = desk.again(notice)
    standing = Approval.objects.filter(voided_at=None).count()
    held = Delivery.objects.filter(state="held").count()
    assert (now.status, now.tone, standing, held) in {
        ("approved", "standard", 1, 1),
        ("drafted", "firm", 0, 0),
    }
