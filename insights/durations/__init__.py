"""Waiting times of which some have not ended: pure, from values to values, hours throughout."""

from insights.durations.causes import Ending, Rise, cumulative_incidence, share_at
from insights.durations.proportions import Bound, at_most, bound_without_events, wilson
from insights.durations.survival import (
    Curve,
    Estimate,
    Followed,
    Interval,
    Moment,
    combined,
    counted,
    kaplan_meier,
)
from insights.durations.turnbull import Mass, Seen, grid, turnbull
from insights.durations.weight import FEW, PALE, Weight, weight

__all__ = [
    "FEW",
    "PALE",
    "Bound",
    "Curve",
    "Ending",
    "Estimate",
    "Followed",
    "Interval",
    "Mass",
    "Moment",
    "Rise",
    "Seen",
    "Weight",
    "at_most",
    "bound_without_events",
    "combined",
    "counted",
    "cumulative_incidence",
    "grid",
    "kaplan_meier",
    "share_at",
    "turnbull",
    "weight",
    "wilson",
]
