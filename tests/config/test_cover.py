"""Hide screen: a minute for Enter, then the password, and no way round it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Draft
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def covered(client: Client, people: Any, frozen: Any) -> Client:
    factories.organisation()
    client.force_login(people.advocate)
    assert client.post(reverse("cover")).status_code == 204
    return client


def test_within_a_minute_pages_open_covered(covered: Client) -> None:
    response = covered.get(reverse("help"))
    assert response.status_code == 200
    assert b"data-hide-now" in response.content


def test_within_a_minute_asking_is_enough(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=60)
    assert covered.post(reverse("uncover")).status_code == 204
    assert b"data-hide-now" not in covered.get(reverse("help")).content


def test_after_a_minute_a_reload_shows_the_cover_only(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=61)
    response = covered.get(reverse("help"))
    assert response.status_code == 403
    assert b"Somebody to ask" not in response.content
    assert b"Password" in response.content


def test_covering_again_does_not_start_a_new_minute(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=50)
    covered.post(reverse("cover"))
    frozen.shift(seconds=20)
    assert covered.get(reverse("help")).status_code == 403


def test_after_a_minute_a_wrong_password_opens_nothing(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=61)
    response = covered.post(reverse("uncover"), {"password": "wrong"})
    assert response.status_code == 403
    assert b"That did not match." in response.content
    assert covered.get(reverse("help")).status_code == 403


def test_after_a_minute_the_password_leads_back_to_the_page(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=61)
    answers = {"password": factories.PASSWORD, "next": reverse("help")}
    response = covered.post(reverse("uncover"), answers)
    assert response["Location"] == reverse("help")
    assert covered.get(reverse("help")).status_code == 200


def test_the_password_never_leads_to_another_site(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=61)
    answers = {"password": factories.PASSWORD, "next": "https://elsewhere.example/"}
    assert covered.post(reverse("uncover"), answers)["Location"] == reverse("root")


def test_signing_out_is_always_possible(covered: Client, frozen: Any) -> None:
    frozen.shift(seconds=61)
    covered.post(reverse("account_logout"))
    assert "_auth_user_id" not in covered.session


def test_a_stranger_without_a_sign_in_covers_nothing(client: Client, db: None) -> None:
    factories.organisation()
    assert client.post(reverse("cover")).status_code in {302, 401}


def test_a_request_that_calls_itself_background_does_not_get_round_it(
    covered: Client, people: Any, frozen: Any
) -> None:
    case = factories.case(people.advocate, alias="Wilhelmina")
    frozen.shift(seconds=61)
    url = reverse("cases:show_contact", args=[case.code])
    answer = covered.post(url, headers={"X-Background": "1", "HX-Request": "true"})
    assert answer.status_code == 403
    assert b"Wilhelmina" not in answer.content


def test_what_was_being_typed_is_saved_behind_the_cover(
    covered: Client, people: Any, frozen: Any
) -> None:
    draft = Draft.objects.create(
        user=people.advocate, form="intake", started_at=frozen.now, saved_at=frozen.now
    )
    frozen.shift(seconds=61)
    url = reverse("cases:save_draft", args=[draft.pk])
    answer = covered.post(url, {"version": "1", "note": "x"}, headers={"X-Background": "1"})
    assert answer.status_code == 200


def test_an_odd_way_back_leads_nowhere_odd(covered: Client, frozen: Any) -> None:
    answers = {"password": factories.PASSWORD, "next": "<b>{{ x }}%s\r\nSet-Cookie: a=b"}
    answer = covered.post(reverse("uncover"), answers)
    assert answer.status_code == 302
    assert "Set-Cookie" not in answer.headers
