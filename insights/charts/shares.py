"""C4: what share had ended within 24, 48 and 72 hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from insights.charts import words
from insights.charts.frame import NARROW, Frame, layer, mark, short_hours
from insights.charts.medians import Row, platforms
from insights.charts.paint import Theme
from insights.charts.picture import Picture, Spec, Table
from insights.durations import Curve, Estimate, Weight, weight

WITHIN = (24, 48, 72)
SHAPES = ("circle", "square", "triangle-up")
TOKENS = ("series-1", "series-2", "series-4")
ROW = 48
HEAD_AND_FOOT = 116


@dataclass(frozen=True, slots=True)
class Shares:
    """A platform's curve; `href` leads from an hour to the notices ended by then."""

    name: str
    curve: Curve
    href: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A share that others published, drawn as a line across."""

    share: float
    label: str


def shown(rows: Sequence[Shares]) -> list[Shares]:
    enough = [row for row in rows if weight(row.curve.n) is not Weight.COUNTS]
    return sorted(enough, key=_by_last)


def _by_last(row: Shares) -> tuple[float, str]:
    found = row.curve.share_gone(WITHIN[-1])
    return (-found.value if found else 1, row.name)


def picture(
    rows: Sequence[Shares], *, title: str, axis: str, frame: Frame, published: Published | None
) -> Picture:
    drawn = shown(rows)
    values = [value for row in drawn for value in _values(row)]
    layers = [
        *_published(published, frame),
        _whiskers(drawn, values, frame, axis),
        _strings(drawn, values, frame, axis),
        _dots(drawn, values, frame, axis),
    ]
    padding = {"top": 6, "right": 24, "bottom": 8, "left": 8}
    names = frame.gutter(map(_named, drawn), _longest_name(frame))
    spec = frame.spec(ROW * max(1, len(drawn)) + HEAD_AND_FOOT, layers, padding, names)
    return Picture(title, describe(drawn), spec)


def _values(row: Shares) -> list[Spec]:
    found = [(hours, row.curve.share_gone(hours)) for hours in WITHIN]
    return [_value(row, hours, share) for hours, share in found if share is not None]


def _value(row: Shares, hours: int, found: Estimate) -> Spec:
    return {
        "name": _named(row),
        "within": short_hours(hours),
        "share": found.value,
        "low": found.low,
        "high": found.high,
        "strength": 0.55 if weight(row.curve.n) is Weight.PALE else 1,
        "href": row.href(hours) if row.href else None,
        "label": sentence(row, hours),
    }


def _named(row: Shares) -> str:
    return f"{row.name}, {words.n_of(row.curve.n)}"


def _published(published: Published | None, frame: Frame) -> list[Spec]:
    if published is None:
        return []
    colour, at = frame.paint("muted"), {"x": _percent(frame, "", datum=published.share)}
    align = "right" if published.share > 0.5 else "left"
    words_on_top = mark("text", text=published.label, y=0, dy=-8, baseline="bottom", align=align)
    line = mark("rule", color=colour, strokeDash=[5, 4], strokeWidth=2)
    return [layer(line, at), layer(words_on_top, at)]


def _percent(frame: Frame, axis: str, **more: object) -> Spec:
    ticks = [0, 0.5, 1] if frame.width == NARROW else [0, 0.25, 0.5, 0.75, 1]
    drawn = {"values": ticks, "format": ".0%", "title": axis}
    scale = {"domain": [0, 1], "nice": False}
    return {"type": "quantitative", "axis": drawn, "scale": scale} | more


def _beside(rows: Sequence[Shares], frame: Frame) -> Spec:
    """Three lanes a platform, so that whiskers do not lie on each other."""
    lanes = {"field": "within", "type": "nominal", "sort": None, "scale": {"paddingOuter": 0.4}}
    named = [Row(_named(row), row.curve) for row in rows]
    limit = {"labelLimit": _longest_name(frame)}
    y = platforms(named, frame)
    return {"y": y | {"axis": y["axis"] | limit}, "yOffset": lanes}


def _longest_name(frame: Frame) -> int:
    return 250 if frame.width == NARROW else 340


def _look(frame: Frame) -> Spec:
    names = [short_hours(hours) for hours in WITHIN]
    legend = {"title": None, "orient": "bottom", "symbolSize": 130, "direction": "horizontal"}
    colours = [frame.paint(token) for token in TOKENS]
    field = {"field": "within", "type": "nominal", "legend": legend}
    return {
        "color": field | {"scale": {"domain": names, "range": colours}},
        "shape": field | {"scale": {"domain": names, "range": list(SHAPES)}},
    }


def _whiskers(rows: Sequence[Shares], values: list[Spec], frame: Frame, axis: str) -> Spec:
    limited = [value for value in values if value["low"] is not None]
    ends = {"x": _percent(frame, axis, field="low"), "x2": {"field": "high"}}
    look = {"color": _look(frame)["color"], "opacity": STRENGTH}
    drawn = mark("rule", strokeWidth=2)
    return layer(drawn, ends | _beside(rows, frame) | look, limited)


STRENGTH: Spec = {"field": "strength", "type": "quantitative", "scale": None}


def _strings(rows: Sequence[Shares], values: list[Spec], frame: Frame, axis: str) -> Spec:
    """A thin line that holds a platform's three dots together."""
    drawn = mark("line", color=frame.paint("muted"), strokeWidth=1)
    at = {"x": _percent(frame, axis, field="share"), "detail": {"field": "name"}}
    order = {"order": {"field": "within", "sort": None}}
    return layer(drawn, at | _beside(rows, frame) | order, values)


def _dots(rows: Sequence[Shares], values: list[Spec], frame: Frame, axis: str) -> Spec:
    at = {"x": _percent(frame, axis, field="share")}
    words_and_door = {"href": {"field": "href"}, "description": {"field": "label"}}
    encoding = at | _beside(rows, frame) | _look(frame) | words_and_door | {"opacity": STRENGTH}
    return layer({"type": "point", "filled": True, "size": 130}, encoding, values)


def sentence(row: Shares, hours: int) -> str:
    return _("%(name)s within %(hours)s: %(share)s, n=%(n)s") % {
        "name": row.name,
        "hours": short_hours(hours),
        "share": words.estimate(row.curve.share_gone(hours)),
        "n": row.curve.n,
    }


def describe(rows: Sequence[Shares]) -> str:
    return ". ".join(sentence(row, hours) for row in rows for hours in WITHIN)


def table(rows: Sequence[Shares], ended: str) -> Table:
    columns = [_("Platform"), _("n")]
    for hours in WITHIN:
        told = {"ended": ended.capitalize(), "hours": short_hours(hours)}
        columns += [_("%(ended)s by %(hours)s") % told, _("Estimate, 95 % range")]
    ordered = [*shown(rows), *(row for row in rows if weight(row.curve.n) is Weight.COUNTS)]
    return Table(columns, [_table_row(row) for row in ordered])


def _table_row(row: Shares) -> list[str]:
    cells = [row.name, str(row.curve.n)]
    for hours in WITHIN:
        gone = row.curve.followed_at(hours).gone
        cells.append(_("%(k)s of %(n)s") % {"k": gone, "n": row.curve.n})
        enough = weight(row.curve.n) is not Weight.COUNTS
        cells.append(words.estimate(row.curve.share_gone(hours)) if enough else words.UNDEFINED)
    return cells


def two_widths(
    rows: Sequence[Shares],
    *,
    title: str,
    axis: str,
    published: Published | None = None,
    theme: Theme = "screen",
) -> tuple[Picture, Picture]:
    wide, narrow = (
        picture(rows, title=title, axis=axis, frame=Frame(width, theme), published=published)
        for width in (760, NARROW)
    )
    return wide, narrow
