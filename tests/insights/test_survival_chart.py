from insights.charts import survival
from insights.charts.frame import MONTH, QUARTER, WEEK, Frame, Limit, References
from insights.charts.picture import Picture
from insights.durations import Interval, kaplan_meier
from tests.insights.drawn import LINES, REFERENCES, SITE, all_gone, curve, none_gone, texts


def draw(*lines: survival.Line, until: int = WEEK, width: int = 760) -> Picture:
    frame = Frame(width, "screen", until, "Time since the notice was sent")
    return survival.picture(
        lines, title="T", waiting="still online", frame=frame, references=REFERENCES
    )


def test_lines_are_named_at_their_ends_with_n_beside() -> None:
    found = texts(draw(*LINES[:2]))
    assert "Fast, n=88" in found
    assert "Facebook, Google, Microsoft (published 24–72 h)" in found
    assert "48 h legal limit (US)" in found


def test_fewer_than_twenty_are_called_few_and_drawn_pale() -> None:
    picture = draw(LINES[2])
    assert "Few, n=12, few cases" in texts(picture)
    assert 'opacity="0.55"' in picture.svg
    assert 'opacity="0.55"' not in draw(LINES[0]).svg


def test_fewer_than_five_are_not_drawn() -> None:
    picture = draw(LINES[4])
    assert "Tiny" not in picture.svg
    assert picture.description == ""


def test_a_curve_ends_where_following_ended() -> None:
    short = survival.Line("Short", kaplan_meier([Interval(9, True, 5), Interval(30, False, 5)]))
    points = survival.path(short.curve, Frame())
    assert [(point["hours"], point["share"]) for point in points] == [(0, 1), (9, 0.5), (30, 0.5)]


def test_a_curve_at_nothing_goes_on_to_the_edge() -> None:
    points = survival.path(all_gone(8, 10), Frame())
    assert [(point["hours"], point["share"]) for point in points] == [(0, 1), (10, 0), (168, 0)]


def test_a_thousand_steps_are_no_more_than_a_point_a_pixel() -> None:
    steps = kaplan_meier([Interval(i / 100, True) for i in range(16000)])
    points = survival.path(steps, Frame(480))
    assert len(points) <= 482
    assert points[-1]["share"] == steps.remaining_at(168).value  # type: ignore[union-attr]


def test_marks_lead_to_what_still_waits_at_that_hour() -> None:
    svg = draw(survival.Line("Slow", none_gone(94), lambda hours: f"{SITE}/r/?at={hours}")).svg
    assert f'href="{SITE}/r/?at=72" aria-label="Slow, 72 h: 100 % still online, n=94"' in svg


def test_longer_views_have_their_own_ticks_and_references() -> None:
    assert "30 d" in texts(draw(LINES[0], until=MONTH))
    line = Limit(1008, "42 d: slowest 10 % in C3P 2021", "muted")
    frame = Frame(760, "screen", QUARTER)
    args = {"title": "T", "waiting": "w", "frame": frame}
    picture = survival.picture([LINES[0]], references=References(None, [line]), **args)
    assert "42 d: slowest 10 %" in texts(picture)
    week = survival.picture(
        [LINES[0]], references=References(None, [line]), **(args | {"frame": Frame()})
    )
    assert "42 d" not in texts(week)


def test_tables_and_dots_follow_the_length_of_the_picture() -> None:
    line = survival.Line("Slow", none_gone(9, 2200), lambda hours: f"{SITE}/r/?at={hours}")
    assert survival.at_risk([line], "gone").columns[1:] == ["0 h", "24 h", "48 h", "72 h", "7 d"]
    longer = survival.at_risk([line], "gone", QUARTER)
    assert longer.columns[0] == "followed / gone / stopped"
    assert longer.columns[1:] == ["0 h", "7 d", "30 d", "60 d", "90 d"]
    assert longer.rows == [["Slow", *["9/0/0"] * 5]]
    assert "?at=1440" in draw(line, until=QUARTER).svg


def test_no_more_than_five_lines_are_coloured() -> None:
    lines = [survival.Line(f"P{i}", curve(30, 20 + i)) for i in range(7)]
    svg = draw(*lines).svg
    assert "P4, n=30" in svg
    assert "P5, n=30" not in svg


def test_the_table_counts_and_leaves_figures_out_below_five() -> None:
    found = survival.table([LINES[3], LINES[4]], "still online", "gone")
    assert found.columns[3:] == ["Gone", "Stopped", "Still online, %", "95 % range"]
    assert found.rows[3] == ["Silent", "72 h", "94", "0", "0", "100 %", "–"]
    assert [row[-2:] for row in found.rows[5:]] == [["–", "–"]] * 5
