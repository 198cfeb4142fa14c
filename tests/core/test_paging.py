"""Lists by keyset: every row once, in order, forwards and back, whatever the cursor says."""

import base64
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Case
from core import clock, keystore, paging
from core.paging import KeysetPage, capped_count
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(people, frozen):
    """Return the codes of 23 cases, newest first; seven of them share one moment."""
    at = frozen.now
    rows = []
    for number in range(23):
        tied = 8 <= number < 15
        moment = at - timedelta(minutes=8 if tied else number)
        rows.append(factories.case(people.advocate, opened_at=moment))
    ordered = sorted(rows, key=lambda case: (case.opened_at, case.pk), reverse=True)
    return [case.code for case in ordered]


def page(cursor="", size=5, **options):
    return KeysetPage(Case.objects.all(), "opened_at", cursor, size=size, **options)


def codes(shown):
    return [case.code for case in shown.rows]


@pytest.mark.parametrize("size", [1, 2, 5, 7, 22, 23, 24])
def test_walking_forwards_shows_every_row_once_in_order(cases, size):
    seen, shown = [], page(size=size)
    seen += codes(shown)
    while shown.has_next:
        shown = page(shown.next_cursor, size)
        seen += codes(shown)
    assert seen == cases


@pytest.mark.parametrize("size", [1, 3, 7])
def test_walking_back_shows_the_same_pages_again(cases, size):
    there, shown = [], page(size=size)
    there.append(codes(shown))
    while shown.has_next:
        shown = page(shown.next_cursor, size)
        there.append(codes(shown))
    back = [codes(shown)]
    while shown.has_previous:
        shown = page(shown.previous_cursor, size)
        back.append(codes(shown))
    assert [code for part in reversed(back) for code in part][-len(cases) :] == cases
    assert codes(shown) == cases[: len(shown.rows)]


def test_ascending_is_the_same_list_the_other_way_round(cases):
    seen, shown = [], page(ascending=True)
    seen += codes(shown)
    while shown.has_next:
        shown = page(shown.next_cursor, ascending=True)
        seen += codes(shown)
    assert seen == cases[::-1]


def test_the_ends_of_the_list_offer_no_way_on(cases):
    first = page()
    assert (first.has_previous, first.previous_cursor) == (False, "")
    last = page(size=23)
    assert (last.has_next, last.next_cursor) == (False, "")


def test_an_empty_list_is_a_page_without_ways(people):
    empty = page()
    assert list(empty.rows) == []
    assert not empty.has_next
    assert not empty.has_previous


def test_a_row_that_comes_in_between_moves_nothing_on_the_next_page(cases, people, frozen):
    cursor = page().next_cursor
    factories.case(people.advocate, opened_at=frozen.now + timedelta(hours=1))
    assert codes(page(cursor)) == cases[5:10]


def test_a_row_that_goes_in_between_hides_no_other(cases):
    shown = page()
    Case.objects.filter(code=cases[4]).delete()
    assert codes(page(shown.next_cursor)) == cases[5:10]


HOSTILE = [
    "x",
    "=",
    "..",
    "A" * 199,
    "A" * 201,
    "A" * 100_000,
    "\x00",
    "ünïcödé",
    "' OR 1=1 --",
    base64.urlsafe_b64encode(b"[]").decode(),
    base64.urlsafe_b64encode(b"null").decode(),
    base64.urlsafe_b64encode(b'["2026-11-21", "x", false]').decode(),
    base64.urlsafe_b64encode(b"[1, 2, 3]").decode(),
    base64.urlsafe_b64encode(b'{"a": 1, "b": 2, "c": 3}').decode(),
    base64.urlsafe_b64encode(
        json.dumps(["2026-11-21T12:00:00", str(UUID(int=1)), 0]).encode()
    ).decode(),
    base64.urlsafe_b64encode(b"[" * 120).decode(),
]


@pytest.mark.parametrize("cursor", HOSTILE)
def test_a_cursor_that_nobody_made_here_gives_the_first_page(cases, cursor):
    assert codes(page(cursor)) == cases[:5]


@given(st.text(max_size=220))
def test_no_text_at_all_breaks_the_reading_of_a_cursor(text):
    paging._decoded(text)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_a_cursor_from_the_ends_of_time_is_an_empty_or_a_full_page(cases, moment):
    cursor = base64.urlsafe_b64encode(json.dumps([moment, str(uuid4()), False]).encode()).decode()
    assert codes(page(cursor)) in ([], cases[:5])


def test_a_page_costs_the_same_for_one_row_as_for_all(cases, django_assert_num_queries):
    for size in (1, 20):
        with (
            keystore.scope(),
            django_assert_num_queries(1),
            django_assert_num_queries(1, using="keys"),
        ):
            assert [case.note for case in page(size=size).rows] == [""] * size


def test_counting_stops_at_its_cap(cases):
    assert capped_count(Case.objects.all()) == 23
    assert capped_count(Case.objects.order_by("code"), cap=10) == 11
    assert clock.now()
