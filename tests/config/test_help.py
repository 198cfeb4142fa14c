"""The help pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.help import TOPICS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def volunteer(client: Client, people: Any) -> Client:
    factories.organisation()
    client.force_login(people.volunteer)
    return client


def test_the_list_leads_to_every_page(volunteer: Client) -> None:
    html = volunteer.get(reverse("help")).content.decode()
    for slug in TOPICS:
        assert reverse("help_topic", args=[slug]) in html


@pytest.mark.parametrize("slug", TOPICS)
def test_every_page_opens_under_its_own_title(volunteer: Client, slug: str) -> None:
    response = volunteer.get(reverse("help_topic", args=[slug]))
    assert response.status_code == 200
    assert f"<h1>{TOPICS[slug]}</h1>" in response.content.decode()


def test_whom_to_ask_stands_on_every_page(volunteer: Client) -> None:
    for slug in TOPICS:
        html = volunteer.get(reverse("help_topic", args=[slug])).content.decode()
        assert "notices@harbour.example" in html


def test_an_unknown_page_is_not_there(volunteer: Client) -> None:
    assert volunteer.get(reverse("help_topic", args=["nothing"])).status_code == 404


def test_help_is_for_people_with_a_seat(client: Client, db: None) -> None:
    factories.organisation()
    assert client.get(reverse("help")).status_code == 302
