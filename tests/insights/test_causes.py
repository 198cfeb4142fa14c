import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.durations import Ending, Interval, cumulative_incidence, kaplan_meier, share_at

CAUSES = st.sampled_from(["removed", "account gone", None])
ENDINGS = st.lists(st.builds(Ending, st.integers(0, 30).map(float), CAUSES), max_size=30)


def test_two_causes_share_the_ends_as_computed_by_hand() -> None:
    # 5 followed. Hour 1: removed, 1 * 1/5. Hour 2: account gone, 4/5 * 1/4. Hour 3: stopped.
    # Hour 4: removed, 3/5 * 1/2 = 3/10. Hour 5: still open.
    found = cumulative_incidence(
        [
            Ending(1, "removed"),
            Ending(2, "account gone"),
            Ending(3, None),
            Ending(4, "removed"),
            Ending(5, None),
        ]
    )
    assert [(rise.hours, rise.share) for rise in found["removed"]] == [
        (1, pytest.approx(0.2)),
        (4, pytest.approx(0.5)),
    ]
    assert [(rise.hours, rise.share) for rise in found["account gone"]] == [(2, pytest.approx(0.2))]


def test_two_causes_in_one_hour_share_that_step() -> None:
    found = cumulative_incidence([Ending(1, "a", 2), Ending(1, "b", 1), Ending(9, None, 1)])
    assert share_at(found["a"], 1) == pytest.approx(0.5)
    assert share_at(found["b"], 1) == pytest.approx(0.25)
    assert share_at(found["b"], 0.5) == 0


def test_without_ends_there_are_no_causes() -> None:
    assert cumulative_incidence([Ending(4, None)]) == {}
    assert cumulative_incidence([]) == {}


@given(ENDINGS)
def test_all_causes_together_are_one_minus_kaplan_meier(endings: list[Ending]) -> None:
    found = cumulative_incidence(endings)
    curve = kaplan_meier([Interval(e.hours, e.cause is not None) for e in endings])
    for step in curve.steps:
        together = sum(share_at(rises, step.hours) for rises in found.values())
        assert together == pytest.approx(1 - step.remaining.value)
