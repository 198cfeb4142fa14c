"""bin/bench: verdicts are what the figures say, and its house is one that the product can read."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from benching import figures
from benching.figures import Cost

BARE = Cost("bare view", 0.010, 0.012)


def verdicts(small, large):
    rows = list(figures.page_rows([BARE, *small], [BARE, *large]))
    return {row[0]: row[-1] for row in rows[1:]}


def test_a_page_is_measured_against_the_bare_view_of_its_own_run():
    quick, slow = Cost("case list", 0.049, 0.06), Cost("case list", 0.051, 0.06)
    assert verdicts([quick], [quick])["case list"] == "ok"
    assert verdicts([quick], [slow])["case list"] == "missed"


def test_a_page_that_grows_with_the_house_is_told():
    one, other = Cost("case page", 0.030, 0.04), Cost("case page", 0.040, 0.05)
    assert verdicts([one], [other])["case page"] == "ok, grows"
    assert verdicts([other], [other])["case page"] == "ok"


def test_a_target_that_only_the_larger_house_reaches_is_missed():
    slow, quick = Cost("replies", 0.051, 0.06), Cost("replies", 0.049, 0.06)
    assert verdicts([slow], [quick])["replies"] == "missed"


def test_what_was_missed_is_named_at_the_end():
    slow = Cost("replies", 0.051, 0.06)
    pages = figures.page_rows([BARE, slow], [BARE, slow])
    assert figures.missed([*pages, *figures.work_rows({"PDF": 9.0, "memory, beat": 90.0})]) == [
        "replies",
        "PDF",
    ]


def test_work_is_measured_by_its_own_goal():
    found = {"PDF": 30.0, "deliveries with PDF": 50.0, "tick, none due": 0.3, "memory, beat": 90.0}
    rows = {row[0]: row[-1] for row in figures.work_rows(found)}
    assert rows == {
        "work": "",
        "PDF": "ok",
        "deliveries with PDF": "missed",
        "tick, none due": "missed",
        "memory, beat": "ok",
    }


def test_a_table_lines_its_columns_up():
    assert figures.table([["a", "bb"], ["ccc", "d"]]) == "a    bb\nccc   d"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_the_house_open(settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    from django.core.management import call_command

    from benching import house, pages
    from cases.models import Case, Link
    from notices.models import Notice

    call_command("load_catalogue", verbosity=0)
    until = datetime.now(UTC)
    house.furnish(until)
    house.fill(until, 0, 40)
    assert (Notice.objects.count(), Link.objects.count()) == (160, 400)
    notes = {case.note for case in Case.objects.all()}
    assert notes == {"Found by a friend. The person wants it gone."}
    settings.ROOT_URLCONF = "benching.pages"
    for name, once in pages._pages().items():
        pages._expect(name, once()[0])
