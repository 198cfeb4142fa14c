"""Pasting links: `/cases/<code>/links/add/`."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import checks, drafts, lifecycle, links, pasting
from cases.models import Case, Draft, Link, Task
from core.errors import WrongState
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
X_POST = "https://x.com/someone/status/1725000000000000000"


def paste(client: Client, case: Case, text: str) -> Any:
    return client.post(reverse("cases:add_links", args=[case.code]), {"text": text})


def twenty() -> str:
    return "\n".join(f"https://x.com/someone/status/17250000000000000{n:02d}" for n in range(20))


def test_twenty_links_cost_one_field_and_two_clicks(advocate: Client, case: Case) -> None:
    table = paste(advocate, case, twenty())["Location"]
    page = advocate.get(table).content.decode()
    assert "Add 20 links" in page
    ticked = [str(n) for n in range(20) if f'value="{n}"' in page]
    answer = advocate.post(table, {"include": ticked})
    assert answer["Location"] == case.get_absolute_url()
    assert case.links.count() == 20


def test_nothing_is_saved_before_the_button(advocate: Client, case: Case) -> None:
    advocate.get(paste(advocate, case, twenty())["Location"])
    assert not Link.objects.exists()


def test_the_same_link_twice_is_one_row_to_add(advocate: Client, case: Case) -> None:
    text = f"{X_POST}\nhttps://mobile.twitter.com/someone/status/1725000000000000000?s=20"
    page = advocate.get(paste(advocate, case, text)["Location"]).content.decode()
    assert "Same as line 1" in page
    assert "Add 1 link" in page


def test_a_link_of_this_case_is_flagged_and_cannot_be_added_again(
    advocate: Client, case: Case, people: Any, frozen: Any
) -> None:
    links.add(case, pasting.rows_of(X_POST), people.advocate, frozen.now)
    advocate.force_login(people.advocate)
    table = paste(advocate, case, X_POST)["Location"]
    assert "Already in this case" in advocate.get(table).content.decode()
    advocate.post(table, {"include": ["0"]})
    assert case.links.count() == 1


def test_a_link_that_was_gone_comes_back_again_by_pasting_it(
    advocate: Client, case: Case, people: Any, frozen: Any
) -> None:
    (link,) = links.add(case, pasting.rows_of(X_POST), people.advocate, frozen.now)
    checks.look(link, "gone", people.advocate, frozen.now)
    frozen.shift(minutes=15)
    advocate.force_login(people.advocate)
    table = paste(advocate, case, X_POST)["Location"]
    assert "Back again" in advocate.get(table).content.decode()
    advocate.post(table, {"include": ["0"]})
    assert case.links.with_state_facts().get().state == "back"
    assert case.events.filter(kind="link.back_again").exists()


def test_a_link_of_another_case_says_so_without_saying_which(
    advocate: Client, case: Case, people: Any
) -> None:
    other = factories.case(people.stranger)
    links.add(other, pasting.rows_of(X_POST), people.stranger, other.opened_at)
    table = paste(advocate, case, X_POST)["Location"]
    page = advocate.get(table).content.decode()
    assert "Also in another case" in page
    assert other.code not in page
    draft = Draft.objects.get(form="paste")
    told = advocate.post(reverse("cases:tell_shared", args=[case.code, draft.pk, 0]))
    assert told["Location"] == table
    task = Task.objects.get(kind="shared_link")
    assert task in Task.objects.visible_to(people.coordinator)
    assert other.code not in task.text
    assert "The coordinator was told." in advocate.get(table).content.decode()
    advocate.post(table, {"include": ["0"]})
    assert case.links.count() == 1


def test_an_unknown_site_is_added_with_the_platform_that_a_person_chooses(
    advocate: Client, case: Case
) -> None:
    table = paste(advocate, case, "https://forum.example/t/1")["Location"]
    assert "Unknown site" in advocate.get(table).content.decode()
    advocate.post(table, {"include": ["0"], "platform-0": "telegram"})
    assert case.links.get().platform.key == "telegram"


def test_a_line_that_is_no_link_can_be_kept_as_a_place(advocate: Client, case: Case) -> None:
    table = paste(advocate, case, "the red group, ask Ines")["Location"]
    assert "Not a link" in advocate.get(table).content.decode()
    advocate.post(table, {"include": ["0"]})
    link = case.links.get()
    assert (link.kind, link.location) == ("place", "the red group, ask Ines")


def test_a_dangerous_line_never_becomes_something_to_click(advocate: Client, case: Case) -> None:
    table = paste(advocate, case, "javascript:alert(document.cookie)")["Location"]
    page = advocate.get(table).content.decode()
    assert 'href="javascript' not in page
    assert "It is not a link" in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste at least one link"),
        ("\n".join("https://x.com/a" for _ in range(501)), "Paste at most 500 at once"),
        ("x" * 1_000_001, "Shorten this to"),
    ],
)
def test_nothing_or_too_much_gets_a_sentence(
    advocate: Client, case: Case, text: str, sentence: str
) -> None:
    answer = paste(advocate, case, text)
    assert answer.status_code in {413, 422}
    assert sentence in answer.content.decode()


def test_unticking_everything_adds_nothing_and_loses_nothing(advocate: Client, case: Case) -> None:
    table = paste(advocate, case, X_POST)["Location"]
    assert advocate.post(table, {})["Location"] == table
    assert Draft.objects.open().filter(form="paste").exists()


def test_a_second_press_adds_nothing(people: Any, case: Case, frozen: Any) -> None:
    draft = drafts.start(people.advocate, "paste", frozen.now, subject_code=case.code)
    copy = Draft.objects.get(pk=draft.pk)
    rows = pasting.rows_of(X_POST)
    links.add(case, rows, people.advocate, frozen.now, draft=draft)
    with pytest.raises(WrongState):
        links.add(case, rows, people.advocate, frozen.now, draft=copy)
    assert case.links.count() == 1


def test_two_pages_that_add_the_same_link_leave_one(people: Any, case: Case, frozen: Any) -> None:
    copy = Case.objects.get(pk=case.pk)
    rows = pasting.rows_of(f"{X_POST}\nt.me/somechannel/1")
    assert len(links.add(case, rows[:1], people.advocate, frozen.now)) == 1
    assert len(links.add(copy, rows, people.advocate, frozen.now)) == 1
    assert [link.number for link in case.links.all()] == [1, 2]


def test_the_table_costs_the_same_queries_for_fifty_lines_as_for_one(
    advocate: Client, case: Case
) -> None:
    def cost(n: int) -> int:
        text = "\n".join(f"https://x.com/a/status/17250000000000{i:05d}" for i in range(n))
        table = paste(advocate, case, text)["Location"]
        with CaptureQueriesContext(connection) as queries:
            advocate.get(table)
        return len(queries)

    cost(2)
    assert cost(1) == cost(50)


def test_a_place_without_a_link_is_asked_for_in_its_platforms_words(
    advocate: Client, case: Case
) -> None:
    url = reverse("cases:add_place", args=[case.code]) + "?platform=slack"
    assert "Workspace" in advocate.get(url).content.decode()
    said = {"workspace": "team.slack.com", "channel": "general", "time": "21 Nov 14:00"}
    advocate.post(url, said)
    link = case.links.get()
    assert link.exact
    assert link.place["workspace"] == "team.slack.com"
    assert advocate.post(url, {}).status_code == 422


@pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer", "administrator"])
def test_who_may_not_open_the_case_may_not_add_to_it(people: Any, case: Case, who: str) -> None:
    client = signed_in(people.of_role(who))
    assert paste(client, case, X_POST).status_code == 404
    assert client.get(reverse("cases:add_links", args=[case.code])).status_code == 404


def test_a_paste_of_somebody_else_is_nothing(advocate: Client, people: Any, case: Case) -> None:
    table = paste(advocate, case, X_POST)["Location"]
    assert signed_in(people.coordinator).get(table).status_code == 404


def test_a_closed_case_takes_no_links(people: Any, case: Case, frozen: Any) -> None:
    lifecycle.close(case, people.advocate, frozen.now, reason="mistake")
    with pytest.raises(WrongState):
        links.add(case, pasting.rows_of(X_POST), people.advocate, frozen.now)
