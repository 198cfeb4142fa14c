"""T35 and T36: n beside every figure, none from a handful, a label for what is measured."""

import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command

from insights.charts import picture
from insights.endpoints import Endpoint
from tests import factories
from tests.insights.history import SENT, imported

pytestmark = pytest.mark.django_db
WORDS = {
    "gone": "until we saw it gone",
    "acknowledged": "until the automatic receipt",
    "answered": "until the first human answer",
    "decided": "until the decision",
}


@pytest.fixture
def coordinator(client, people, frozen, monkeypatch):
    factories.organisation()
    frozen.move_to(SENT + timedelta(days=90))
    drawn = []
    monkeypatch.setattr(picture, "_draw", lambda spec: drawn.append(spec) or "<svg></svg>")
    client.force_login(people.coordinator)
    client.drawn = drawn
    return client


def rows(platform, count):
    for hour in range(1, count + 1):
        imported(platform, gone=hour * 5)


def said(client, **query):
    return client.get("/response/", query).content.decode()


def test_t35_n_stands_beside_every_figure_of_the_page_and_of_its_pictures(coordinator):
    rows("x", 21)
    rows("reddit", 7)
    page = said(coordinator)
    for figure in re.findall(r"strip-figure[^>]*>\s*\d+ %.*?</a>", page, re.DOTALL):
        assert re.search(r"n=\d+|of \d+", figure), figure
    pictures = json.dumps(coordinator.drawn, ensure_ascii=False, default=str)
    assert "n=21" in pictures
    assert "n=7" in pictures


@pytest.mark.parametrize(("count", "has_figure"), [(4, False), (5, True)])
def test_t35_fewer_than_five_rows_give_counts_and_no_figure(coordinator, capsys, count, has_figure):
    rows("x", count)
    call_command("response_times", format="table")
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[2] == str(count)
    assert ("%" in line) is has_figure


def test_t35_fewer_than_twenty_rows_are_called_few(coordinator):
    rows("x", 19)
    assert "few cases" in said(coordinator)


@pytest.mark.parametrize("endpoint", Endpoint.values)
def test_t36_the_label_says_what_is_measured(coordinator, endpoint):
    rows("x", 6)
    page = said(coordinator, endpoint=endpoint)
    lead = re.search(r'class="lead".*?<p class="meta mb-0">(.*?)</p>', page, re.DOTALL).group(1)
    assert WORDS[endpoint] in lead
    assert all(words not in lead for name, words in WORDS.items() if name != endpoint)
