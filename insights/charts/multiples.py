"""C2: every platform on the same scale, the others behind it as ghosts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from django.utils.translation import gettext as _

from insights.charts import medians, shares, survival, words
from insights.charts.frame import SMALL, WEEK, Frame, References, layer, mark
from insights.charts.paint import Theme, series
from insights.charts.picture import Drawn, Picture, Spec, Table
from insights.durations import Weight, weight


@dataclass(frozen=True, slots=True)
class Small:
    """One of the small pictures; name, n, median and the link stand beside it as text."""

    name: str
    href: str
    n: int
    median: str
    few: str
    picture: Picture | Drawn

    def drawn(self) -> "Small":
        return replace(self, picture=Drawn(self.picture.svg))


def pictures(
    rows: Sequence[medians.Row], *, waiting: str, references: References, theme: Theme = "screen"
) -> list[Small]:
    frame = Frame(SMALL, theme, WEEK)
    drawn = medians.shown(rows)
    ghosts = [_ghost(row, frame) for row in drawn]
    return [_small(row, ghosts, frame, references, waiting) for row in drawn]


def _ghost(row: medians.Row, frame: Frame) -> list[Spec]:
    points = _thinned(survival.path(row.curve, frame))
    return [{"hours": p["hours"], "share": p["share"], "name": row.name} for p in points]


def _thinned(points: Sequence[Spec]) -> Iterator[Spec]:
    """Leave out what lies less than a pixel lower than the point before; keep both ends."""
    pixel, above = 1 / survival.HEIGHTS[SMALL], inf
    for point in points[:-1]:
        if above - point["share"] >= pixel:
            above = point["share"]
            yield point
    yield points[-1]


def _small(
    row: medians.Row,
    ghosts: Sequence[list[Spec]],
    frame: Frame,
    references: References,
    waiting: str,
) -> Small:
    others = [point for ghost in ghosts for point in ghost if point["name"] != row.name]
    line = survival.Line(row.name, row.curve)
    layers = [*frame.behind(references), _behind(others, frame)]
    layers += survival.curve_layers(line, series(0, frame.theme), (), frame, ticks=False)
    padding = {"top": 6, "right": 12, "bottom": 4, "left": 4}
    spec = frame.spec(survival.HEIGHTS[SMALL], layers, padding)
    title = _("%(name)s: %(waiting)s") % {"name": row.name, "waiting": waiting}
    picture = Picture(title, survival.describe([line], waiting), spec)
    return Small(
        row.name, row.href, row.curve.n, words.median(row.curve), words.few(row.curve.n), picture
    )


def _behind(points: list[Spec], frame: Frame) -> Spec:
    drawn = mark("line", interpolate="step-after", color=frame.paint("ghost"), strokeWidth=1)
    at = {"x": frame.hours(field="hours"), "y": frame.share(field="share")}
    return layer(drawn, at | {"detail": {"field": "name"}}, points)


def table(rows: Sequence[medians.Row]) -> Table:
    within = [words.hours(hours) for hours in shares.WITHIN]
    columns = [_("Platform"), _("n"), _("Median"), _("95 % range"), *within]
    ordered = medians.shown(rows)
    ordered += [row for row in rows if weight(row.curve.n) is Weight.COUNTS]
    return Table(columns, [_table_row(row) for row in ordered])


def _table_row(row: medians.Row) -> list[str]:
    if weight(row.curve.n) is Weight.COUNTS:
        return [row.name, str(row.curve.n), *[words.UNDEFINED] * (2 + len(shares.WITHIN))]
    within = [words.estimate(row.curve.share_gone(hours)) for hours in shares.WITHIN]
    middle = [words.median(row.curve), words.median_limits(row.curve)]
    return [row.name, str(row.curve.n), *middle, *within]
