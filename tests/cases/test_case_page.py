"""The page of a case, and the list of cases."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import checks, links, notes, pasting, surroundings
from cases.models import Case, Material
from platforms.models import Community
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
X_POST = "https://x.com/someone/status/1725000000000000000"


def queries_of(client: Client, url: str) -> int:
    keys = CaptureQueriesContext(connections["keys"])
    with CaptureQueriesContext(connection) as queries, keys:
        assert client.get(url).status_code == 200
    return len(queries) + len(keys)


def fill(case: Case, n: int, at: Any) -> None:
    text = "\n".join(f"https://x.com/a/status/17250000000000{i:05d}" for i in range(n))
    for i, link in enumerate(links.add(case, pasting.rows_of(text), case.advocate, at)):  # type: ignore[arg-type]
        checks.look(link, "online", case.advocate, at)
        group = surroundings.named_community(f"g{i}", link.platform, case.advocate, at)  # type: ignore[arg-type]
        links.describe(link, case.advocate, at, community=group)  # type: ignore[arg-type]
    for i in range(n):
        notes.add(case, f"note {i}", case.advocate, at)  # type: ignore[arg-type]


def test_the_page_shows_code_links_and_history_but_no_name(
    advocate: Client, case: Case, frozen: Any, people: Any
) -> None:
    fill(case, 2, frozen.now)
    person = case.person
    person.legal_name = "Zelda Zanzibar"
    person.contacts = {"phone": "0470 12 34 56"}
    person.save()
    advocate.force_login(people.advocate)
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert case.code in page
    assert "x.com/a/status" in page
    assert "Added 2 links" in page
    assert "note 1" in page
    for veiled in ("Robin", "Zelda", "0470 12"):
        assert veiled not in page


def test_the_page_costs_no_more_queries_for_fifty_rows_than_for_one(
    people: Any, platforms: Any
) -> None:
    small, big = factories.case(people.advocate), factories.case(people.advocate)
    fill(small, 1, small.opened_at)
    fill(big, 50, big.opened_at)
    client = signed_in(people.advocate)
    client.get(small.get_absolute_url())
    one = queries_of(client, small.get_absolute_url())
    assert queries_of(client, big.get_absolute_url()) <= one


def test_the_list_costs_the_same_queries_for_fifty_cases_as_for_one(
    people: Any, platforms: Any
) -> None:
    first = factories.case(people.advocate)
    fill(first, 1, first.opened_at)
    client = signed_in(people.advocate)
    url = reverse("cases:index")
    client.get(url)
    one = queries_of(client, url)
    for _ in range(49):
        made = factories.case(people.advocate)
        fill(made, 1, made.opened_at)
    assert queries_of(client, url) == one


def test_the_list_is_read_page_by_page(advocate: Client, people: Any, frozen: Any) -> None:
    for n in range(51):
        factories.case(people.advocate, opened_at=frozen.now - timedelta(hours=n))
    advocate.force_login(people.advocate)
    page = advocate.get(reverse("cases:index") + "?tab=all").content.decode()
    assert page.count("data-row>") == 50
    assert "cursor=" in page


@pytest.mark.parametrize("tab", ["mine", "new", "waiting", "paused", "back", "all", "nonsense"])
def test_every_tab_opens(advocate: Client, case: Case, tab: str) -> None:
    assert advocate.get(reverse("cases:index") + f"?tab={tab}").status_code == 200


def test_back_again_lists_only_cases_with_a_link_that_came_back(
    people: Any, case: Case, frozen: Any
) -> None:
    (link,) = links.add(case, pasting.rows_of(X_POST), people.advocate, frozen.now)
    client = signed_in(people.advocate)
    url = reverse("cases:index") + "?tab=back"
    assert case.code not in client.get(url).content.decode()
    checks.look(link, "gone", people.advocate, frozen.now)
    checks.look(link, "online", people.advocate, frozen.shift(minutes=5))
    assert case.code in client.get(url).content.decode()


def test_the_list_holds_no_name_before_it_is_asked_for(advocate: Client, case: Case) -> None:
    assert "Robin" not in advocate.get(reverse("cases:index")).content.decode()
    shown = advocate.post(
        reverse("cases:show_name", args=[case.code]), headers={"HX-Request": "true"}
    )
    assert shown.content.decode().strip() == "Robin"


@pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer", "administrator"])
def test_who_may_not_know_of_a_case_gets_what_an_unknown_code_gives(
    people: Any, case: Case, who: str
) -> None:
    client = signed_in(people.of_role(who))
    for name in ("detail", "contact", "mandates", "add_links", "close", "under_18", "person"):
        assert client.get(reverse(f"cases:{name}", args=[case.code])).status_code == 404
        assert client.get(reverse(f"cases:{name}", args=["22222-2"])).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "volunteer"])
def test_who_may_not_know_of_a_case_changes_nothing(people: Any, case: Case, who: str) -> None:
    client = signed_in(people.of_role(who))
    posts = ("pause", "resume", "reopen", "add_note", "show_contact", "show_name", "mark_links",
             "quick_add", "withdraw", "confirm_contact")  # fmt: skip
    for name in posts:
        assert client.post(reverse(f"cases:{name}", args=[case.code])).status_code == 404


def test_a_coordinator_of_another_team_sees_every_case(people: Any, case: Case) -> None:
    assert signed_in(people.coordinator).get(case.get_absolute_url()).status_code == 200


def test_a_note_is_kept_as_it_was_written(advocate: Client, case: Case) -> None:
    url = reverse("cases:add_note", args=[case.code])
    text = "<b>Привет</b> {{ x }} https://x.com/a"
    advocate.post(url, {"text": text})
    event = case.events.get(kind="note.added")
    assert event.params["text"] == text
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Привет" in page
    assert "hxxps://x.com/a" in page
    assert advocate.post(url, {"text": " "}).status_code == 422
    assert advocate.post(url, {"text": "n" * 20_001}).status_code == 422


def test_chips_narrow_the_history(advocate: Client, case: Case, frozen: Any, people: Any) -> None:
    fill(case, 1, frozen.now)
    advocate.force_login(people.advocate)
    page = advocate.get(case.get_absolute_url() + "?show=links").content.decode()
    assert "Added 1 link" in page
    assert "Wrote a note" not in page


def test_the_sentence_for_the_phone_tells_no_platform_and_no_promise(
    advocate: Client, case: Case, frozen: Any, people: Any
) -> None:
    (one, two) = links.add(
        case, pasting.rows_of(f"{X_POST}\nt.me/somechannel/1"), people.advocate, frozen.now
    )
    checks.look(one, "gone", people.advocate, frozen.now)
    advocate.force_login(people.advocate)
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert 'data-copy="We wrote about one place. One is gone.' in page


class TestLinkedThingsAreMadeInsideTheCase:
    """T40: a link, an account and a community are created on the case page, with type-ahead."""

    def add(self, client: Client, case: Case, **said: str) -> Any:
        return client.post(reverse("cases:quick_add", args=[case.code]), said)

    def test_a_link(self, advocate: Client, case: Case) -> None:
        assert self.add(advocate, case, text=X_POST)["Location"] == case.get_absolute_url()
        assert case.links.get().canonical == X_POST

    def test_an_account(self, advocate: Client, case: Case) -> None:
        self.add(advocate, case, text="https://x.com/someone")
        assert case.links.get().kind == "profile"

    def test_a_new_community_with_the_link_in_it(self, advocate: Client, case: Case) -> None:
        self.add(advocate, case, text="t.me/somechannel/12", community="Red room")
        community = Community.objects.get()
        assert (community.name, community.platform.key) == ("Red room", "telegram")
        assert case.links.get().community == community

    def test_a_known_community_is_found_by_its_name(self, advocate: Client, case: Case) -> None:
        self.add(advocate, case, text="t.me/somechannel/12", community="Red room")
        self.add(advocate, case, text="t.me/somechannel/13", community="red room ")
        assert Community.objects.count() == 1

    def test_a_community_alone_needs_its_platform(self, advocate: Client, case: Case) -> None:
        refused = self.add(advocate, case, community="Red room")
        assert "Choose the platform of the new group." in refused.content.decode()
        self.add(advocate, case, community="Red room", platform="discord")
        assert Community.objects.get().platform.key == "discord"

    def test_material_has_a_name_of_its_own(self, advocate: Client, case: Case) -> None:
        self.add(advocate, case, text=X_POST, material="blue room video")
        assert case.links.get().material.name == "blue room video"

    def test_names_to_choose_from_are_own_and_at_most_two_hundred(
        self, advocate: Client, case: Case, people: Any
    ) -> None:
        other = factories.case(people.stranger)
        Material.objects.create(case=other, name="a stranger's name", made_at=other.opened_at)
        for n in range(210):
            Material.objects.create(case=case, name=f"material {n:03d}", made_at=case.opened_at)
        self.add(advocate, case, text="t.me/somechannel/12", community="Red room")
        page = advocate.get(case.get_absolute_url()).content.decode()
        assert '<option value="Red room">' in page
        assert page.count('<option value="material ') == 200
        assert "a stranger" not in page

    def test_nothing_written_gets_a_sentence(self, advocate: Client, case: Case) -> None:
        refused = self.add(advocate, case)
        assert refused.status_code == 422
        assert "Write a link, an account or the name of a group." in refused.content.decode()
