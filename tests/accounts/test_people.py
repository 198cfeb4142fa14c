"""Invitations, seats and the first run."""

import re

import pytest
from django.core import mail
from django.forms import model_to_dict
from django.urls import reverse

from accounts.forms import ProfileForm
from accounts.models import Invitation, Organisation, User
from accounts.roles import Role
from audit.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

SET_UP = {
    "name": "Harbour Helpline",
    "postal_address": "1 Quay Street",
    "country": "be",
    "phone": "+32 2 555 01 00",
    "signatory_name": "Marta Lindqvist",
    "signatory_role": "case worker",
    "role_mailbox": "notices@harbour.example",
    "archive_address": "archive@harbour.example",
    "reply_domain": "reply.harbour.example",
    "zone": "Europe/Brussels",
    "submission_host": "mail.harbour.example",
    "submission_port": "587",
    "submission_security": "starttls",
    "submission_username": "recourse",
    "submission_password": "a-secret-of-the-server",
    "admin_name": "Adam First",
    "admin_email": "adam@harbour.example",
    "password": "seven quiet boats at noon",
}


def test_without_an_organisation_every_page_leads_to_the_set_up(client):
    assert client.get("/today/").url == reverse("accounts:set_up")
    assert client.get(reverse("accounts:set_up")).status_code == 200


def test_the_first_run_makes_the_organisation_and_signs_its_administrator_in(client):
    answer = client.post(reverse("accounts:set_up"), SET_UP)
    assert answer.url == reverse("accounts:people")
    organisation = Organisation.current()
    assert organisation.country == "BE"
    assert organisation.submission_password == "a-secret-of-the-server"
    assert User.objects.get().role == Role.ADMINISTRATOR
    assert client.get(reverse("accounts:people")).status_code == 200
    assert client.get(reverse("accounts:set_up")).status_code == 404


def test_a_set_up_with_a_gap_says_so_and_keeps_what_was_typed(client):
    answer = client.post(reverse("accounts:set_up"), SET_UP | {"reply_domain": "not a host!"})
    page = answer.content.decode()
    assert "Write a host name" in page
    assert "Marta Lindqvist" in page
    assert not Organisation.objects.exists()


def test_plain_smtp_to_another_machine_is_refused(client):
    answer = client.post(reverse("accounts:set_up"), SET_UP | {"submission_security": "none"})
    assert "must be on this machine" in answer.content.decode()


@pytest.fixture
def admin(client, people):
    factories.organisation()
    client.force_login(people.administrator)
    return people.administrator


def invite(client, **values):
    fields = {
        "email": "vera@helpers.example",
        "name": "Vera",
        "role": "volunteer",
        "team": factories.team().pk,
        **values,
    }
    return client.post(reverse("accounts:invite"), fields)


def test_an_invitation_becomes_a_seat_with_the_invited_role_only(client, admin):
    page = invite(client).content.decode()
    path = re.search(r"/invitation/[\w-]+/", page).group()
    assert path in mail.outbox[0].body
    client.logout()
    answer = client.post(
        path, {"name": "Vera", "password": "seven quiet boats at noon", "role": "administrator"}
    )
    assert answer.status_code == 302
    assert User.objects.get(email="vera@helpers.example").role == Role.VOLUNTEER
    assert client.get(path).status_code == 404


def test_an_invitation_link_is_stored_as_a_hash_only(client, admin):
    page = invite(client).content.decode()
    token = re.search(r"/invitation/([\w-]+)/", page).group(1)
    assert Invitation.objects.filter(token_hash__contains=token).count() == 0


def test_a_withdrawn_or_old_invitation_opens_nothing(client, admin, frozen):
    path = re.search(r"/invitation/[\w-]+/", invite(client).content.decode()).group()
    frozen.shift(days=8)
    assert client.get(path).status_code == 404


def test_inviting_an_address_that_has_a_seat_says_so(client, admin):
    page = invite(client, email="ada.advocate@helpers.example")
    assert page.status_code == 422
    assert "has a seat already" in page.content.decode()


def test_the_last_administrator_cannot_lose_the_seat(client, admin):
    client.post(
        reverse("accounts:seat", args=[admin.pk]),
        {"role": "advocate", "team": factories.team().pk},
    )
    client.post(reverse("accounts:switch", args=[admin.pk]))
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMINISTRATOR, True)


def test_changing_a_seat_is_an_audit_entry(client, admin, people):
    client.post(
        reverse("accounts:seat", args=[people.advocate.pk]),
        {"role": "coordinator", "team": factories.team("South").pk},
    )
    entry = AuditEntry.objects.get(verb="person.seat_changed")
    assert entry.actor_name == admin.name
    assert entry.details["role"] == "coordinator"


def test_a_password_around_the_organisations_name_is_refused(client, admin):
    path = re.search(r"/invitation/[\w-]+/", invite(client).content.decode()).group()
    answer = client.post(path, {"name": "V", "password": "harbour-2026"})
    assert "organisation&#x27;s name" in answer.content.decode()


def test_saving_a_profile_opens_no_seat_that_was_closed_meanwhile(client, people, monkeypatch):
    def closed_meanwhile(form):
        User.objects.filter(pk=people.volunteer.pk).update(is_active=False)
        return is_valid(form)

    is_valid = ProfileForm.is_valid
    monkeypatch.setattr(ProfileForm, "is_valid", closed_meanwhile)
    factories.organisation()
    client.force_login(people.volunteer)
    wanted = model_to_dict(people.volunteer, ProfileForm.Meta.fields) | {"name": "Vera V."}
    client.post(reverse("accounts:profile"), wanted)
    after = User.objects.get(pk=people.volunteer.pk)
    assert (after.name, after.is_active) == ("Vera V.", False)
