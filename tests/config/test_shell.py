"""The frame: who sees which places, what waits there, and the neutral title."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import shell
from core.shell import Badge
from tests import factories

pytestmark = pytest.mark.django_db


def places(client: Client, user: User) -> list[str]:
    factories.organisation()
    client.force_login(user)
    items = client.get(reverse("help")).context["nav"]["all"]
    return [item.place.name for item in items]


def test_a_volunteer_is_not_led_to_cases(client: Client, people: Any) -> None:
    seen = places(client, people.volunteer)
    assert "notices" in seen
    assert not {"cases", "settings", "communities"} & set(seen)


def test_only_the_administrator_is_led_to_settings(client: Client, people: Any) -> None:
    assert "settings" in places(client, people.administrator)
    assert "settings" not in places(client, people.coordinator)


def test_the_bottom_bar_holds_four_places_and_more_the_rest(client: Client, people: Any) -> None:
    factories.organisation()
    client.force_login(people.coordinator)
    nav = client.get(reverse("help")).context["nav"]
    assert [item.place.name for item in nav["bar"]] == ["today", "cases", "notices", "replies"]
    assert nav["bar"] + nav["more"] == nav["all"]


def test_a_place_says_what_waits_there(
    client: Client, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(person: User, at: datetime) -> Badge:
        return Badge("7 overdue", is_late=True)

    monkeypatch.setitem(shell._badges, "notices", late)
    factories.organisation()
    client.force_login(people.coordinator)
    html = client.get(reverse("help")).content.decode()
    assert '<span class="badge-count badge-count-over">7 overdue</span>' in html


def test_the_page_stands_in_the_chosen_theme(client: Client, people: Any) -> None:
    factories.organisation()
    User.objects.filter(pk=people.advocate.pk).update(theme="dark")
    client.force_login(people.advocate)
    assert b'data-bs-theme="dark"' in client.get(reverse("help")).content


def test_everybody_reads_that_sending_is_stopped(client: Client, people: Any, frozen: Any) -> None:
    factories.organisation(sending_stopped_at=frozen.now, sending_stopped_by="Cleo Coordinator")
    client.force_login(people.volunteer)
    html = client.get(reverse("help")).content.decode()
    assert "Sending is stopped by Cleo Coordinator." in html


def test_no_page_holds_a_style_or_a_script_of_its_own(client: Client, people: Any) -> None:
    factories.organisation()
    client.force_login(people.coordinator)
    html = client.get(reverse("help")).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert html.count("<script") == html.count("<script src=")


def test_a_page_about_a_version_of_its_own_leaves_the_footer_alone(
    client: Client, people: Any
) -> None:
    factories.organisation()
    client.force_login(people.coordinator)
    html = client.get(reverse("platforms:index")).content.decode()
    assert "<p>Recourse 0.1.0</p>" in html
