import re

import pytest

from insights.charts import medians, multiples, shares, survival, words
from insights.charts.frame import NARROW, SMALL, WEEK, Band, Frame, short_hours
from insights.durations import Estimate, Interval, kaplan_meier
from tests.insights.drawn import BAND, HOSTILE, REFERENCES, ROWS, SHARES, all_gone, texts


def test_medians_are_ordered_with_not_reached_last_and_tiny_left_out() -> None:
    assert [row.name for row in medians.shown(ROWS)] == ["Fast", HOSTILE, "Few", "Silent"]


def test_a_median_not_reached_is_words_and_never_a_dot() -> None:
    rows = [ROWS[3]]
    picture = medians.picture(rows, title="T", frame=Frame(), band=BAND)
    assert "half not yet after 7 days" in texts(picture)
    assert "<a " not in picture.svg


def test_a_median_beyond_the_axis_is_written_and_not_drawn() -> None:
    rows = [medians.Row("Late", all_gone(20, 300), "http://localhost:8000/x/")]
    picture = medians.picture(rows, title="T", frame=Frame())
    assert "12.5 d" in texts(picture)
    assert "<a " not in picture.svg


def test_a_median_whose_end_is_open_gets_an_arrow() -> None:
    found = kaplan_meier([Interval(20, True, 10), Interval(200, False, 8)])
    assert found.median_interval[1] is None
    picture = medians.picture([medians.Row("Open", found)], title="T", frame=Frame())
    tips = [layer for layer in picture.spec["layer"] if layer["mark"].get("shape")]
    assert [value["high"] for value in tips[0]["data"]["values"]] == [168]
    assert "undefined" not in picture.svg


def test_the_medians_table_keeps_tiny_platforms_with_their_n_alone() -> None:
    rows = {row[0]: row[1:] for row in medians.table(ROWS).rows}
    assert rows["Tiny"] == ["4", "–", "–"]
    assert rows["Silent"] == ["94", "not reached", "–"]


def test_shares_show_three_dots_with_limits_and_the_published_line() -> None:
    picture = shares.picture(
        SHARES[:1],
        title="T",
        axis="Share of links gone",
        frame=Frame(),
        published=shares.Published(0.74, "INHOPE 2020: 74 %"),
    )
    assert picture.svg.count("<a ") == 3
    assert "INHOPE 2020: 74 %" in texts(picture)
    assert "Fast, n=88" in texts(picture)


def test_the_shares_table_gives_counts_beside_estimates() -> None:
    rows = {row[0]: row for row in shares.table(SHARES, "gone").rows}
    assert rows["Silent"][2:4] == ["0 of 94", "0 % (–)"]
    assert rows["Tiny"][3] == "–"


def test_small_pictures_show_the_others_as_ghosts_behind() -> None:
    behind, smalls = multiples.pictures(ROWS, waiting="still online", references=REFERENCES)
    assert [(s.name, s.n, s.few) for s in smalls if s.name != HOSTILE] == [
        ("Fast", 88, ""),
        ("Few", 12, "few cases"),
        ("Silent", 94, ""),
    ]
    assert behind.svg.count("var(--ghost)") == len(smalls) == 4
    for small in smalls:
        assert f'<use href="#{behind.mark}"' in small.picture.svg
        assert "var(--ghost)" not in small.picture.svg


def test_small_pictures_and_what_lies_behind_share_one_plot() -> None:
    behind, smalls = multiples.pictures(ROWS, waiting="still online", references=REFERENCES)
    for drawn in (behind.svg, *(small.picture.svg for small in smalls)):
        assert 'viewBox="0 0 240 140"' in drawn
        assert f"translate({multiples.ROOM['left']},{multiples.ROOM['top']})" in drawn
        assert "h174v100h-174Z" in drawn


def test_a_ghost_leaves_out_only_what_no_eye_could_tell_apart() -> None:
    curve = kaplan_meier([Interval(hours / 10, True) for hours in range(1, 1401)])
    frame = Frame(SMALL, "screen", WEEK)
    whole = survival.path(curve, frame)
    ghost = multiples._ghost(medians.Row("Dice", curve), frame)
    assert len(ghost) < len(whole)
    assert (ghost[0]["share"], ghost[-1]["share"]) == (whole[0]["share"], whole[-1]["share"])
    for point in whole:
        drawn = min(p["share"] for p in ghost if p["hours"] <= point["hours"])
        assert 0 <= drawn - point["share"] < 1 / survival.HEIGHTS[SMALL]


def test_narrow_pictures_are_narrow_and_use_fewer_words() -> None:
    short = Band(24, 72, "Published 24–72 h")
    picture = medians.two_widths(ROWS, title="T", axis="Time", band=short)[1]
    width = re.search(r'width="(\d+)"', picture.svg)
    assert width and abs(int(width[1]) - NARROW) < 60
    assert "not in 7 days" in texts(picture)


def test_n_stays_beside_a_long_name_where_there_is_little_room() -> None:
    rows = [shares.Shares("Google Search", SHARES[0].curve)]
    assert "Google Search, n=88" in texts(shares.two_widths(rows, title="T", axis="Share")[1])


@pytest.mark.parametrize(
    ("hours", "told"),
    [(0, "0 h"), (0.2, "12 min"), (1, "1 h"), (71.6, "72 h"), (96, "4 d"), (300, "12.5 d")],
)
def test_times_are_told_in_the_unit_that_fits(hours: float, told: str) -> None:
    assert short_hours(hours) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(None, "–"), (0, "0 %"), (0.001, "under 1 %"), (0.9999, "over 99 %"), (1, "100 %")],
)
def test_nearly_none_is_not_told_as_none(share: float | None, told: str) -> None:
    assert words.percent(share) == told


def test_an_estimate_without_limits_says_so_with_a_dash() -> None:
    assert words.estimate(Estimate(0.5, 0.4, 0.6)) == "50 % (40 % to 60 %)"
    assert words.estimate(Estimate(0, None, None)) == "0 % (–)"
    assert words.estimate(None) == "–"
