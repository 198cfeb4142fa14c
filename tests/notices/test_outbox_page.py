"""What waits to leave, and what a person decides about it."""

from datetime import timedelta

import pytest

from accounts.models import Organisation
from notices.models import Delivery
from tests import factories


def shown(client, who):
    client.force_login(who)
    return client.get("/outbox/").content.decode()


def test_a_held_mail_says_when_it_leaves_and_can_be_undone(desk, client):
    notice = desk.approved()
    page = shown(client, desk.people.volunteer)
    assert notice.code in page
    assert "leaves at" in page
    assert f"/notices/{notice.code}/undo/" in page


def test_nothing_waits(desk, client):
    assert "Nothing is waiting to leave." in shown(client, desk.people.coordinator)


def test_a_failed_mail_says_why_and_what_to_do(desk, client):
    desk.approved()
    Delivery.objects.update(state="failed", last_code="550", last_reason="mailbox unknown")
    page = shown(client, desk.people.advocate)
    assert "550 mailbox unknown" in page
    assert "Choose another address" in page
    assert "/again/" in page and "/left/" not in page


def test_an_unconfirmed_mail_waits_for_one_of_two_decisions(desk, client):
    notice = desk.approved()
    Delivery.objects.update(state="unconfirmed", handed_over_at=desk.at)
    row = Delivery.objects.get()
    page = shown(client, desk.people.advocate)
    assert f"/outbox/{row.pk}/left/" in page
    assert f"/outbox/{row.pk}/again/" in page
    client.post(f"/outbox/{row.pk}/left/")
    assert desk.again(notice).status == "sent"
    assert desk.again(notice).sent_at == desk.at
    assert "Nothing is waiting" in shown(client, desk.people.advocate)


@pytest.mark.parametrize("role", ["volunteer", "reviewer", "stranger", "administrator"])
def test_nobody_else_decides(desk, client, role):
    notice = desk.approved()
    Delivery.objects.update(state="unconfirmed", handed_over_at=desk.at)
    row = Delivery.objects.get()
    client.force_login(desk.people.of_role(role))
    assert client.post(f"/outbox/{row.pk}/left/").status_code == 404
    assert client.post(f"/outbox/{row.pk}/again/").status_code == 404
    assert desk.again(notice).status == "approved"


def test_late_mail_raises_the_alarm(desk, client, frozen):
    desk.approved()
    frozen.shift(minutes=4)
    assert "Sending is delayed" in shown(client, desk.people.coordinator)


def test_the_stop_switch_stops_and_says_who(desk, client):
    desk.approved()
    client.force_login(desk.people.coordinator)
    page = client.post("/outbox/stop/", follow=True).content.decode()
    assert "Sending is stopped by Cleo Coordinator" in page
    assert Organisation.objects.get().sending_stopped_at == desk.at
    page = client.post("/outbox/resume/", follow=True).content.decode()
    assert "Sending goes on." in page
    client.force_login(desk.people.volunteer)
    assert client.post("/outbox/stop/").status_code == 404


def test_a_stranger_sees_nothing_of_it(desk, client):
    notice = desk.approved()
    assert notice.code not in shown(client, desk.people.stranger)
    other = factories.user("Vera Volunteer", "volunteer")
    assert notice.code not in shown(client, other)


def test_the_page_costs_the_same_for_many(desk, client, django_assert_max_num_queries):
    for n in range(5):
        desk.approved(links=[factories.link(desk.case, f"https://x.com/i/status/6{n}")])
    Delivery.objects.update(due_at=desk.at + timedelta(seconds=30))
    client.force_login(desk.people.coordinator)
    with django_assert_max_num_queries(25):
        client.get("/outbox/")
