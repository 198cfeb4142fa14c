"""Signing in, staying signed in, and losing nothing when it ends."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts import carried
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _organisation(people):
    factories.organisation()


def sign_in(client, email, password=factories.PASSWORD, **more):
    return client.post(
        reverse("account_login"), {"login": email, "password": password, **more}, follow=True
    )


def test_somebody_with_a_seat_signs_in_and_lands_on_today(client, people):
    answer = sign_in(client, "ada.advocate@helpers.example")
    assert answer.redirect_chain[-1][0] == "/today/"


def same(page, name):
    """Leave out what differs between any two answers: the form's token and the typed name."""
    return re.sub(r'(csrfmiddlewaretoken" value=|csrf-token" content=)"\w+"', "", page).replace(
        name, ""
    )


def test_a_wrong_password_and_an_unknown_address_read_the_same(client):
    known = sign_in(client, "ada.advocate@helpers.example", "wrong").content.decode()
    unknown = sign_in(client, "ida.advocate@helpers.example", "wrong").content.decode()
    assert "ada.advocate" in known
    assert same(known, "ada.") == same(unknown, "ida.")


def test_nobody_signs_up(client):
    assert client.get("/accounts/signup/").status_code == 404


def test_twenty_idle_minutes_end_the_session(client, people, frozen):
    client.force_login(people.advocate)
    assert client.get(reverse("accounts:profile")).status_code == 200
    frozen.shift(minutes=21)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_somebody_who_works_stays_signed_in_for_ten_hours(client, people, frozen):
    client.force_login(people.advocate)
    for _ in range(41):
        assert client.get(reverse("help")).status_code == 200
        frozen.shift(minutes=15)
    assert client.get(reverse("help")).status_code == 302


def test_what_a_page_does_by_itself_does_not_keep_a_session_open(client, people, frozen):
    client.force_login(people.advocate)
    client.get(reverse("accounts:profile"))
    for _ in range(3):
        frozen.shift(minutes=8)
        client.post(reverse("accounts:stay"), headers={"X-Background": "1"})
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_person_who_was_switched_off_is_out_at_her_next_request(client, people):
    client.force_login(people.advocate)
    people.advocate.is_active = False
    people.advocate.save()
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_a_form_posted_after_the_session_ended_survives_the_sign_in(client, people, frozen):
    client.force_login(people.advocate)
    client.get(reverse("accounts:profile"))
    frozen.shift(minutes=25)
    late = client.post(reverse("accounts:profile"), {"name": "Ada O'Nile \u0639", "language": "fr"})
    assert late.status_code == 401
    assert "O'Nile" not in late.content.decode()
    page = sign_in(
        client,
        "ada.advocate@helpers.example",
        carried=late.context["carried"],
        next=late.context["next"],
    )
    assert "Ada O&#x27;Nile \u0639" in page.content.decode()
    assert page.context["carried"].path == reverse("accounts:profile")


def test_what_was_carried_opens_for_nobody_else_and_not_after_a_quarter_of_an_hour(
    rf, people, frozen
):
    request = rf.post("/cases/new/", {"note": "hers"})
    sealed = carried.seal(request, str(people.advocate.pk))
    assert carried.unseal(sealed, str(people.advocate.pk)).fields == [("note", "hers")]
    assert carried.unseal(sealed, str(people.volunteer.pk)) is None
    assert carried.unseal(sealed[:-6] + "AAAAAA", str(people.advocate.pk)) is None
    frozen.shift(minutes=16)
    assert carried.unseal(sealed, str(people.advocate.pk)) is None


def test_a_stranger_who_posts_leaves_nothing_on_the_server(client):
    answer = client.post("/me/", {"name": "x" * 1000})
    assert answer.status_code == 401
    assert all(set(s.get_decoded()) <= {"_csrftoken"} for s in Session.objects.all())


def test_ten_wrong_tries_make_this_pair_wait_but_not_another_address(client):
    email = "ada.advocate@helpers.example"
    for _ in range(10):
        sign_in(client, email, "wrong")
    assert "Wait 15 minutes" in sign_in(client, email).content.decode()
    elsewhere = client.post(
        reverse("account_login"),
        {"login": email, "password": factories.PASSWORD},
        REMOTE_ADDR="203.0.113.9",
    )
    assert elsewhere.status_code == 302


def test_no_password_travels_through_the_sign_in_page(client, people, frozen):
    client.force_login(people.administrator)
    client.get(reverse("accounts:profile"))
    frozen.shift(minutes=21)
    said = {"name": "Harbour Helpline", "submission_password": "swordfish", "password1": "x"}
    late = client.post(reverse("accounts:organisation"), said)
    kept = carried.unseal(late.context["carried"], str(people.administrator.pk))
    assert kept is not None
    assert dict(kept.fields) == {"name": "Harbour Helpline"}
