"""What a person meets when no mail server answers."""

import pytest
from django.urls import reverse

from accounts.forms import OrganisationForm
from accounts.models import Invitation, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["nobody listens", "none is set up"])
def silent(request, settings, people):
    settings.EMAIL_BACKEND = "accounts.mail.SubmissionBackend"
    settings.EMAIL_TIMEOUT = 1
    host = "127.0.0.1" if request.param == "nobody listens" else ""
    factories.organisation(submission_host=host, submission_port=1, submission_security="none")
    return people


def test_the_page_shows_the_link_of_an_invitation_that_could_not_be_mailed(client, silent):
    client.force_login(silent.administrator)
    said = {
        "email": "new@helpers.example",
        "name": "Nora",
        "role": "volunteer",
        "team": silent.volunteer.team_id,
    }
    page = client.post(reverse("accounts:invite"), said).content.decode()
    assert "/invitation/" in page
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("email", ["ada.advocate@helpers.example", "nobody@helpers.example"])
def test_a_forgotten_password_gets_a_sentence(client, silent, email):
    url = reverse("account_reset_password")
    page = client.post(url, {"email": email}, follow=True)
    assert page.status_code == 200
    assert "The mail server does not answer, so no mail was sent." in page.content.decode()


@pytest.mark.parametrize("port", ["0", "65536", "99999999999", "-1"])
def test_a_port_that_no_server_has_is_refused(people, port):
    factories.organisation()
    form = OrganisationForm({"submission_port": port}, instance=Organisation.current())
    assert "submission_port" in form.errors


@pytest.mark.parametrize(
    "address", ['"a b"@x.example', "post@müller.example", "a@b.example\r\nB: c"]
)
def test_an_address_that_no_notice_could_be_written_from_is_refused_at_once(people, address):
    factories.organisation()
    form = OrganisationForm({"role_mailbox": address}, instance=Organisation.current())
    assert "role_mailbox" in form.errors


def test_a_code_comes_from_the_mailbox_that_may_write_with_a_neutral_subject(
    client, people, mailoutbox
):
    factories.organisation()
    client.post(reverse("account_reset_password"), {"email": "ada.advocate@helpers.example"})
    (mail,) = mailoutbox
    assert mail.from_email == "notices@harbour.example"
    assert mail.subject == "Password Reset Code"
