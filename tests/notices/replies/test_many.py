"""Ticked replies at once: a result for each, a hundred at most, nothing of somebody else's."""

import pytest

from notices.models import Message
from tests import factories
from tests.notices.replies.mails import fresh, receipt


@pytest.fixture
def mixed(sent, attached):
    return [receipt(sent), receipt(sent, reading={"tickets": ["T-9"]}), attached]


def ticked(messages):
    return {"message": [str(message.pk) for message in messages], "tab": "to_file"}


def test_receipts_are_filed_and_the_rest_is_told_why_not(client, desk, mixed):
    client.force_login(desk.people.volunteer)
    page = client.post("/replies/many/", {**ticked(mixed), "do": "receipts"}).content.decode()
    assert "2 of 3 done." in page
    assert "No automatic receipt is read in it." in page
    assert [fresh(one).answer for one in mixed] == ["ack_auto", "ack_auto", ""]
    assert f"/replies/{mixed[0].pk}/unfile/" in page


def test_a_link_ticks_the_receipts_of_the_page(client, desk, mixed):
    client.force_login(desk.people.volunteer)
    assert client.get("/replies/").content.decode().count(" checked") == 0
    assert client.get("/replies/?tab=to_file&tick=receipts").content.decode().count(" checked") == 2


def test_many_are_set_aside_with_an_undo_each(client, desk, mixed):
    client.force_login(desk.people.volunteer)
    page = client.post("/replies/many/", {**ticked(mixed), "do": "aside"}).content.decode()
    assert "3 of 3 done." in page
    assert Message.objects.exclude(set_aside_at=None).count() == 3
    assert f"/replies/{mixed[0].pk}/bring-back/" in page


def test_what_another_person_decided_meanwhile_stops_nobody(client, desk, mixed):
    Message.objects.filter(pk=mixed[0].pk).update(set_aside_at=desk.at)
    client.force_login(desk.people.volunteer)
    page = client.post("/replies/many/", {**ticked(mixed), "do": "receipts"}).content.decode()
    assert "1 of 3 done." in page


@pytest.mark.parametrize("do", ["receipts", "aside"])
def test_nothing_of_another_team_is_touched(client, desk, mixed, do):
    client.force_login(factories.user("Vera Volunteer", "volunteer"))
    page = client.post("/replies/many/", {**ticked(mixed), "do": do}).content.decode()
    assert "0 of 0 done." in page
    assert not Message.objects.exclude(filed_at=None, set_aside_at=None).exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"do": "receipts"}, "Tick at least one"),
        ({"do": "erase", "message": ["x"]}, "Tick at least one"),
        ({"do": "aside", "message": ["not an id"]}, "Tick at least one"),
        (
            {"do": "aside", "message": [f"00000000-0000-0000-0000-{n:012}" for n in range(101)]},
            "at most 100",
        ),
    ],
)
def test_a_press_without_sense_gets_a_sentence(client, desk, data, says):
    client.force_login(desk.people.volunteer)
    assert says in client.post("/replies/many/", data).content.decode()
