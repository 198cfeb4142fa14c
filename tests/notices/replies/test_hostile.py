"""S15: whatever a stranger writes is looked at as text, and no mail stops the page."""

import pytest

from tests import factories

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '<img src="https://evil.example/x.png" onerror=alert(1)>',
    "template": "{{ request.user }} {% debug %} {0.__class__}",
    "direction": "\u202egro.elpmaxe//:sptth\u202c",
    "megabyte": "é" * 1_000_000,
    "lines": "\n" * 50_000,
    "long word": "W" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_shown_as_text(client, desk, sent, name):
    text = HOSTILE[name]
    message = factories.reply(
        sent, sender=f"{text[:200]} <a@x.example>", subject=text[:500], text=text, quoted=text,
        proposed="removed", reading={"phrase": text[:300], "tickets": [text[:40]]},
    )  # fmt: skip
    client.force_login(desk.people.volunteer)
    for url in ("/replies/", f"/replies/{message.pk}/?whole=1", f"/notices/{sent.code}/"):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src" not in page
        assert "\u202e" not in page
    assert client.post(f"/replies/{message.pk}/file/", {"answer": "removed"}).status_code == 302


def test_a_very_long_mail_shows_its_beginning_and_the_rest_on_request(client, desk, sent):
    message = factories.reply(sent, text="a" * 30_000 + "the end")
    client.force_login(desk.people.volunteer)
    page = client.get(f"/replies/{message.pk}/").content.decode()
    assert "the end" not in page and "Show all of it" in page
    assert "the end" in client.get(f"/replies/{message.pk}/?whole=1").content.decode()


@pytest.mark.parametrize(
    "reading", [{}, {"tickets": None}, {"estimate_until": "soon"}, {"phrase": 7, "dates": "x"}]
)
def test_a_reading_of_any_shape_breaks_no_page(client, desk, sent, reading):
    factories.reply(sent, proposed="no_such_answer", reading=reading)
    client.force_login(desk.people.volunteer)
    assert client.get("/replies/").status_code == 200


@pytest.mark.parametrize("query", ["tab=nothing", "cursor=xx", "tab=%00", "tick=1&whole=x"])
def test_an_odd_address_gets_the_list_or_a_sentence(client, desk, sent, attached, query):
    client.force_login(desk.people.coordinator)
    assert client.get(f"/replies/?{query}").status_code in (200, 400)


def test_s15_nothing_of_a_mail_leaves_in_the_title_or_the_address(client, desk, sent):
    message = factories.reply(sent, subject="Robin, please send your passport")
    client.force_login(desk.people.volunteer)
    page = client.get(f"/replies/{message.pk}/").content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert "Robin" not in title and "X" not in title
