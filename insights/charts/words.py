"""Figures as a reader meets them: never more exact than they are, a dash where undefined."""

from django.utils.translation import gettext as _

from insights.charts.frame import short_hours
from insights.durations import Curve, Estimate, Weight, weight

UNDEFINED = "–"


def percent(share: float | None) -> str:
    """Whole per cent; what is nearly none or nearly all is not written as none or all."""
    if share is None:
        return UNDEFINED
    if 0 < share < 0.005:
        return _("under 1 %")
    if 0.995 < share < 1:
        return _("over 99 %")
    return _("%(n)s %%") % {"n": f"{100 * share:.0f}"}


def hours(value: float | None) -> str:
    return UNDEFINED if value is None else short_hours(value)


def limits(low: str, high: str) -> str:
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def estimate(found: Estimate | None) -> str:
    if found is None:
        return UNDEFINED
    values = {"value": percent(found.value), "limits": share_limits(found)}
    return _("%(value)s (%(limits)s)") % values


def share_limits(found: Estimate | None) -> str:
    if found is None or found.low is None or found.high is None:
        return UNDEFINED
    return limits(percent(found.low), percent(found.high))


def median(curve: Curve) -> str:
    return _("not reached") if curve.median is None else hours(curve.median)


def median_limits(curve: Curve) -> str:
    """An end that the band never gives stays open, which is not the same as far away."""
    low, high = curve.median_interval
    if low is None and high is None:
        return UNDEFINED
    return limits(hours(low), _("not reached") if high is None else hours(high))


def few(n: int) -> str:
    return _("few cases") if weight(n) is Weight.PALE else ""


def n_of(n: int) -> str:
    return _("n=%(n)s") % {"n": n}
