"""C2: every platform on the same scale, all of them behind it as ghosts.

What lies behind is drawn once; each small picture repeats it by reference and draws its own line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from django.utils.translation import gettext as _

from insights.charts import medians, shares, survival, words
from insights.charts.frame import SMALL, WEEK, Frame, References, layer, mark
from insights.charts.paint import Theme, series
from insights.charts.picture import Backdrop, Drawn, Picture, Spec, Table
from insights.durations import Weight, weight

# What the axes need: pictures that lie on each other cannot each find their own.
ROOM = {"top": 12, "right": 20, "bottom": 28, "left": 46}


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
) -> tuple[Backdrop, list[Small]]:
    drawn, frame = medians.shown(rows), Frame(SMALL, theme, WEEK)
    behind = _backdrop(drawn, frame, references)
    own = replace(frame, has_axes=False)
    return behind, [_small(row, own, waiting, behind) for row in drawn]


def _backdrop(rows: Sequence[medians.Row], frame: Frame, references: References) -> Backdrop:
    ghosts = [point for row in rows for point in _ghost(row, frame)]
    layers = [*frame.behind(references), _lines(ghosts, frame)]
    return Backdrop(frame.spec(survival.HEIGHTS[SMALL], layers, ROOM))


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


def _lines(points: list[Spec], frame: Frame) -> Spec:
    drawn = mark("line", interpolate="step-after", color=frame.paint("ghost"), strokeWidth=1)
    at = {"x": frame.hours(field="hours"), "y": frame.share(field="share")}
    return layer(drawn, at | {"detail": {"field": "name"}}, points)


def _small(row: medians.Row, frame: Frame, waiting: str, behind: Backdrop) -> Small:
    line = survival.Line(row.name, row.curve)
    layers = survival.curve_layers(line, series(0, frame.theme), (), frame, ticks=False)
    spec = frame.spec(survival.HEIGHTS[SMALL], layers, ROOM)
    title = _("%(name)s: %(waiting)s") % {"name": row.name, "waiting": waiting}
    picture = Picture(title, survival.describe([line], waiting), spec, behind)
    return Small(
        row.name, row.href, row.curve.n, words.median(row.curve), words.few(row.curve.n), picture
    )


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
