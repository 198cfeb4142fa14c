from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.durations import Curve, Estimate, Followed, Interval, combined, kaplan_meier
from tests.insights.published import PLACEBO, SIX_MP, times

INTERVALS = st.builds(
    Interval,
    hours=st.integers(0, 40).map(float),
    event=st.booleans(),
    count=st.integers(1, 4),
)
LISTS = st.lists(INTERVALS, max_size=30)


def curve(text: str) -> Curve:
    return kaplan_meier(times(text))


# Estimate, and log(-log) limits as the statistical packages print them for these data.
PUBLISHED = [
    (6, 0.857, 0.620, 0.952),
    (7, 0.807, 0.563, 0.923),
    (10, 0.753, 0.503, 0.889),
    (13, 0.690, 0.432, 0.849),
    (16, 0.627, 0.368, 0.805),
    (22, 0.538, 0.268, 0.747),
    (23, 0.448, 0.188, 0.680),
]


@pytest.mark.parametrize(("week", "value", "low", "high"), PUBLISHED)
def test_remission_under_6_mp_agrees_with_the_published_table(
    week: float, value: float, low: float, high: float
) -> None:
    found = curve(SIX_MP).remaining_at(week)
    assert found == Estimate(
        pytest.approx(value, abs=5e-4), pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4)
    )


def test_the_number_followed_and_gone_agrees_with_the_published_table() -> None:
    steps = [(step.hours, step.followed, step.gone) for step in curve(SIX_MP).steps]
    assert steps == [
        (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1),
    ]  # fmt: skip


def test_medians_and_their_intervals_agree_with_the_published_ones() -> None:
    assert curve(SIX_MP).median == 23
    assert curve(SIX_MP).median_interval == (13, None)
    assert curve(PLACEBO).median == 8
    assert curve(PLACEBO).median_interval == (4, 11)


def test_without_censoring_greenwood_is_the_binomial_variance() -> None:
    # Of 4, one has gone at hour 1: S = 3/4, V(S) = S(1-S)/n = 3/64, so that the standard
    # error on the log(-log) scale is sqrt(3/64) / (3/4 * |ln 3/4|) = 1.00345.
    found = kaplan_meier([Interval(1, True), Interval(9, True, 3)]).remaining_at(1)
    assert found is not None
    assert found.value == 0.75
    assert found.low == pytest.approx(0.127946, abs=1e-5)
    assert found.high == pytest.approx(0.960547, abs=1e-5)
    assert sqrt(3 / 64) / (0.75 * 0.2876820724) == pytest.approx(1.00345, abs=1e-5)


def test_what_ends_and_what_stops_in_the_same_hour_ends_first() -> None:
    found = kaplan_meier([Interval(5, False), Interval(5, True), Interval(8, True)])
    assert [step.remaining.value for step in found.steps] == pytest.approx([2 / 3, 0])


def test_ties_are_one_step() -> None:
    found = kaplan_meier([Interval(5, True), Interval(5, True), Interval(8, False, 2)])
    assert [(step.hours, step.gone) for step in found.steps] == [(5, 2)]
    assert found.median == 5


def test_a_half_that_is_only_nearly_a_half_in_floating_point_is_the_median() -> None:
    # 5/6 * 4/5 * 3/4 misses 1/2 by one unit in the last place.
    found = kaplan_meier([Interval(hour, True) for hour in range(1, 7)])
    assert found.median == 3


def test_when_nothing_ended_there_is_no_median_and_no_limit() -> None:
    found = kaplan_meier([Interval(100, False, 94)])
    assert (found.n, found.events, found.censored) == (94, 0, 94)
    assert found.median is None
    assert found.median_interval == (None, None)
    assert found.share_gone(72) == Estimate(0, None, None)


def test_when_everything_ended_the_share_is_one_without_limits_for_ever() -> None:
    found = kaplan_meier([Interval(3, True, 2), Interval(7, True, 2)])
    assert found.share_gone(7) == Estimate(1, None, None)
    assert found.share_gone(1000) == Estimate(1, None, None)


def test_a_share_is_undefined_beyond_the_last_one_followed() -> None:
    found = kaplan_meier([Interval(3, True), Interval(20, False)])
    assert found.share_gone(20) is not None
    assert found.share_gone(24) is None


def test_a_single_end_jumps_from_all_to_none() -> None:
    found = kaplan_meier([Interval(7, True)])
    assert found.median == 7
    assert found.median_interval == (None, None)
    assert found.share_gone(6) == Estimate(0, None, None)
    assert found.share_gone(7) == Estimate(1, None, None)


def test_an_end_in_the_hour_of_sending_counts_at_zero() -> None:
    found = kaplan_meier([Interval(0, True), Interval(5, False)])
    assert found.remaining_at(0) is not None
    assert found.remaining_at(0).value == 0.5  # type: ignore[union-attr]
    assert found.median == 0


def test_nothing_at_all_has_no_figures() -> None:
    found = kaplan_meier([])
    assert (found.n, found.events, found.censored, found.followed_to) == (0, 0, 0, 0)
    assert found.median is None
    assert found.share_gone(0) is None


@pytest.mark.parametrize("hours", [-1.0, float("nan"), float("inf")])
def test_an_impossible_length_is_refused(hours: float) -> None:
    with pytest.raises(ValueError, match="zero hours or more"):
        kaplan_meier([Interval(3, True), Interval(hours, True)])


def test_the_at_risk_table_adds_up_and_counts_a_stop_at_its_own_hour_as_followed() -> None:
    found = kaplan_meier([Interval(0, True), Interval(24, True), Interval(24, False)])
    table = [found.followed_at(hours) for hours in (0, 24, 48)]
    assert table == [Followed(0, 2, 1, 0), Followed(24, 1, 2, 0), Followed(48, 0, 2, 1)]


@given(LISTS)
def test_a_curve_only_falls_and_stays_within_its_limits(intervals: list[Interval]) -> None:
    shares = [moment.remaining for moment in kaplan_meier(intervals).moments]
    assert all(later.value <= earlier.value for earlier, later in pairwise(shares))
    for share in shares:
        assert 0 <= share.value <= 1
        if share.low is not None and share.high is not None:
            assert 0 <= share.low <= share.value <= share.high <= 1


@given(LISTS, LISTS)
def test_curves_are_combined_as_if_their_rows_were_one_list(
    some: list[Interval], more: list[Interval]
) -> None:
    assert combined([kaplan_meier(some), kaplan_meier(more)]) == kaplan_meier([*some, *more])


@given(LISTS, st.randoms())
def test_the_order_of_the_rows_does_not_matter(intervals: list[Interval], chance: object) -> None:
    shuffled = list(intervals)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert kaplan_meier(shuffled) == kaplan_meier(intervals)


@given(LISTS)
def test_rows_with_a_count_are_the_same_as_single_rows(intervals: list[Interval]) -> None:
    single = [Interval(i.hours, i.event) for i in intervals for _ in range(i.count)]
    assert kaplan_meier(single) == kaplan_meier(intervals)


@given(LISTS, st.integers(41, 90))
def test_following_longer_after_the_last_end_changes_nothing_before(
    intervals: list[Interval], later: int
) -> None:
    short = kaplan_meier([*intervals, Interval(40.5, False)])
    long = kaplan_meier([*intervals, Interval(later, False)])
    assert short.steps == long.steps


@given(LISTS)
def test_what_stopped_before_the_first_end_changes_no_estimate(intervals: list[Interval]) -> None:
    later = [Interval(i.hours + 2, i.event, i.count) for i in intervals]
    without, with_it = kaplan_meier(later), kaplan_meier([*later, Interval(1, False)])
    assert [s.remaining for s in without.steps] == [s.remaining for s in with_it.steps]


@given(LISTS, st.integers(0, 50))
def test_the_at_risk_counts_always_add_up(intervals: list[Interval], hours: int) -> None:
    found = kaplan_meier(intervals)
    row = found.followed_at(hours)
    assert row.followed + row.gone + row.stopped == found.n
    assert min(row.followed, row.gone, row.stopped) >= 0


@given(st.lists(INTERVALS, min_size=5, max_size=30), st.sampled_from([1, 100]))
def test_the_range_of_the_median_is_where_the_limits_first_pass_one_half(
    intervals: list[Interval], times_more: int
) -> None:
    found = kaplan_meier([Interval(i.hours, i.event, i.count * times_more) for i in intervals])
    limits = [(step.hours, step.remaining) for step in found.steps]
    half = 0.5 + 1e-12
    low = [hours for hours, share in limits if share.low is not None and share.low <= half]
    high = [hours for hours, share in limits if share.high is not None and share.high <= half]
    assert found.median_interval == (next(iter(low), None), next(iter(high), None))
