"""Mails that could not be read are visible, with a reason, and lead back by one click."""

import pytest

from audit.models import AuditEntry
from core.errors import WrongState
from notices.models import ReceivedMail
from notices.replies import quarantine
from tests import factories


@pytest.fixture
def unreadable(people, frozen):
    factories.organisation()
    return factories.received_mail(state="quarantined", trouble="too_deep", attempts=3)


def test_each_says_why_how_large_and_when(client, people, unreadable):
    client.force_login(people.coordinator)
    assert "Quarantine" in client.get("/replies/").content.decode()
    page = client.get("/replies/quarantine/").content.decode()
    assert "Its parts are nested too deeply" in page
    for words in ("17.6", "2026-11-21T12:00:00", "tried 3 times"):
        assert words in page


def test_one_click_tries_again_from_the_beginning(client, people, unreadable, frozen):
    client.force_login(people.coordinator)
    client.post(f"/replies/quarantine/{unreadable.pk}/again/")
    mail = ReceivedMail.objects.get()
    assert (mail.state, mail.attempts, mail.trouble) == ("stored", 0, "")
    assert mail.next_try_at == frozen.now
    assert AuditEntry.objects.filter(verb="mail.tried_again").exists()


def test_what_nobody_has_to_read_is_set_aside_and_comes_back(client, people, unreadable):
    client.force_login(people.coordinator)
    url = f"/replies/quarantine/{unreadable.pk}/"
    page = client.post(f"{url}set-aside/", follow=True).content.decode()
    assert "Every mail could be read." in page and f"{url}bring-back/" in page
    assert "nested too deeply" in client.get("/replies/quarantine/?aside=1").content.decode()
    client.post(f"{url}bring-back/")
    assert ReceivedMail.objects.get().state == "quarantined"


def test_two_who_decide_at_once_get_one_decision(people, unreadable, frozen):
    copy = ReceivedMail.objects.get()
    quarantine.set_aside(unreadable, people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        quarantine.set_aside(copy, people.coordinator, frozen.now)


@pytest.mark.parametrize("role", ["advocate", "volunteer", "reviewer", "administrator"])
def test_only_who_sees_every_reply_sees_it(client, people, unreadable, role):
    client.force_login(people.of_role(role))
    assert client.get("/replies/quarantine/").status_code == 404
    for verb in ("again", "set-aside", "bring-back"):
        assert client.post(f"/replies/quarantine/{unreadable.pk}/{verb}/").status_code == 404
    assert ReceivedMail.objects.get().state == "quarantined"
