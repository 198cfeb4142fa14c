"""Exact search, whose words are in no address."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import links, pasting
from cases.models import Case
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
X_POST = "https://x.com/someone/status/1725000000000000000"


def search(client: Client, words: str) -> str:
    answer = client.post(reverse("cases:search"), {"q": words})
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


@pytest.fixture
def found(case: Case, people: Any) -> Case:
    text = f"{X_POST}\nhttps://x.com/someone\nhttps://www.forum.example/t/1"
    links.add(case, pasting.rows_of(text), people.advocate, case.opened_at)
    return case


@pytest.mark.parametrize(
    "words",
    [X_POST, "hxxps://twitter[.]com/someone/status/1725000000000000000?s=20", "@someone", "someone",
     "forum.example", "www.forum.example", "https://www.forum.example/t/1"],
)  # fmt: skip
def test_links_handles_and_sites_are_found_however_they_are_written(
    people: Any, found: Case, words: str
) -> None:
    assert found.code in search(signed_in(people.advocate), words)


@pytest.mark.parametrize("change", [str, str.lower, lambda code: f" {code} "])
def test_a_code_leads_to_its_case(people: Any, case: Case, change: Any) -> None:
    client = signed_in(people.advocate)
    answer = client.post(reverse("cases:search"), {"q": change(case.code)})
    assert answer.status_code == 302
    assert case.code in search(client, change(case.code))


def test_the_name_used_here_is_found_by_who_may_open_the_case(people: Any, case: Case) -> None:
    assert case.code in search(signed_in(people.advocate), " ROBIN ")
    assert case.code not in search(signed_in(people.stranger), "Robin")
    assert case.code not in search(signed_in(people.volunteer), "Robin")


@pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer"])
def test_nobody_finds_what_she_may_not_open(people: Any, found: Case, who: str) -> None:
    client = signed_in(people.of_role(who))
    for words in (X_POST, found.code, "@someone", "forum.example"):
        assert found.get_absolute_url() not in search(client, words)


def test_a_volunteer_finds_her_notice_by_its_code(people: Any, case: Case) -> None:
    notice = factories.notice(case, taken_by=people.volunteer)
    page = search(signed_in(people.volunteer), notice.code)
    assert notice.get_absolute_url() in page


def test_the_words_are_in_no_address_and_not_plain_in_the_database(people: Any) -> None:
    client = signed_in(people.advocate)
    answer = client.post(reverse("cases:search"), {"q": "Zanzibar Zelda"})
    assert "anzibar" not in answer["Location"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM cases_draft")
        assert all(b"anzibar" not in bytes(data) for (data,) in cursor.fetchall())
        cursor.execute("SELECT session_data FROM django_session")
        assert all("anzibar" not in str(data) for (data,) in cursor.fetchall())


def test_a_search_is_its_askers_alone_and_ends_after_an_hour(
    people: Any, frozen: Any, case: Case
) -> None:
    client = signed_in(people.advocate)
    where = client.post(reverse("cases:search"), {"q": "Robin Robin"})["Location"]
    assert signed_in(people.coordinator).get(where).status_code == 404
    frozen.move_to(frozen.now + timedelta(minutes=61))
    page = signed_in(people.advocate).get(where).content.decode()
    assert "over an hour old" in page
    assert "Robin Robin" not in page


@pytest.mark.parametrize(
    "words", ["", " ", "\x00", "a" * 50_000, "%' OR 1=1 --", "<script>x</script>", "你好", "-", "@"]
)
def test_odd_words_find_nothing_and_break_nothing(people: Any, case: Case, words: str) -> None:
    page = search(signed_in(people.advocate), words)
    assert "<script>x" not in page


def test_an_administrator_has_no_search(people: Any) -> None:
    client = signed_in(people.administrator)
    assert client.post(reverse("cases:search"), {"q": "x"}).status_code == 404
