"""Looks by hand: `/checks/`."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import AuditEntry
from cases import checks
from cases.models import Check, Link
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
QUEUE = "/checks/"


@pytest.fixture
def looker(people):
    User.objects.update(opens_links=True)
    return User.objects.get(pk=people.advocate.pk)


@pytest.fixture
def link(people, frozen):
    return sent(people, frozen.now - timedelta(days=2))


def sent(people, at, url="https://x.com/i/status/1", *, case=None, **fields):
    case = case or factories.case(people.advocate)
    made = factories.link(case, url, **fields)
    factories.notice(case, made, status="sent", sent_at=at, taken_by=people.volunteer)
    return made


def address(name, link):
    return reverse(f"cases:{name}", args=[link.case.code, link.number])


def page_of(client, url=QUEUE):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(answer):
    return [link.number for link in answer.context["links"]]


@pytest.mark.parametrize("name", ["check", "open_link", "mark_check", "pass_on"])
def test_who_did_not_say_yes_finds_nothing(people, link, name):
    client = signed_in(people.advocate)
    assert client.get(QUEUE).status_code == 404
    for method in (client.get, client.post):
        assert method(address(name, link)).status_code in {404, 405}
    assert not Check.objects.exists()


def test_one_says_yes_on_ones_own_page(people):
    client = signed_in(people.advocate)
    page = page_of(client, reverse("accounts:profile"))
    assert "I look at live pages" in page
    assert "distressing" in page
    said = {"name": "Ada", "language": "en", "zone": "UTC", "theme": "auto"}
    known = client.get(reverse("accounts:profile")).context["form"].initial
    client.post(reverse("accounts:profile"), {**known, **said, "opens_links": "on"})
    assert client.get(QUEUE).status_code == 200


def test_one_key_marks_a_link_and_the_next_one_is_marked_out(people, looker, link, frozen):
    other = sent(people, frozen.now - timedelta(days=1), "https://x.com/i/status/2")
    client = signed_in(looker)
    page = page_of(client)
    assert page.index(link.case.code) < page.index(other.case.code)
    assert page.count("is-current") == 1
    for key in ("o", "g", "x"):
        assert f'data-row-key="{key}"' in page
    answer = client.post(address("mark_check", link), {"result": "gone"}, follow=True)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert numbers(answer) == [other.number]
    assert Check.objects.get().by == looker


def test_what_is_typed_as_no_answer_is_refused_with_a_sentence(looker, link):
    client = signed_in(looker)
    for result in ("", "looks_gone", "GONE", "<script>"):
        answer = client.post(address("mark_check", link), {"result": result}, follow=True)
        assert "Choose what you saw" in answer.content.decode()
    assert not Check.objects.exists()


def test_the_oldest_look_comes_first_and_what_was_never_seen_before_it(people, looker, frozen):
    at = frozen.now - timedelta(days=9)
    case = factories.case(people.advocate)
    rows = [sent(people, at, f"https://x.com/i/status/{n}", case=case) for n in range(3)]
    checks.look(rows[0], "online", looker, at + timedelta(days=2))
    checks.look(rows[1], "online", looker, at + timedelta(days=1))
    assert numbers(signed_in(looker).get(QUEUE)) == [3, 2, 1]


def test_a_link_waits_a_day_after_a_look(looker, link, frozen):
    checks.look(link, "online", looker, frozen.now)
    client = signed_in(looker)
    assert numbers(client.get(QUEUE)) == []
    frozen.shift(hours=24)
    assert numbers(signed_in(looker).get(QUEUE)) == [1]


def test_what_a_machine_can_see_waits_for_nobody(looker, link, frozen, people):
    Check.objects.create(link=link, at=frozen.now, result="online", by_machine=True)
    assert numbers(signed_in(looker).get(QUEUE)) == []
    Check.objects.all().delete()
    Check.objects.create(link=link, at=frozen.now, result="unclear", by_machine=True, met="refused")
    assert numbers(signed_in(looker).get(QUEUE)) == [1]


def test_what_was_gone_and_answers_again_waits_for_a_look(looker, link, frozen):
    checks.look(link, "gone", looker, frozen.now)
    assert numbers(signed_in(looker).get(QUEUE)) == []
    later = frozen.shift(hours=25)
    Check.objects.create(link=link, at=later, result="unclear", by_machine=True, met="200")
    assert numbers(signed_in(looker).get(QUEUE)) == [1]


@pytest.mark.parametrize(
    "change",
    [{"pathway": "minor"}, {"status": "paused"}, {"status": "closed", "close_reason": "withdrew"}],
)
def test_no_page_of_a_child_and_none_of_a_case_that_rests(looker, link, frozen, change):
    if change.get("status") == "closed":
        change = {**change, "closed_at": frozen.now}
    type(link.case).objects.filter(pk=link.case_id).update(**change)
    client = signed_in(looker)
    assert numbers(client.get(QUEUE)) == []
    assert client.get(address("check", link)).status_code == 404
    assert client.post(address("open_link", link)).status_code == 404
    assert client.post(address("mark_check", link), {"result": "gone"}).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "reviewer", "administrator"])
def test_others_see_nothing_of_it(people, looker, link, who):
    client = signed_in(User.objects.get(pk=people.of_role(who).pk))
    assert link.case.code not in client.get(QUEUE).content.decode()
    assert client.get(address("check", link)).status_code == 404
    assert client.post(address("open_link", link)).status_code == 404


def test_a_volunteer_looks_at_the_links_of_her_notices_and_learns_no_name(people, looker, link):
    client = signed_in(User.objects.get(pk=people.volunteer.pk))
    page = page_of(client)
    assert link.case.code in page
    assert "Robin" not in page


def test_a_page_for_each_platform(people, looker, link, frozen):
    other = factories.platform("y")
    sent(people, frozen.now - timedelta(days=1), "https://y.com/1", platform=other)
    client = signed_in(looker)
    assert len(numbers(client.get(QUEUE))) == 2
    answer = client.get(f"{QUEUE}?platform=y")
    assert [each.platform for each in answer.context["links"]] == [other]
    marked = client.post(address("mark_check", link), {"result": "online", "platform": "y"})
    assert marked["Location"] == f"{QUEUE}?platform=y"
    marked = client.post(address("pass_on", link), {"platform": "//evil.example"})
    assert marked["Location"] == QUEUE


class Links(HTMLParser):
    """Where a page could lead a browser by itself, or by a click."""

    def __init__(self):
        super().__init__()
        self.places, self.rels = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        for name in ("href", "src", "action", "content"):
            value = given.get(name) or ""
            if "http" in value:
                self.places.append((tag, value))
                self.rels.append(given.get("rel"))


def leads(page):
    found = Links()
    found.feed(page)
    return found


def test_before_a_live_page_there_is_a_page_without_it(looker, link):
    page = page_of(signed_in(looker), address("check", link))
    assert "This opens the live page. You may see distressing material." in page
    assert "Open in new tab" in page
    assert "Ask someone else" in page
    assert leads(page).places == []
    assert 'target="_blank" rel="noopener"' in page


def test_a_live_page_opens_without_saying_where_one_came_from(looker, link):
    client = signed_in(looker)
    assert client.get(address("open_link", link)).status_code == 405
    answer = client.post(address("open_link", link))
    found = leads(answer.content.decode())
    assert answer["Referrer-Policy"] == "no-referrer"
    assert found.places == [("meta", f"0; url={link.canonical}"), ("a", link.canonical)]
    assert found.rels[1] == "noreferrer noopener"
    entry = AuditEntry.objects.get(verb="link.opened")
    assert (entry.actor_id, entry.subject_code) == (looker.pk, link.code)


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("javascript:alert(1)", {}),
        ("data:text/html,x", {}),
        ("https://x.com@evil.example/", {"problem": "userinfo"}),
    ],
)
def test_nothing_but_a_web_page_is_ever_opened(people, looker, frozen, url, fields):
    odd = sent(people, frozen.now - timedelta(days=2), url, **fields)
    client = signed_in(looker)
    assert "Open in new tab" not in page_of(client, address("check", odd))
    assert client.post(address("open_link", odd)).status_code == 404


def test_an_address_full_of_markup_stays_an_address(people, looker, frozen):
    url = "https://x.com/\"><script>alert(1)</script>?a=';url=javascript:alert(2)"
    odd = sent(people, frozen.now - timedelta(days=2), url)
    client = signed_in(looker)
    for page in (
        page_of(client),
        page_of(client, address("check", odd)),
        client.post(address("open_link", odd)).content.decode(),
    ):
        assert "<script>alert" not in page


def test_openings_are_counted_for_oneself_and_a_pause_is_suggested(people, looker, link, frozen):
    client = signed_in(looker)
    assert "opened" not in page_of(client)
    for n in range(10):
        client.post(address("open_link", link))
        frozen.shift(minutes=1)
        page = page_of(client)
        assert (f"opened {n + 1} live page" in page, "A pause" in page) == (True, n == 9)
    assert "Only you are shown this number." in page
    other = signed_in(User.objects.get(pk=people.coordinator.pk))
    assert "live page" not in page_of(other)
    frozen.shift(minutes=15)
    assert "A pause" not in page_of(client)


def test_what_is_passed_on_is_gone_for_today_and_leaves_nothing(people, looker, link, frozen):
    client = signed_in(looker)
    before = (AuditEntry.objects.count(), link.case.events.count())
    client.post(address("pass_on", link))
    assert numbers(client.get(QUEUE)) == []
    assert (AuditEntry.objects.count(), link.case.events.count()) == before
    assert not Check.objects.exists()
    other = signed_in(User.objects.get(pk=people.coordinator.pk))
    assert numbers(other.get(QUEUE)) == [1]
    frozen.shift(days=1)
    assert numbers(signed_in(looker).get(QUEUE)) == [1]


def test_the_queue_asks_no_more_for_twenty_links_than_for_two(people, looker, frozen):
    client, at = signed_in(looker), frozen.now - timedelta(days=2)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        return len(queries)

    for n in range(2):
        sent(people, at, f"https://x.com/i/status/{n}")
    client.get(QUEUE)
    few = asked()
    for n in range(2, 20):
        sent(people, at, f"https://x.com/i/status/{n}")
    assert asked() == few


def test_today_leads_there_only_who_said_yes(people, looker, link):
    assert QUEUE in page_of(signed_in(looker), reverse("insights:today"))
    User.objects.update(opens_links=False)
    page = page_of(signed_in(User.objects.get(pk=looker.pk)), reverse("insights:today"))
    assert QUEUE not in page
    assert Link.objects.count() == 1
