"""An address that does not take our mail: shown, cleared by a person or by a correction."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.errors import WrongState
from platforms import edits, troubles
from platforms.models import Channel, ChannelTrouble, TroubleKind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(people: Any, frozen: Any) -> Channel:
    factories.organisation()
    made = factories.channel()
    troubles.note(made, TroubleKind.NO_SUCH_ADDRESS, "removal@x.example", "5.1.1", frozen.now)
    return made


def page(client: Client, channel: Channel) -> str:
    return client.get(channel.platform.get_absolute_url()).content.decode()


def test_the_platform_page_says_what_is_wrong_to_everybody(client, people, channel):
    client.force_login(people.volunteer)
    shown = page(client, channel)
    assert "The address does not exist" in shown
    assert "5.1.1" in shown
    assert "clear this" not in shown
    assert "Mail comes back" in client.get(reverse("platforms:index")).content.decode()


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_coordinators_and_administrators_clear_it(client, people, channel, frozen, role):
    client.force_login(people.of_role(role))
    assert "clear this" in page(client, channel)
    trouble = ChannelTrouble.objects.get()
    client.post(reverse("platforms:clear_trouble", args=[trouble.pk]))
    trouble.refresh_from_db()
    assert (trouble.cleared_at, trouble.cleared_by) == (frozen.now, people.of_role(role))
    assert "The address does not exist" not in page(client, channel)


def test_it_is_noted_once_while_it_is_open(channel, frozen, people):
    note = ("removal@x.example", "5.1.1", frozen.now)
    assert not troubles.note(channel, TroubleKind.NO_SUCH_ADDRESS, *note)
    troubles.clear(ChannelTrouble.objects.get(), people.coordinator, frozen.now)
    assert troubles.note(channel, TroubleKind.NO_SUCH_ADDRESS, *note)
    assert ChannelTrouble.objects.count() == 2


def test_who_comes_second_is_told_that_it_is_cleared(channel, frozen, people):
    trouble = ChannelTrouble.objects.get()
    troubles.clear(trouble, people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        troubles.clear(trouble, people.administrator, frozen.now)


def corrected(channel, people, at, **values):
    given = {**edits.standing(channel), **values}
    edit = edits.propose(channel, people.coordinator, given, "seen on their page", at)
    edits.confirm(edit, people.administrator, at)


def test_a_confirmed_correction_of_the_address_clears_it(channel, people, frozen):
    corrected(channel, people, frozen.now, address="legal@x.example")
    assert ChannelTrouble.objects.get().cleared_by == people.administrator


def test_a_correction_of_something_else_leaves_it(channel, people, frozen):
    corrected(channel, people, frozen.now, note="closed on Sundays")
    assert ChannelTrouble.objects.get().cleared_at is None


def test_a_proposal_that_nobody_confirmed_leaves_it(channel, people, frozen):
    given = {**edits.standing(channel), "address": "legal@x.example"}
    edits.propose(channel, people.coordinator, given, "heard of it", frozen.now)
    assert ChannelTrouble.objects.get().cleared_at is None
