"""Workers that die or run side by side: a link is looked at again, and never twice at once."""

import os
import signal
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection

from cases import indexing
from cases.checker import rounds
from cases.checker.visiting import Met
from cases.models import Check, Link, VisitedHost
from core import clock
from tests import factories
from tests.notices.delivery import workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
SITES = 12


@pytest.fixture
def links(people):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    factories.organisation(checker_on=True)
    telling = factories.platform("open", name="Open", status_is_telling=True)
    case, at = factories.case(people.advocate), clock.now()
    made = []
    for n in range(SITES):
        url = f"http://site{n}.example/page"
        index = indexing.domain_index(url)
        made.append(
            factories.link(case, url, platform=telling, domain_index=index, next_check_at=at)
        )
    factories.notice(case, *made, status="sent", sent_at=at - timedelta(minutes=1))
    return made


@pytest.fixture
def visits(tmp_path):
    """A visit leaves a line in a file that all processes share."""
    path = tmp_path / "visits"
    path.touch()

    def visit(url):
        with path.open("a") as file:
            file.write(url + "\n")
        return Met("200")

    visit.seen = lambda: path.read_text().split()
    return visit


def one_round(visit):
    return rounds.check_due(lambda: nullcontext(visit))


def everything_is_due_again():
    """Let the minutes pass: leases and the turns of sites are over."""
    past = clock.now() - timedelta(minutes=1)
    Link.objects.exclude(next_check_at=None).update(next_check_at=past)
    VisitedHost.objects.update(next_at=past)


def test_a_worker_killed_between_claim_and_visit_keeps_no_link_for_ever(links, visits):
    pid = workers.start(lambda: one_round(visits), "after_look_claim")
    assert workers.end(pid) == workers.KILLED
    assert (visits.seen(), Check.objects.count()) == ([], 0)
    held = Link.objects.filter(next_check_at__gt=clock.now() + timedelta(minutes=9))
    assert held.count() == 1
    assert workers.end(workers.start(lambda: one_round(visits))) == 0
    assert Check.objects.count() == SITES - 1
    everything_is_due_again()
    one_round(visits)
    assert set(Check.objects.values_list("link", flat=True)) == {link.pk for link in links}


def test_a_worker_killed_during_the_visit_loses_a_look_and_nothing_else(links, visits):
    def deadly(url):
        visits(url)
        os.kill(os.getpid(), signal.SIGKILL)

    assert workers.end(workers.start(lambda: one_round(deadly))) == workers.KILLED
    assert (len(visits.seen()), Check.objects.count()) == (1, 0)
    one_round(visits)
    assert len(set(visits.seen())) == len(visits.seen()) == SITES
    everything_is_due_again()
    one_round(visits)
    assert set(Check.objects.values_list("link", flat=True)) == {link.pk for link in links}


def test_workers_side_by_side_look_at_each_link_once(links, visits):
    codes = workers.together(*[lambda: one_round(visits)] * 4)
    assert codes == [0] * 4
    assert sorted(visits.seen()) == sorted(link.canonical for link in links)
    assert Check.objects.count() == SITES


def test_workers_side_by_side_ask_one_site_once(links, visits):
    Link.objects.update(domain_index=links[0].domain_index)
    codes = workers.together(*[lambda: one_round(visits)] * 4)
    assert codes == [0] * 4
    assert len(visits.seen()) == 1
