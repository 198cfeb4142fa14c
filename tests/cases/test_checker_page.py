"""The checker's switch, and how often it looks at a platform."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Organisation
from audit.models import AuditEntry
from cases.checker import switching
from cases.models import Link
from core.errors import WrongState
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/settings/checks/"


@pytest.fixture
def organisation(people, frozen):
    return factories.organisation()


def is_on():
    return Organisation.objects.get().checker_on


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_it_is_off_until_somebody_who_read_the_risk_switches_it_on(people, organisation, who):
    client = signed_in(people.of_role(who))
    page = client.get(PAGE).content.decode()
    assert "Switched off" in page
    assert "can see that this address of the internet asked" in page
    client.post(PAGE, {"on": "yes"})
    assert is_on()
    assert "Switched on" in client.get(PAGE).content.decode()
    client.post(PAGE, {"on": "no"})
    assert not is_on()
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["checker.switched_on", "checker.switched_off"]


@pytest.mark.parametrize("who", ["advocate", "volunteer", "reviewer"])
def test_nobody_else_switches_it(people, organisation, who):
    assert signed_in(people.of_role(who)).post(PAGE, {"on": "yes"}).status_code == 404
    assert not is_on()


def test_it_stays_off_in_a_demo(people, organisation):
    Organisation.objects.update(is_demo=True)
    answer = signed_in(people.coordinator).post(PAGE, {"on": "yes"}, follow=True)
    assert "nothing leaves it" in answer.content.decode()
    assert not is_on()


def test_two_people_switch_it_once(people, organisation, frozen):
    copy = Organisation.objects.get()
    switching.switch(organisation, people.coordinator, frozen.now, on=True)
    with pytest.raises(WrongState):
        switching.switch(copy, people.administrator, frozen.now, on=True)


def test_a_new_interval_moves_the_looks_that_are_planned(people, organisation, frozen):
    platform = factories.platform()
    case = factories.case(people.advocate)
    link = factories.link(case, next_check_at=frozen.now + timedelta(hours=6))
    factories.notice(case, link, status="sent", sent_at=frozen.now)
    link.checks.create(at=frozen.now, result="unclear", by_machine=True)
    client = signed_in(people.coordinator)
    assert 'name="hours"' in client.get(platform.get_absolute_url()).content.decode()
    client.post(reverse("cases:check_interval", args=["x"]), {"hours": "24"})
    platform.refresh_from_db()
    assert platform.check_hours == 24
    assert Link.objects.get().next_check_at == frozen.now + timedelta(hours=24)


@pytest.mark.parametrize("hours", ["0", "169", "-1", "", "x", "1e3", "9" * 30])
def test_an_interval_is_between_an_hour_and_a_week(people, organisation, hours):
    platform = factories.platform()
    client = signed_in(people.coordinator)
    url = reverse("cases:check_interval", args=["x"])
    answer = client.post(url, {"hours": hours}, follow=True)
    assert answer.status_code == 200
    platform.refresh_from_db()
    assert platform.check_hours == 6


def test_whoever_may_not_change_it_reads_it(people, organisation):
    page = signed_in(people.volunteer).get(factories.platform().get_absolute_url())
    assert "Automatic looks" in page.content.decode()
    assert 'name="hours"' not in page.content.decode()


def test_what_was_sent_before_is_planned_when_it_is_switched_on(people, organisation, frozen):
    case = factories.case(people.advocate)
    links = [factories.link(case, f"https://x.com/i/status/{n}") for n in range(4)]
    at = frozen.now - timedelta(days=100)
    sent = factories.notice(case, status="sent", sent_at=at)
    factories.outcome(sent, links[0])
    factories.outcome(sent, links[1], first_seen_gone_at=at + timedelta(days=30))
    factories.outcome(sent, links[2], first_seen_gone_at=at + timedelta(days=1))
    switching.switch(organisation, people.coordinator, frozen.now, on=True)
    planned = list(Link.objects.order_by("number").values_list("next_check_at", flat=True))
    assert planned == [frozen.now, frozen.now, None, None]
