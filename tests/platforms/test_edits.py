"""Correcting a channel takes two people; the catalogue's own word stays beneath."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from audit.models import AuditEntry
from core.errors import RuleBroken
from platforms import edits
from platforms.models import Channel, ChannelEdit
from tests import factories

pytestmark = pytest.mark.usefixtures("catalogue")
URL = "/platforms/channels/x-dsa/edit/"


@pytest.fixture
def channel() -> Channel:
    return Channel.objects.get(key="x-dsa")


@pytest.fixture
def other() -> Any:
    return factories.user("Otto Other", Role.COORDINATOR)


def answers(**changes: str) -> dict[str, str]:
    return {
        "address": "https://x.example/dsa",
        "reason": "Menu of a post, 20 November",
        **changes,
    }


def proposed(channel: Channel, actor: Any, at: Any, **values: str) -> ChannelEdit:
    filled = {**edits.standing(channel), "address": "https://x.example/dsa", **values}
    return edits.propose(channel, actor, filled, "seen there", at)


def test_a_coordinator_proposes_and_nothing_changes_yet(
    people: Any, as_user: Any, channel: Channel
) -> None:
    response = as_user(people.coordinator).post(URL, answers(), follow=True)
    assert "Noted. It counts once somebody else has confirmed it." in response.content.decode()
    assert Channel.objects.get(key="x-dsa").current_address() == "to be confirmed"
    page = response.content.decode()
    assert "proposes a correction" in page
    assert "<ins>https://x.example/dsa</ins>" in page
    entry = AuditEntry.objects.get(verb="channel.edit_proposed")
    assert "address" in entry.details["fields"]


def test_the_form_shows_what_stands_there_now(people: Any, as_user: Any) -> None:
    page = as_user(people.coordinator).get("/platforms/channels/slack-integrity/edit/")
    assert 'value="integrity@slack.com"' in page.content.decode()


@pytest.mark.parametrize("role", ["advocate", "volunteer", "reviewer"])
def test_others_find_no_such_page(role: str, people: Any, as_user: Any, channel: Channel) -> None:
    client = as_user(getattr(people, role))
    assert client.get(URL).status_code == 404
    assert client.post(URL, answers()).status_code == 404
    assert not ChannelEdit.objects.exists()


def test_a_second_person_confirms_and_it_holds(
    people: Any, as_user: Any, other: Any, channel: Channel, frozen: Any
) -> None:
    edit = proposed(channel, people.coordinator, frozen.now)
    as_user(other).post(f"/platforms/edits/{edit.pk}/confirm/")
    assert Channel.objects.get(key="x-dsa").current_address() == "https://x.example/dsa"
    page = as_user(people.volunteer).get("/platforms/x/").content.decode()
    assert "https://x.example/dsa" in page
    assert "confirmed by Otto Other" in page
    assert AuditEntry.objects.filter(verb="channel.edit_confirmed").count() == 1


def test_nobody_confirms_her_own_edit(
    people: Any, as_user: Any, channel: Channel, frozen: Any
) -> None:
    edit = proposed(channel, people.coordinator, frozen.now)
    response = as_user(people.coordinator).post(f"/platforms/edits/{edit.pk}/confirm/", follow=True)
    assert "Somebody else has to confirm it." in response.content.decode()
    assert Channel.objects.get(key="x-dsa").current_address() == "to be confirmed"


def test_the_database_refuses_it_as_well(people: Any, channel: Channel, frozen: Any) -> None:
    edit = proposed(channel, people.coordinator, frozen.now)
    refused = pytest.raises(IntegrityError, match="channel_edit_needs_second_person")
    with refused, transaction.atomic():
        ChannelEdit.objects.filter(pk=edit.pk).update(
            confirmed_by=people.coordinator, confirmed_at=frozen.now
        )


def test_a_second_decision_finds_it_decided(
    people: Any, other: Any, channel: Channel, frozen: Any
) -> None:
    edit = proposed(channel, people.coordinator, frozen.now)
    copy = ChannelEdit.objects.get(pk=edit.pk)
    edits.discard(edit, people.coordinator, frozen.now)
    with pytest.raises(RuleBroken, match="already"):
        edits.confirm(copy, other, frozen.now)
    with pytest.raises(RuleBroken, match="already"):
        edits.discard(copy, other, frozen.now)


def test_a_discarded_edit_no_longer_holds(
    people: Any, as_user: Any, other: Any, channel: Channel, frozen: Any
) -> None:
    edit = proposed(channel, people.coordinator, frozen.now)
    edits.confirm(edit, other, frozen.now)
    as_user(people.administrator).post(f"/platforms/edits/{edit.pk}/discard/")
    assert Channel.objects.get(key="x-dsa").current_address() == "to be confirmed"


def test_a_later_edit_keeps_what_an_earlier_one_changed(
    people: Any, other: Any, channel: Channel, frozen: Any
) -> None:
    edits.confirm(proposed(channel, people.coordinator, frozen.now), other, frozen.now)
    frozen.shift(hours=1)
    channel = Channel.objects.get(key="x-dsa")
    later = proposed(channel, other, frozen.now, note="asks for reasons")
    edits.confirm(later, people.coordinator, frozen.now)
    channel = Channel.objects.get(key="x-dsa")
    assert channel.current_address() == "https://x.example/dsa"
    assert channel.current("note") == "asks for reasons"


def test_an_edit_without_a_difference_is_refused(
    people: Any, as_user: Any, channel: Channel
) -> None:
    same = {**edits.standing(channel), "reason": "looked"}
    response = as_user(people.coordinator).post(URL, same)
    assert response.status_code == 422
    assert "Nothing is different" in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://x.example/dsa",
        "javascript:alert(1)",
        "https://a@x.example/",
        "https://[x",
        "somewhere",
        "looked up for each link",
    ],
)
def test_a_form_needs_the_address_of_a_page(address: str, people: Any, as_user: Any) -> None:
    response = as_user(people.coordinator).post(URL, answers(address=address))
    assert response.status_code == 422
    assert "begins with https://" in response.content.decode()


def test_a_mail_channel_needs_a_mail_address(people: Any, as_user: Any) -> None:
    url = "/platforms/channels/slack-integrity/edit/"
    response = as_user(people.coordinator).post(url, answers(address="https://x.example"))
    assert response.status_code == 422


@pytest.mark.parametrize("name", ["address", "reason", "note", "rule"])
def test_enormous_input_gets_a_sentence_and_stays(name: str, people: Any, as_user: Any) -> None:
    response = as_user(people.coordinator).post(URL, answers(**{name: "https://x.example/" * 900}))
    assert response.status_code == 422
    assert "Shorten this to" in response.content.decode()


def test_foreign_script_is_kept_as_typed(people: Any, as_user: Any) -> None:
    as_user(people.coordinator).post(URL, answers(note="см. меню поста، انظر"))
    assert ChannelEdit.objects.get().changes["note"] == "см. меню поста، انظر"


@pytest.mark.parametrize("verb", ["confirm", "discard"])
def test_deciding_is_a_post(verb: str, people: Any, as_user: Any, frozen: Any) -> None:
    edit = proposed(Channel.objects.get(key="x-dsa"), people.coordinator, frozen.now)
    url = f"/platforms/edits/{edit.pk}/{verb}/"
    assert as_user(people.administrator).get(url).status_code == 405
    assert as_user(people.volunteer).post(url).status_code == 404
