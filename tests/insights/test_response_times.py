import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from insights.exports import safe_cell
from tests.insights.history import freireich, imported, notice_of

pytestmark = pytest.mark.django_db


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("response_times", *arguments, stdout=out)
    return out.getvalue()


def rows(*arguments: str) -> list[dict[str, Any]]:
    found = json.loads(printed(*arguments, "--format", "json"))
    assert isinstance(found, list)
    return found


def test_published_survival_times_give_the_published_figures(frozen: Any) -> None:
    freireich()
    (row,) = rows("--endpoint", "gone")
    assert list(row) == [
        "platform", "ground", "endpoint", "n", "events", "censored", "median_hours", "median_ci",
        "share_24h", "share_48h", "share_72h",
    ]  # fmt: skip
    assert (row["platform"], row["ground"], row["endpoint"]) == ("x", None, "gone")
    assert (row["n"], row["events"], row["censored"]) == (21, 9, 12)
    assert row["median_hours"] == 23
    assert row["median_ci"] == [13, None]
    assert row["share_24h"] == [
        pytest.approx(1 - 0.448, abs=5e-4),
        pytest.approx(1 - 0.680, abs=5e-4),
        pytest.approx(1 - 0.188, abs=5e-4),
    ]
    assert row["share_48h"] == row["share_72h"] == [None, None, None]


def test_unanswered_rows_count_and_what_is_not_reached_is_null(frozen: Any) -> None:
    # Of five rows one ends at 10 h and two more were followed to 30 h: S(24) = 4/5; after that
    # two are open until the import and nothing else ends, so half is never reached.
    imported(answered=10)
    for hours in (30, 30):
        imported(stopped=hours)
    imported()
    imported()
    (row,) = rows("--endpoint", "answered")
    assert (row["n"], row["events"], row["censored"]) == (5, 1, 4)
    assert row["median_hours"] is None
    assert row["median_ci"] == [10, None]
    assert row["share_24h"][0] == row["share_72h"][0] == pytest.approx(0.2)
    assert row["share_24h"][1] == pytest.approx(0.0309, abs=5e-4)
    assert row["share_24h"][2] == pytest.approx(0.7962, abs=5e-4)


def test_nothing_and_all_have_an_estimate_without_limits(frozen: Any) -> None:
    for _ in range(6):
        imported("silent")
        imported("fast", gone=3)
    fast, silent = rows()
    assert fast["share_24h"] == [1, None, None]
    assert fast["median_hours"] == 3
    assert silent["share_72h"] == [0, None, None]


def test_a_receipt_for_three_links_is_three_rows(frozen: Any) -> None:
    notice_of(3)
    (row,) = rows("--endpoint", "acknowledged")
    assert row["n"] == 3


def test_grounds_and_channels_are_told_apart_when_asked(frozen: Any) -> None:
    imported("x", gone=1)
    imported("x", gone=2, ground="eu-dsa-16")
    assert [(r["ground"], r["n"]) for r in rows("--by", "ground")] == [
        ("eu-dsa-16", 1),
        ("us-tida-s3", 1),
    ]
    assert rows("--by", "channel")[0]["ground"] is None
    assert rows("--ground", "eu-dsa-16")[0]["ground"] == "eu-dsa-16"


def test_days_and_platform_narrow_the_rows(frozen: Any) -> None:
    imported("x", gone=1)
    imported("reddit", gone=1)
    assert [row["platform"] for row in rows("--platform", "reddit")] == ["reddit"]
    assert rows("--since", "2026-03-03") == []
    assert len(rows("--since", "2026-03-02", "--until", "2026-03-02")) == 2


def test_nothing_in_the_history_is_an_empty_list(frozen: Any) -> None:
    assert rows() == []
    assert printed("--format", "csv").count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [("--since", "yesterday"), ("--platform", "nowhere"), ("--until", "2026-13-01")]
)
def test_a_mistake_is_named(arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=arguments[1]):
        printed(*arguments)


def test_the_table_for_people_leaves_figures_out_below_five(frozen: Any) -> None:
    freireich("x")
    for _ in range(4):
        imported("tiny", gone=1)
    lines = printed().splitlines()
    assert lines[1].split() == ["tiny", "–", "4", "4", "0", "–", "–", "–", "–", "–"]
    assert "23 h" in lines[2]


def test_the_csv_says_its_unit_and_leaves_figures_out_below_five(frozen: Any) -> None:
    freireich("x")
    imported("tiny", gone=1)
    lines = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert [line["platform"] for line in lines] == ["tiny", "x"]
    assert (lines[0]["n"], lines[0]["median_hours"]) == ("1", "")
    assert (lines[1]["unit"], lines[1]["median_hours"]) == ("rows: one link in one notice", "23.0")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell("plain") == "plain"
