"""A draft that ended, and the windows that still show it."""

import pytest
from django.urls import reverse

from cases import drafts
from cases.models import Draft, Task
from core import keystore
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client, people, frozen):
    factories.organisation()
    client.force_login(people.advocate)
    client.get(reverse("cases:create"))
    return Draft.objects.get(form="intake")


def test_discard_pressed_after_saving_says_so_and_fails_at_nothing(client, draft):
    drafts.use(draft, draft.saved_at, subject_code="K7Q4-2M")
    keystore.destroy(draft.key_id)
    said = {"version": draft.version, "alias": "Robin", "note": "typed after saving"}
    answer = client.post(reverse("cases:discard_draft", args=[draft.pk]), said, follow=True)
    assert "This was saved before, or discarded." in answer.content.decode()


def test_words_posted_to_a_draft_discarded_days_ago_get_a_page(client, draft, frozen):
    drafts.discard(draft, frozen.now)
    frozen.shift(hours=25)
    client.force_login(draft.user)
    said = {"version": draft.version, "alias": "Robin"}
    assert client.post(reverse("cases:draft", args=[draft.pk]), said).status_code == 200


def test_a_mistake_saved_while_another_window_saves_shows_both(client, draft, monkeypatch):
    def saved_meanwhile(*args):
        raise drafts.Conflict(Draft.objects.get(pk=draft.pk))

    monkeypatch.setattr(drafts, "save", saved_meanwhile)
    said = {"version": draft.version, "note": "x" * 20_001}
    answer = client.post(reverse("cases:draft", args=[draft.pk]), said)
    assert answer.status_code == 409
    assert "x" * 20_001 in answer.content.decode()


def test_telling_of_a_link_from_a_discarded_paste_tells_nothing(client, people, frozen):
    factories.organisation()
    client.force_login(people.advocate)
    case = factories.case(people.advocate)
    client.post(reverse("cases:add_links", args=[case.code]), {"text": "https://x.com/a/status/1"})
    paste = Draft.objects.get(form="paste")
    drafts.discard(paste, frozen.now)
    url = reverse("cases:tell_shared", args=[case.code, paste.pk, 0])
    assert client.post(url, follow=True).status_code == 200
    assert not Task.objects.exists()
    choose = reverse("cases:choose_links", args=[case.code, paste.pk])
    assert client.post(choose, {"include": "0"}).status_code == 302
    assert not case.links.exists()


@pytest.mark.parametrize("number", ["9" * 5000, "99999999999999999999", "-1", "1e3", "²"])
def test_a_number_that_no_link_has_marks_nothing(client, people, frozen, number):
    factories.organisation()
    client.force_login(people.advocate)
    case = factories.case(people.advocate)
    url = reverse("cases:mark_links", args=[case.code])
    answer = client.post(url, {"link": number, "result": "gone"}, follow=True)
    assert answer.status_code == 200
