import csv
import gc
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from insights.charts import picture
from insights.durations import Curve
from insights.queries import Group
from notices.models.notice import Notice, NoticeClock
from tests import factories
from tests.factories import People
from tests.insights.history import SENT, freireich, imported, notice_of

pytestmark = pytest.mark.django_db
URL = "/response/"


def sketch(spec: dict[str, Any]) -> str:
    """What a picture says, without drawing it: words, and links as marks are linked."""
    said = json.dumps(spec, ensure_ascii=False)
    found = re.findall(r'"href": "([^"]+)"', said)
    links = "".join(f'<a xlink:href="{escape(url)}"><path aria-label="m"/></a>' for url in found)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{links}<text>{escape(said)}</text></svg>'


@pytest.fixture
def signed_in(
    client: Client, people: People, frozen: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Client]]:
    cache.clear()
    monkeypatch.setattr(picture, "_draw", sketch)
    factories.organisation()
    frozen.move_to(SENT + timedelta(days=90))

    def as_(role: str = "coordinator") -> Client:
        client.force_login(people.of_role(role))
        return client

    yield as_
    cache.clear()


def page(client: Client, url: str = URL, **query: object) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def late_notice() -> Notice:
    made = notice_of(1)
    NoticeClock.objects.create(
        notice=made,
        key="tida-48",
        kind="statutory",
        starts_at=SENT,
        due_at=SENT + timedelta(hours=48),
        is_limit=True,
    )
    return made


def test_the_first_sentence_is_computed_with_n_beside_it(signed_in: Callable[..., Client]) -> None:
    for _ in range(6):
        imported("fast", gone=20)
    for _ in range(4):
        imported("slow", stopped=200)
    found = page(signed_in())
    assert "60 % of links were gone within 72 h (n=10)." in found


def test_the_page_has_its_figures_in_order(signed_in: Callable[..., Client]) -> None:
    for name in ("fast", "slow"):
        freireich(name)
    found = page(signed_in())
    places = [found.index(f'id="{key}"') for key in ("curve", "median-gone", "every", "within")]
    assert places == sorted(places)
    assert found.index('class="strip"') < places[0]
    assert found.index('id="late"') < found.index('id="counting"')


def test_nothing_sent_is_an_empty_page_with_a_way_on(signed_in: Callable[..., Client]) -> None:
    found = page(signed_in(), since="2026-04-01")
    assert "No notices were sent in this period." in found
    assert "Nothing was sent in this period." in found


def test_fewer_than_five_are_counts_in_a_sentence_and_no_figure(
    signed_in: Callable[..., Client],
) -> None:
    for _ in range(3):
        imported("tiny", gone=3)
    imported("tiny", stopped=90)
    found = page(signed_in())
    assert "3 of 4 links gone so far: too few for a figure." in found
    assert "Too few for a figure, gone so far: Tiny 3 of 4." in found
    assert "<svg role=" not in found
    assert "75 %" not in found


def test_where_nothing_was_removed_the_exact_bound_stands_in_words(
    signed_in: Callable[..., Client],
) -> None:
    for _ in range(94):
        imported("silent", seen=200)
    assert "Silent: 0 of 94 gone in 7 days; at most 4 % (95 %)" in page(signed_in())


def test_few_cases_are_called_few(signed_in: Callable[..., Client]) -> None:
    for hour in range(12):
        imported("few", gone=hour)
    assert "few cases" in page(signed_in())


def test_receipts_and_answers_count_notices_and_say_so(signed_in: Callable[..., Client]) -> None:
    for _ in range(5):
        notice_of(3, answered_at=SENT + timedelta(hours=10))
    found = page(signed_in(), endpoint="answered")
    assert "100 % of notices were answered within 72 h (n=5)." in found
    assert "an answer to a notice of three links is one here" in found


def test_everybody_reads_the_same_figures(signed_in: Callable[..., Client], people: People) -> None:
    freireich()
    late_notice()
    seen = {role: page(signed_in(role)) for role in ("coordinator", "stranger", "administrator")}
    strips = {role: text[text.index('<ul class="strip">') :][:900] for role, text in seen.items()}
    assert len(set(strips.values())) == 1


def test_the_late_list_shows_only_what_one_may_open(
    signed_in: Callable[..., Client], people: People
) -> None:
    code = late_notice().code
    assert code in page(signed_in("coordinator"))
    assert code in page(signed_in("advocate"))
    for role in ("stranger", "administrator"):
        found = page(signed_in(role))
        assert code not in found
        assert "The late notices belong to others." in found
        assert ("Late notices" in found) == (role != "administrator")


def test_a_mark_leads_to_the_rows_behind_it(signed_in: Callable[..., Client]) -> None:
    for _ in range(5):
        imported("x", gone=20)
        imported("x", gone=60)
    found = page(signed_in())
    links = re.findall(r'href="http://localhost:8000(/response/notices/[^"]*)"', found)
    wanted = next(link for link in links if "hours=48" in link and "waiting" in link)
    behind = page(signed_in(), wanted.replace("&amp;", "&"))
    assert "5 rows are behind this figure" in behind
    assert behind.count("<tr data-row>") == 5
    assert "still online 48 h after sending" in behind


def test_the_list_behind_a_figure_counts_all_and_shows_ones_own(
    signed_in: Callable[..., Client], people: People
) -> None:
    made = notice_of(2)
    for role, shown in (("advocate", 2), ("stranger", 0), ("administrator", 0)):
        found = page(signed_in(role), "/response/notices/", state="waiting")
        assert "2 rows are behind this figure" in found
        assert found.count("<tr data-row>") == shown
        assert (made.code in found) == bool(shown)


def test_old_rows_have_no_notice_to_open(signed_in: Callable[..., Client]) -> None:
    imported("x", gone=20)
    found = page(signed_in(), "/response/notices/", state="ended")
    assert "Old spreadsheet" in found
    assert "20 h" in found


@pytest.mark.parametrize(
    "query", [{"state": "nowhere"}, {"hours": "-3"}, {"hours": "nan"}, {"hours": "1e99"}]
)
def test_a_made_up_mark_leads_nowhere(
    signed_in: Callable[..., Client], query: dict[str, str]
) -> None:
    assert signed_in().get("/response/notices/", query).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"platform": "'; drop table"},
        {"endpoint": "nothing"},
        {"span": "12"},
        {"since": "2026-05-01", "until": "2026-04-01"},
        {"ground": "x" * 5000},
    ],
)
def test_a_filter_that_makes_no_sense_gets_a_sentence(
    signed_in: Callable[..., Client], query: dict[str, str]
) -> None:
    freireich()
    assert "There is a problem" in page(signed_in(), **query)


def test_filters_are_kept_in_every_link(signed_in: Callable[..., Client]) -> None:
    freireich()
    found = page(signed_in(), ground="us-tida-s3", since="2026-01-01")
    assert "/response/table.csv?ground=us-tida-s3&amp;since=2026-01-01" in found
    assert "span=720" in found


def test_a_longer_view_and_a_comparison_can_be_asked_for(
    signed_in: Callable[..., Client],
) -> None:
    for name in ("alpha", "beta", "gamma"):
        freireich(name)
    found = page(signed_in(), first="beta", second="gamma", span="720")
    curve = found[found.index('id="curve"') : found.index('id="median-gone"')]
    assert "Beta, n=21" in curve
    assert "Alpha, n=21" not in curve
    assert "30 d" in curve


def test_a_platform_has_its_own_page_with_its_grounds(signed_in: Callable[..., Client]) -> None:
    freireich("x")
    imported("x", gone=3, ground="eu-dsa-16")
    freireich("reddit")
    found = page(signed_in(), "/response/x/")
    assert "By ground" in found
    assert "n=22" in found
    assert "Reddit, n=" not in found


def test_an_unknown_platform_is_not_there(signed_in: Callable[..., Client]) -> None:
    assert signed_in().get("/response/nowhere/").status_code == 404


def test_the_table_is_a_csv_by_platform_and_ground(signed_in: Callable[..., Client]) -> None:
    freireich("x")
    imported("x", gone=3, ground="eu-dsa-16")
    answer = signed_in().get("/response/table.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="response-times.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(line["ground"], line["n"], line["median_hours"]) for line in lines] == [
        ("eu-dsa-16", "1", ""),
        ("us-tida-s3", "21", "23.0"),
    ]


SVG = re.compile(r"<svg role=.*?</svg>", re.S)


def test_pictures_stay_the_same_for_ten_minutes_but_an_event_counts_from_the_next(
    signed_in: Callable[..., Client], frozen: Any
) -> None:
    made = [notice_of(1, sent=frozen.now - timedelta(hours=2)) for _ in range(6)]
    first = page(signed_in())
    frozen.shift(minutes=4)
    second = page(signed_in())
    assert SVG.findall(first) == SVG.findall(second)
    made[0].outcomes.update(first_seen_gone_at=frozen.now)
    frozen.shift(minutes=1)
    assert SVG.findall(page(signed_in())) != SVG.findall(first)


@pytest.mark.parametrize("url", [URL, "/response/x/"])
def test_what_is_kept_for_a_minute_is_what_would_be_read_again(
    signed_in: Callable[..., Client], frozen: Any, url: str
) -> None:
    freireich()
    imported("reddit", gone=4, seen=2, reappeared=9)
    frozen.shift(seconds=20)
    first = page(signed_in(), url)
    frozen.shift(seconds=30)
    with CaptureQueriesContext(connection) as seen:
        kept = page(signed_in(), url)
    assert not [q["sql"] for q in seen if "EXTRACT" in q["sql"] or "julianday" in q["sql"]]
    cache.clear()
    read_again = page(signed_in(), url)
    assert _main(first) == _main(kept) == _main(read_again)


def _main(said: str) -> str:
    return said.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("query", [{"platform": "x"}, {"span": 720}, {"endpoint": "answered"}])
def test_another_question_is_not_answered_with_what_was_kept(
    signed_in: Callable[..., Client], query: dict[str, object]
) -> None:
    freireich()
    imported("reddit", gone=4)
    page(signed_in())
    after = _main(page(signed_in(), **query))
    cache.clear()
    assert after == _main(page(signed_in(), **query))


def test_a_deadline_that_passes_is_late_at_once(
    signed_in: Callable[..., Client], frozen: Any
) -> None:
    frozen.move_to(SENT + timedelta(hours=47, minutes=59, seconds=55))
    late_notice()
    assert "Nothing is late." in page(signed_in())
    late_notice().clocks.update(due_at=frozen.now - timedelta(seconds=1))
    said = page(signed_in())
    assert "1 notice is late." in said
    assert "Nothing is late." not in said


def test_the_page_costs_the_same_queries_for_two_rows_as_for_sixty(
    signed_in: Callable[..., Client],
) -> None:
    client = signed_in()
    for name in ("x", "reddit", "x", "reddit", "x", "reddit", "x", "reddit", "x", "reddit"):
        imported(name, gone=1)
    late_notice()
    page(client)
    cache.clear()
    with CaptureQueriesContext(connection) as few:
        page(client)
    for hour in range(30):
        imported("x" if hour % 2 else "reddit", gone=hour)
    for _ in range(10):
        late_notice()
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) <= len(few)


def test_strangers_to_the_house_must_sign_in(client: Client, db: None) -> None:
    factories.organisation()
    for name in ("response", "response_notices", "response_table"):
        assert client.get(reverse(f"insights:{name}")).status_code == 302


def test_no_page_carries_a_style_or_a_script_of_its_own(
    signed_in: Callable[..., Client],
) -> None:
    freireich()
    found = page(signed_in())
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=", found)


def kept_rows() -> int:
    return sum(type(one) in (Group, Curve) for one in gc.get_objects())


def test_what_a_page_was_worked_out_from_is_let_go_of_with_it(
    signed_in: Callable[..., Client],
) -> None:
    """Without waiting for the collector: each page of a large house would hold a hundred MB."""
    freireich()
    client = signed_in()
    page(client)
    gc.collect()
    gc.disable()
    try:
        before = kept_rows()
        page(client, ground="tida")
        page(client, f"{URL}x/")
        assert kept_rows() == before
    finally:
        gc.enable()
