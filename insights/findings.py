"""Sentences computed from the figures: a finding where n allows one, counts where it does not."""

from collections.abc import Sequence
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from insights.charts import words
from insights.charts.frame import WEEK, short_hours
from insights.durations import FEW, Curve, Weight, bound_without_events, weight
from insights.endpoints import Endpoint
from insights.filters import Filters, State
from insights.queries import Group
from platforms.models import Platform

BOUND_HOURS = {
    WEEK: gettext_lazy("7 days"),
    72: gettext_lazy("72 hours"),
    48: gettext_lazy("48 hours"),
    24: gettext_lazy("24 hours"),
}


def late(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(n)s notice is late.", "%(n)s notices are late.", count) % {"n": count}


def share(curve: Curve, endpoint: Endpoint) -> str:
    """How much had ended within 72 hours."""
    told = {"n": curve.n, "unit": endpoint.unit, "ended": endpoint.ended, "k": curve.events}
    if not curve.n:
        return _("Nothing was sent in this period.")
    if weight(curve.n) is Weight.COUNTS:
        return _("%(k)s of %(n)s %(unit)s %(ended)s so far: too few for a figure.") % told
    gone = curve.share_gone(72)
    if gone is None:
        return _("No longer than 72 h were followed so far: %(n)s %(unit)s.") % told
    told["share"] = words.percent(gone.value)
    return _("%(share)s of %(unit)s were %(ended)s within 72 h (n=%(n)s).") % told


def headline(group: Group | None, endpoint: Endpoint) -> str:
    """The finding about the slowest platform, or a neutral title."""
    neutral = _("How long it takes %(measured)s") % {"measured": endpoint.measured}
    if group is None or weight(group.curve.n) is not Weight.FULL:
        return neutral
    left, middle = group.curve.remaining_at(WEEK), group.curve.median
    told = {"name": group.name, "unit": endpoint.unit, "waiting": endpoint.waiting}
    if left is not None and left.value >= 0.5:
        told["share"] = words.percent(left.value)
        return _("%(name)s: %(share)s of %(unit)s %(waiting)s after 7 days") % told
    if middle is not None:
        told |= {"ended": endpoint.ended, "hours": short_hours(middle)}
        return _("%(name)s: half of the %(unit)s %(ended)s after %(hours)s") % told
    return neutral


def bounds(groups: Sequence[Group], endpoint: Endpoint) -> list[str]:
    """The exact bound in words for each platform where nothing has ended."""
    silent = [group for group in groups if group.curve.n >= FEW and not group.curve.events]
    return [_bound(group, endpoint) for group in silent]


def _bound(group: Group, endpoint: Endpoint) -> str:
    curve, told = group.curve, {"name": group.name, "ended": endpoint.ended}
    for hours, span in BOUND_HOURS.items():
        bound = bound_without_events(curve, hours)
        if bound is not None and bound.n >= FEW:
            told |= {"n": bound.n, "span": span, "most": ceil(100 * bound.at_most)}
            return (
                _("%(name)s: 0 of %(n)s %(ended)s in %(span)s; at most %(most)s %% (95 %%)") % told
            )
    return _("%(name)s: 0 of %(n)s %(ended)s so far") % (told | {"n": curve.n})


def too_few(groups: Sequence[Group], endpoint: Endpoint) -> str:
    """Counts of the platforms that have no figure of their own."""
    small = [group for group in groups if weight(group.curve.n) is Weight.COUNTS]
    if not small:
        return ""
    counts = [
        _("%(name)s %(k)s of %(n)s")
        % {"name": group.name, "k": group.curve.events, "n": group.curve.n}
        for group in small
    ]
    told = {"ended": endpoint.ended, "counts": "; ".join(counts)}
    return _("Too few for a figure, %(ended)s so far: %(counts)s.") % told


def looks(hours: float | None) -> str:
    """How exact a removal can be known at all."""
    if hours is None:
        return ""
    gap = {"hours": short_hours(hours)}
    usual = _("Usually %(hours)s lay between the last look that found a link and the next.") % gap
    rough = _("Figures for 24 h are therefore rough.") if hours > 6 else ""
    return f"{usual} {rough}".strip()


def behind(filters: Filters, state: State | None, hours: float | None) -> str:
    """What the rows of the drill-down have in common."""
    told = {"measured": filters.endpoint.measured, "platform": _platform_name(filters)}
    about = _("%(platform)s, %(measured)s") % told
    if state is None:
        return about
    told |= {"about": about, "state": _state(filters, state)}
    if hours is None:
        return _("%(about)s: %(state)s now") % told
    told["hours"] = short_hours(hours)
    return _("%(about)s: %(state)s %(hours)s after sending") % told


def _platform_name(filters: Filters) -> str:
    name = Platform.objects.filter(key=filters.platform).values_list("name", flat=True).first()
    return name or _("All platforms")


def _state(filters: Filters, state: State) -> str:
    if state is State.ENDED:
        return str(filters.endpoint.ended)
    return str(filters.endpoint.waiting if state is State.WAITING else state.label)
