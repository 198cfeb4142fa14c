import pytest

from insights.durations import (
    Bound,
    Estimate,
    Interval,
    Weight,
    at_most,
    bound_without_events,
    kaplan_meier,
    weight,
    wilson,
)

# Newcombe 1998, table I, score method without continuity correction.
PUBLISHED = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]


@pytest.mark.parametrize(("k", "n", "low", "high"), PUBLISHED)
def test_wilson_agrees_with_the_published_intervals(
    k: int, n: int, low: float, high: float
) -> None:
    assert wilson(k, n) == Estimate(
        k / n, pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5)
    )


def test_wilson_of_all_mirrors_wilson_of_none() -> None:
    none, every = wilson(0, 29), wilson(29, 29)
    assert none is not None
    assert every is not None
    assert every.high == 1
    assert none.low == 0
    assert every.low == pytest.approx(1 - (none.high or 0))


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


def test_wilson_refuses_more_than_there_are() -> None:
    with pytest.raises(ValueError, match="between"):
        wilson(5, 4)


def test_none_of_94_means_at_most_four_percent() -> None:
    # (1 - p)^94 = 0.025 has the solution p = 0.0385.
    assert at_most(94) == pytest.approx(0.0385, abs=5e-5)
    assert (1 - at_most(94)) ** 94 == pytest.approx(0.025)
    assert at_most(1) == pytest.approx(0.975)


def test_the_bound_counts_only_what_was_followed_so_long() -> None:
    curve = kaplan_meier([Interval(200, False, 90), Interval(168, False, 4), Interval(100, False)])
    assert bound_without_events(curve, 168) == Bound(94, 168, at_most(94))


def test_there_is_no_bound_once_something_ended() -> None:
    curve = kaplan_meier([Interval(10, True), Interval(200, False, 90)])
    assert bound_without_events(curve, 168) is None
    assert bound_without_events(curve, 9) is not None


def test_there_is_no_bound_when_nothing_was_followed_so_long() -> None:
    assert bound_without_events(kaplan_meier([Interval(10, False, 9)]), 168) is None


def test_fewer_than_five_are_counts_and_fewer_than_twenty_are_pale() -> None:
    weights = [weight(n) for n in (0, 4, 5, 19, 20)]
    assert weights == [Weight.COUNTS, Weight.COUNTS, Weight.PALE, Weight.PALE, Weight.FULL]
