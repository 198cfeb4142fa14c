"""When nothing leaves although it should, every member of staff sees it on every page."""

import pytest
from django.urls import reverse

from core import clock
from notices import delivery as verbs

pytestmark = pytest.mark.django_db
WORDS = "Sending is delayed"


def page(client):
    return client.get(reverse("platforms:index")).content.decode()


def test_everybody_sees_that_sending_is_delayed(due, people, client, frozen):
    client.force_login(people.stranger)
    assert WORDS not in page(client)
    frozen.shift(minutes=2)
    assert WORDS in page(client)


def test_sending_that_was_stopped_on_purpose_says_that_instead(due, people, client, frozen):
    verbs.stop_sending(people.coordinator, clock.now())
    frozen.shift(minutes=2)
    client.force_login(people.advocate)
    shown = page(client)
    assert WORDS not in shown
    assert "stopped by Cleo Coordinator" in shown
