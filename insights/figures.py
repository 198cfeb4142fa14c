"""A chart with its words, its table and its links, ready for the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from insights import references
from insights.charts import medians, multiples, shares, survival
from insights.charts.picture import Backdrop, Drawn, Picture, Table
from insights.durations import Weight, weight
from insights.endpoints import Endpoint
from insights.filters import Filters, State
from insights.queries import Group


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    title: str
    how: str
    table: Table
    wide: Picture | Drawn | None = None
    narrow: Picture | Drawn | None = None
    smalls: Sequence[multiples.Small] = ()
    behind: Backdrop | Drawn | None = None
    at_risk: Table | None = None

    @property
    def is_empty(self) -> bool:
        return self.wide is None and not self.smalls

    def drawn(self) -> "Figure":
        """Every picture drawn, so that the figure is small enough to be kept."""
        return replace(
            self,
            wide=_drawn(self.wide),
            narrow=_drawn(self.narrow),
            smalls=[small.drawn() for small in self.smalls],
            behind=_drawn(self.behind),
        )


def _drawn(picture: Picture | Backdrop | Drawn | None) -> Drawn | None:
    return Drawn(picture.svg) if picture else None


def marks(filters: Filters, state: State, hours: float | None = None) -> str:
    """The address of the rows behind a mark: absolute, as pictures need it."""
    more = {"state": state.value} | ({"hours": hours} if hours is not None else {})
    path = reverse("insights:response_notices")
    return f"{settings.SITE_URL}{path}?{filters.query(**more)}"


def _door(filters: Filters, group: Group, state: State) -> Callable[[int], str]:
    return lambda hours: marks(filters.of(platform=group.platform), state, hours)


def enough(groups: Sequence[Group]) -> list[Group]:
    return [group for group in groups if weight(group.curve.n) is not Weight.COUNTS]


def curves(groups: Sequence[Group], filters: Filters, title: str, until: int) -> Figure:
    """C1."""
    waiting, ended = str(filters.endpoint.waiting), str(filters.endpoint.ended)
    lines = [
        survival.Line(group.name, group.curve, _door(filters, group, State.WAITING))
        for group in groups
    ]
    told = {"waiting": waiting, "unit": filters.endpoint.unit}
    how = _(
        "Share of %(unit)s %(waiting)s, by time since sending. Shaded: 95 %% range. "
        "Small strokes: following stopped. Dots lead to what lies behind them."
    )
    table, below = (
        survival.table(lines, waiting, ended, until),
        survival.at_risk(lines, ended, until),
    )
    if not enough(groups):
        return Figure("curve", title, how % told, table, at_risk=below)
    keys = [group.platform for group in groups]
    beside = references.references(filters.endpoint, filters.ground, keys)
    drawn = survival.two_widths(lines, title=title, waiting=waiting, until=until, references=beside)
    return Figure("curve", title, how % told, table, *drawn, at_risk=below)


def median_panel(groups: Sequence[Group], filters: Filters) -> Figure:
    """One panel of C3."""
    endpoint = filters.endpoint
    title = _("Median time %(measured)s") % {"measured": endpoint.measured}
    how = _(
        "Dot: time by which half of the %(unit)s were %(ended)s. Line: 95 %% range, with an arrow "
        "where it is open. A star: few cases."
    )
    rows = [
        medians.Row(
            group.name, group.curve, marks(filters.of(platform=group.platform), State.ENDED)
        )
        for group in groups
    ]
    told = {"unit": endpoint.unit, "ended": endpoint.ended}
    table, key = medians.table(rows), f"median-{endpoint.value}"
    if not enough(groups):
        return Figure(key, title, how % told, table)
    axis = _("Time since the notice was sent")
    drawn = medians.two_widths(rows, title=title, axis=axis, band=references.short_band())
    return Figure(key, title, how % told, table, *drawn)


def every_platform(groups: Sequence[Group], filters: Filters) -> Figure:
    """C2."""
    waiting = str(filters.endpoint.waiting)
    rows = [medians.Row(group.name, group.curve, platform_page(group)) for group in groups]
    beside = references.references(filters.endpoint, filters.ground, [])
    behind, smalls = multiples.pictures(rows, waiting=waiting, references=beside)
    how = _("Share %(waiting)s over 7 days, quickest first. Grey: the other platforms.")
    title = _("Every platform on the same scale")
    told = {"waiting": waiting}
    return Figure("every", title, how % told, multiples.table(rows), smalls=smalls, behind=behind)


def platform_page(group: Group) -> str:
    return reverse("insights:response_platform", args=[group.platform])


def within(groups: Sequence[Group], filters: Filters) -> Figure:
    """C4."""
    endpoint = filters.endpoint
    told = {"unit": endpoint.unit, "ended": endpoint.ended}
    title = _("What share was %(ended)s within 24, 48 and 72 hours") % told
    how = (
        _(
            "Estimates that count what is still open, with 95 %% ranges. The law asks for removal "
            "within 48 h where it applies."
        )
        if endpoint is Endpoint.GONE
        else _("Estimates that count what is still open, with 95 %% ranges.")
    )
    rows = [
        shares.Shares(group.name, group.curve, _door(filters, group, State.ENDED))
        for group in groups
    ]
    table = shares.table(rows, str(endpoint.ended))
    if not enough(groups):
        return Figure("within", title, how % told, table)
    drawn = shares.two_widths(
        rows,
        title=title,
        axis=_("Share of %(unit)s %(ended)s") % told,
        published=references.published_share(endpoint),
    )
    return Figure("within", title, how % told, table, *drawn)


def by_ground(groups: Sequence[Group], names: dict[str, str]) -> Table:
    """The grounds that were used with one platform, side by side."""
    rows = [medians.Row(names.get(g.ground or "", g.ground or ""), g.curve) for g in groups]
    table = multiples.table(rows)
    return Table([_("Ground"), *table.columns[1:]], table.rows)
