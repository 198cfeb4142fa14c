"""C3: by when half had ended, a dot and its 95 % range per platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from insights.charts import words
from insights.charts.frame import NARROW, WEEK, Band, Frame, References, layer, mark
from insights.charts.paint import Theme
from insights.charts.picture import Picture, Spec, Table
from insights.durations import Curve, Weight, weight

ROW = 34
HEAD_AND_FOOT = 104


@dataclass(frozen=True, slots=True)
class Row:
    """A platform with its curve; `href` leads to the notices behind it."""

    name: str
    curve: Curve
    href: str = ""


def shown(rows: Sequence[Row]) -> list[Row]:
    """Those with n of at least five, the quickest first, those not reached last."""
    enough = [row for row in rows if weight(row.curve.n) is not Weight.COUNTS]
    return sorted(enough, key=_by_median)


def _by_median(row: Row) -> tuple[float, float, str]:
    median = row.curve.median
    return (float("inf") if median is None else median, row.curve.left, row.name)


def picture(rows: Sequence[Row], *, title: str, frame: Frame, band: Band | None = None) -> Picture:
    drawn = shown(rows)
    layers = frame.behind(References(band=band))
    layers += [*_ranges(drawn, frame), *_dots(drawn, frame), *_notes(drawn, frame)]
    padding = {"top": 6, "right": 16, "bottom": 8, "left": 8}
    names = frame.gutter((row.name for row in drawn), _longest_name(frame))
    names += frame.gutter(map(_margin, drawn), _longest_name(frame))
    spec = frame.spec(ROW * max(1, len(drawn)) + HEAD_AND_FOOT, layers, padding, names)
    return Picture(title, describe(drawn), spec)


def platforms(rows: Sequence[Row], frame: Frame, **more: object) -> Spec:
    """The vertical axis, in the order given."""
    axis = {
        "title": None,
        "ticks": False,
        "domain": False,
        "grid": False,
        "labelPadding": 12,
        "labelColor": frame.paint("ink"),
        "labelLimit": _longest_name(frame),
    }
    scale = {"domain": [row.name for row in rows]}
    return {"field": "name", "type": "nominal", "sort": None, "axis": axis, "scale": scale} | more


def _longest_name(frame: Frame) -> int:
    return 180 if frame.width == NARROW else 240


def _ranges(rows: Sequence[Row], frame: Frame) -> list[Spec]:
    """From the lower to the upper end; an arrow where the upper one lies beyond the axis."""
    values = [value for row in rows if (value := _range(row, frame)) is not None]
    colour = frame.paint("series-1")
    y = platforms(rows, frame)
    line = mark("rule", color=colour, strokeWidth=2.5)
    ends = {"x": frame.hours(field="low"), "x2": {"field": "high"}, "y": y, "opacity": STRENGTH}
    arrow = mark("point", shape="triangle-right", filled=True, size=90, color=colour)
    open_ended = [value for value in values if value["open"]]
    tips = {"x": frame.hours(field="high"), "y": y, "opacity": STRENGTH}
    return [layer(line, ends, values), layer(arrow, tips, open_ended)]


STRENGTH: Spec = {"field": "strength", "type": "quantitative", "scale": None}


def _strength(row: Row) -> float:
    return 0.55 if weight(row.curve.n) is Weight.PALE else 1


def _range(row: Row, frame: Frame) -> Spec | None:
    low, high = row.curve.median_interval
    if low is None or low > frame.until:
        return None
    beyond = high is None or high > frame.until
    end = frame.until if high is None or high > frame.until else high
    strength = _strength(row)
    return {"name": row.name, "low": low, "high": end, "open": beyond, "strength": strength}


def _dots(rows: Sequence[Row], frame: Frame) -> list[Spec]:
    dot = {"type": "point", "filled": True, "size": 130, "color": frame.paint("series-1")}
    encoding = {
        "x": frame.hours(field="median"),
        "y": platforms(rows, frame),
        "opacity": STRENGTH,
        "href": {"field": "href"},
        "description": {"field": "label"},
    }
    reached = [
        {
            "name": row.name,
            "median": row.curve.median,
            "strength": _strength(row),
            "href": row.href or None,
            "label": sentence(row),
        }
        for row in rows
        if row.curve.median is not None and row.curve.median <= frame.until
    ]
    return [layer(dot, encoding, reached)]


def _notes(rows: Sequence[Row], frame: Frame) -> list[Spec]:
    """What lies beyond the axis is said in words and never drawn at the edge as a value."""
    n = [{"name": row.name, "words": _margin(row)} for row in rows]
    said = [(row, note) for row in rows if (note := _beyond(row, frame))]
    over = [_note(row, note) for row, note in said if _range(row, frame)]
    alone = [_note(row, note) for row, note in said if not _range(row, frame)]
    at = {"y": platforms(rows, frame), "text": {"field": "words"}}
    margin = mark("text", align="left", dx=10, x={"expr": "width"})
    inside = mark("text", align="right", dx=-12, x={"expr": "width"})
    above = frame.haloed(inside | {"dy": -13}, at, over)
    return [layer(margin, at, n), *above, *frame.haloed(inside, at, alone)]


def _note(row: Row, note: str) -> Spec:
    return {"name": row.name, "words": note}


def _margin(row: Row) -> str:
    return words.n_of(row.curve.n) + ("*" if weight(row.curve.n) is Weight.PALE else "")


def _beyond(row: Row, frame: Frame) -> str:
    curve = row.curve
    if curve.median is not None:
        return words.median(curve) if curve.median > frame.until else ""
    if frame.until == WEEK and curve.remaining_at(WEEK) is not None:
        narrow = frame.width == NARROW
        return _("not in 7 days") if narrow else _("half not yet after 7 days")
    return words.median(curve)


def sentence(row: Row) -> str:
    return _("%(name)s, n=%(n)s: median %(median)s, 95 %% range %(limits)s") % {
        "name": row.name,
        "n": row.curve.n,
        "median": words.median(row.curve),
        "limits": words.median_limits(row.curve),
    }


def describe(rows: Sequence[Row]) -> str:
    return ". ".join(sentence(row) for row in rows)


def table(rows: Sequence[Row]) -> Table:
    columns = [_("Platform"), _("n"), _("Median"), _("95 % range")]
    ordered = [*shown(rows), *(row for row in rows if weight(row.curve.n) is Weight.COUNTS)]
    return Table(columns, [_table_row(row) for row in ordered])


def _table_row(row: Row) -> list[str]:
    if weight(row.curve.n) is Weight.COUNTS:
        return [row.name, str(row.curve.n), words.UNDEFINED, words.UNDEFINED]
    return [
        row.name,
        str(row.curve.n),
        words.median(row.curve),
        words.median_limits(row.curve),
    ]


def two_widths(
    rows: Sequence[Row], *, title: str, axis: str, band: Band | None, theme: Theme = "screen"
) -> tuple[Picture, Picture]:
    wide, narrow = (
        picture(rows, title=title, frame=Frame(width, theme, WEEK, axis), band=band)
        for width in (760, NARROW)
    )
    return wide, narrow
