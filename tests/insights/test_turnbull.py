from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.durations import Seen, grid, kaplan_meier, turnbull
from tests.insights.published import RADIOTHERAPY, SIX_MP, times, visits

# Finkelstein and Wolfe 1985, radiotherapy alone: mass and where it lies.
PUBLISHED = [
    (4, 5, 0.0463),
    (6, 7, 0.0334),
    (7, 8, 0.0887),
    (11, 12, 0.0708),
    (24, 25, 0.0926),
    (33, 34, 0.0818),
    (38, 40, 0.1209),
    (46, 48, 0.4656),
]


def test_the_published_masses_are_found() -> None:
    found = [(mass.after, mass.by, mass.share) for mass in turnbull(visits(RADIOTHERAPY))]
    assert found == [(a, b, pytest.approx(share, abs=5e-5)) for a, b, share in PUBLISHED]


def test_times_known_to_the_hour_give_kaplan_meier() -> None:
    seen = [Seen(i.hours, i.hours if i.event else inf) for i in times(SIX_MP)]
    steps = kaplan_meier(times(SIX_MP)).steps
    found = {mass.by: mass.share for mass in turnbull(seen)}
    remaining = 1.0
    for step in steps:
        remaining -= found[step.hours]
        assert remaining == pytest.approx(step.remaining.value, abs=1e-4)
    assert found[inf] == pytest.approx(steps[-1].remaining.value, abs=1e-4)


def test_the_grid_is_hourly_for_a_week_then_six_hourly_then_daily() -> None:
    ends = grid(24 * 40)
    assert ends[168] == 168
    assert ends[169] == 174
    assert ends[ends.index(720) + 1] == 744
    assert ends[-1] == 960


def test_an_ending_between_two_looks_keeps_its_whole_interval() -> None:
    assert [(m.after, m.by) for m in turnbull([Seen(2, 8, 3)])] == [(2, 8)]


def test_nothing_seen_has_no_mass() -> None:
    assert turnbull([]) == ()


def test_looks_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="earlier one first"):
        Seen(5, 4)


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 90), st.booleans()), min_size=1, max_size=25
    )
)
def test_the_masses_always_add_up_to_one(rows: list[tuple[int, int, bool]]) -> None:
    seen = [Seen(a, a + width if closed else inf) for a, width, closed in rows]
    assert sum(mass.share for mass in turnbull(seen)) == pytest.approx(1, abs=1e-4)
