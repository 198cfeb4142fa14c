"""C1: how much still waits, hour by hour after the notice."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from insights.charts import words
from insights.charts.frame import (
    MONTH,
    NARROW,
    QUARTER,
    SMALL,
    WEEK,
    Frame,
    References,
    layer,
    mark,
    short_hours,
)
from insights.charts.paint import DASHES, MOST_SERIES, Theme, series
from insights.charts.picture import Picture, Spec, Table
from insights.durations import Curve, Moment, Weight, weight

# The hours of the tables and of the dots, by the length of the picture.
LOOKS: dict[int, tuple[int, ...]] = {
    WEEK: (0, 24, 48, 72, WEEK),
    MONTH: (0, 72, WEEK, 336, MONTH),
    QUARTER: (0, WEEK, MONTH, 1440, QUARTER),
}
MOST_COMPARED = 2
HEIGHTS = {NARROW: 340, SMALL: 140}
# Two names at the right edge that lie closer than this share of the height would overlap.
CROWDED = 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """One platform's curve; `href` leads from an hour to the notices still waiting then."""

    name: str
    curve: Curve
    href: Callable[[int], str] | None = None

    @property
    def is_pale(self) -> bool:
        return weight(self.curve.n) is Weight.PALE


def picture(
    lines: Sequence[Line], *, title: str, waiting: str, frame: Frame, references: References
) -> Picture:
    """At most five lines with n of at least five; the caller says the rest in a sentence."""
    drawn = [line for line in lines if weight(line.curve.n) is not Weight.COUNTS][:MOST_SERIES]
    layers = frame.behind(references)
    for place, line in enumerate(drawn):
        layers += curve_layers(line, series(place, frame.theme), DASHES[place], frame)
    layers += [*frame.limits(references), *_names(drawn, frame), *_doors(drawn, waiting, frame)]
    padding = {"top": 6, "right": 24, "bottom": 8, "left": 8}
    spec = frame.spec(HEIGHTS.get(frame.width, 400), layers, padding)
    return Picture(title, describe(drawn, waiting), spec)


def curve_layers(
    line: Line, colour: str, dash: Sequence[int], frame: Frame, *, ticks: bool = True
) -> list[Spec]:
    strength = 0.55 if line.is_pale else 1
    points = path(line.curve, frame)
    banded = [point for point in points if point["low"] is not None]
    area = mark("area", interpolate="step-after", color=colour, opacity=0.18 * strength)
    stroke = {"strokeDash": list(dash)} if dash else {}
    thick = 2 if frame.width == SMALL else 2.5
    step = mark("line", interpolate="step-after", color=colour, strokeWidth=thick, **stroke)
    x = frame.hours(field="hours")
    band = {"x": x, "y": frame.share(field="low"), "y2": {"field": "high"}}
    layers = [
        layer(area, band, banded),
        layer(step | {"opacity": strength}, {"x": x, "y": frame.share(field="share")}, points),
    ]
    if ticks:
        stop = mark("tick", orient="vertical", color=colour, size=10, thickness=1.5)
        layers.append(layer(stop, {"x": x, "y": frame.share(field="share")}, _stops(line, frame)))
    return layers


def path(curve: Curve, frame: Frame) -> list[Spec]:
    """From all still waiting to as far as anything was followed, at most a point a pixel."""
    points = [_point(0, 1.0, None, None), *_last_in_column(curve, curve.gone, frame)]
    end = frame.until if curve.remaining_at(frame.until) else curve.followed_to
    return [*points, points[-1] | {"hours": end}]


def _at(moment: Moment) -> Spec:
    remaining = moment.remaining
    return _point(moment.hours, remaining.value, remaining.low, remaining.high)


def _point(hours: float, share: float, low: float | None, high: float | None) -> Spec:
    return {"hours": round(hours, 2), "share": share, "low": low, "high": high}


def _last_in_column(curve: Curve, counts: Sequence[int], frame: Frame) -> Iterator[Spec]:
    """Where something counts, the last moment of each pixel: a curve only falls."""
    column, shown = frame.until / frame.width, bisect_right(curve.hours, frame.until)
    moments = zip(curve.hours[:shown], counts, range(shown), strict=False)
    last = {int(hours / column): place for hours, count, place in moments if count}
    return (_at(curve.moment(place)) for place in last.values())


def _stops(line: Line, frame: Frame) -> list[Spec]:
    return list(_last_in_column(line.curve, line.curve.stopped, frame))


def _names(lines: Sequence[Line], frame: Frame) -> list[Spec]:
    """Names at the ends of the lines instead of a legend, the crowded lower one below."""
    ends = [path(line.curve, frame)[-1] for line in lines]
    layers: list[Spec] = []
    for end, line in zip(ends, lines, strict=True):
        look = {"align": "right", "fontWeight": 600, "color": frame.paint("ink")}
        above = [other["share"] for other in ends if other is not end]
        drawn = mark("text", text=_labelled(line, frame), dy=_rise(end["share"], above), **look)
        x, y = frame.hours(datum=end["hours"]), frame.share(datum=end["share"])
        layers += frame.haloed(drawn, {"x": x, "y": y})
    return layers


def _rise(share: float, others: Sequence[float]) -> int:
    """Pixels down from the line's end; head and foot of the plot belong to the references."""
    if share < CROWDED:
        return -28
    if share > 1 - CROWDED:
        return 20
    return 18 if any(0 <= other - share < CROWDED for other in others) else -12


def _labelled(line: Line, frame: Frame) -> str:
    if frame.width == NARROW:
        return line.name
    parts = [line.name, words.n_of(line.curve.n), words.few(line.curve.n)]
    return ", ".join(part for part in parts if part)


def _doors(lines: Sequence[Line], waiting: str, frame: Frame) -> list[Spec]:
    """Dots that lead to the notices behind them; each says in words what it stands for."""
    layers = []
    for place, line in enumerate(lines):
        colour = series(place, frame.theme)
        dot = {"type": "point", "filled": True, "size": 90, "opacity": 1, "color": colour}
        encoding = {
            "x": frame.hours(field="hours"),
            "y": frame.share(field="share"),
            "href": {"field": "href"},
            "description": {"field": "label"},
        }
        layers.append(layer(dot, encoding, list(_door_values(line, waiting, frame))))
    return layers


def _door_values(line: Line, waiting: str, frame: Frame) -> Iterator[Spec]:
    for hours in LOOKS[frame.until][1:]:
        remaining = line.curve.remaining_at(hours)
        if line.href is None or remaining is None:
            continue
        label = _("%(name)s, %(hours)s: %(share)s %(waiting)s, n=%(n)s") % {
            "name": line.name,
            "hours": short_hours(hours),
            "share": words.percent(remaining.value),
            "waiting": waiting,
            "n": line.curve.n,
        }
        yield {
            "hours": hours,
            "share": remaining.value,
            "href": line.href(hours),
            "label": label,
        }


def describe(lines: Sequence[Line], waiting: str) -> str:
    sentences = [
        _("%(name)s, n=%(n)s: median %(median)s, %(share)s %(waiting)s after 7 days.")
        % {
            "name": line.name,
            "n": line.curve.n,
            "median": words.median(line.curve),
            "share": words.percent(_value(line.curve, 168)),
            "waiting": waiting,
        }
        for line in lines
    ]
    return " ".join(sentences)


def _value(curve: Curve, hours: float) -> float | None:
    remaining = curve.remaining_at(hours)
    return None if remaining is None else remaining.value


def at_risk(lines: Sequence[Line], ended: str, until: int = WEEK) -> Table:
    """The compact table under the picture: how many were followed, had ended, had stopped."""
    first = _("followed / %(ended)s / stopped") % {"ended": ended}
    looks = LOOKS[until]
    rows = [[line.name, *(_counts(line.curve, hours) for hours in looks)] for line in lines]
    return Table([first, *(short_hours(hours) for hours in looks)], rows)


def _counts(curve: Curve, hours: int) -> str:
    counts = curve.followed_at(hours)
    return f"{counts.followed}/{counts.gone}/{counts.stopped}"


def table(lines: Sequence[Line], waiting: str, ended: str, until: int = WEEK) -> Table:
    columns = [
        _("Platform"),
        _("After"),
        _("Followed"),
        ended.capitalize(),
        _("Stopped"),
        _("%(waiting)s, %%") % {"waiting": waiting.capitalize()},
        _("95 % range"),
    ]
    return Table(columns, [_table_row(line, hours) for line in lines for hours in LOOKS[until]])


def _table_row(line: Line, hours: int) -> list[str]:
    counts = line.curve.followed_at(hours)
    known = weight(line.curve.n) is not Weight.COUNTS
    remaining = line.curve.remaining_at(hours) if known else None
    return [
        line.name,
        short_hours(hours),
        str(counts.followed),
        str(counts.gone),
        str(counts.stopped),
        words.percent(remaining.value if remaining else None),
        words.share_limits(remaining),
    ]


def two_widths(
    lines: Sequence[Line],
    *,
    title: str,
    waiting: str,
    until: int,
    references: References,
    theme: Theme = "screen",
) -> tuple[Picture, Picture]:
    label = _("Time since the notice was sent")
    frames = [Frame(width, theme, until, label) for width in (760, NARROW)]
    wide, narrow = (
        picture(lines, title=title, waiting=waiting, frame=frame, references=references)
        for frame in frames
    )
    return wide, narrow
