"""What all charts share: size, typeface, axes and the published references."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from insights.charts.paint import Theme, paint
from insights.charts.picture import MEASURED_IN, Spec

WEEK = 168
MONTH = 720
QUARTER = 2160
TICKS: dict[int, tuple[int, ...]] = {
    WEEK: (0, 24, 48, 72, 96, 120, 144, 168),
    MONTH: (0, 72, 168, 336, 504, 720),
    QUARTER: (0, 168, 720, 1440, 2160),
}
NARROW = 480
SMALL = 240
NARROW_TICKS = {WEEK: (0, 48, 96, 168), MONTH: (0, 168, 336, 720), QUARTER: (0, 720, 2160)}


@dataclass(frozen=True, slots=True)
class Band:
    """Hours that others published, drawn behind the marks and named."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A dashed line at `hours`, for instance what a law allows."""

    hours: float
    label: str
    token: str = "over"  # noqa: S105  A colour token.


@dataclass(frozen=True, slots=True)
class References:
    band: Band | None = None
    limits: Sequence[Limit] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Frame:
    """How and how large to draw; `until` is the last hour on a time axis."""

    width: int = 760
    theme: Theme = "screen"
    until: int = WEEK
    hours_title: str | None = None
    has_axes: bool = True

    @property
    def font_size(self) -> int:
        """Large enough that 12 px remain when the page squeezes the picture."""
        return {SMALL: 13, NARROW: 19}.get(self.width, 16)

    def paint(self, token: str) -> str:
        return paint(token, self.theme)

    def spec(self, height: int, layers: list[Spec], padding: Spec, names: int = 0) -> Spec:
        """A picture of about this size; `names` are the pixels for an axis of names.

        The engine adds what the axes turn out to need: to fit them in, it would draw twice. Around
        the plot of a small picture there is `padding` and nothing more.
        """
        is_fixed = self.width == SMALL
        across = 0 if is_fixed else 25 + max(names, 3 * self.font_size)
        upright = 0 if is_fixed else 45 + 2 * self.font_size
        return {
            "width": self.width - across - padding["left"] - padding["right"],
            "height": height - upright - padding["top"] - padding["bottom"],
            "autosize": "none" if is_fixed else "pad",
            "padding": padding,
            "background": None,
            "layer": layers,
            "config": self._config(),
        }

    def gutter(self, names: Iterable[str], most: int) -> int:
        """About the pixels that the longest of these names takes, if it may take so many."""
        letters = max((len(name) for name in names), default=0)
        return min(most, round(0.6 * self.font_size * letters))

    def _config(self) -> Spec:
        ink, line = self.paint("muted"), self.paint("line")
        axis = {
            "labelFontSize": self.font_size,
            "titleFontSize": self.font_size,
            "titleFontWeight": "normal",
            "labelColor": ink,
            "titleColor": ink,
            "gridColor": line,
            "tickColor": line,
            "domainColor": line,
            "labelPadding": 6,
            "titlePadding": 10,
            "aria": False,
        }
        legend = {"labelFontSize": self.font_size, "labelColor": ink, "aria": False}
        return {
            "font": MEASURED_IN,
            "axis": axis,
            "legend": legend,
            "view": {"stroke": None},
            "text": {"fontSize": self.font_size, "color": ink},
        }

    def hours(self, **more: object) -> Spec:
        """The time axis, which every layer repeats so that they agree on it."""
        ticks = self._ticks()
        axis = {
            "values": list(ticks),
            "labelExpr": labels(ticks),
            "title": self.hours_title,
            "labelBound": False,
            "labelFlush": False,
        }
        scale = {"domain": [0, self.until], "nice": False, "clamp": False}
        return {"type": "quantitative", "scale": scale, "axis": self._drawn(axis)} | more

    def _drawn(self, axis: Spec) -> Spec | None:
        return axis if self.has_axes else None

    def _ticks(self) -> tuple[int, ...]:
        if self.width == SMALL:
            return (0, 72, self.until)
        return (NARROW_TICKS if self.width == NARROW else TICKS)[self.until]

    def share(self, **more: object) -> Spec:
        values = [0, 0.5, 1] if self.width == SMALL else [0, 0.25, 0.5, 0.75, 1]
        axis = {"values": values, "format": ".0%", "title": None, "ticks": False, "domain": False}
        scale = {"domain": [0, 1], "nice": False}
        return {"type": "quantitative", "scale": scale, "axis": self._drawn(axis)} | more

    def behind(self, references: References) -> list[Spec]:
        """The published band with its words above the plot."""
        band = references.band
        if band is None or band.low >= self.until:
            return []
        low = self.hours(datum=band.low)
        high = {"datum": min(band.high, self.until)}
        shade = mark("rect", color=self.paint("band"))
        words = mark("text", align="left", baseline="bottom", text=band.label, y=0, dy=-6)
        layers = [layer(shade, {"x": low, "x2": high})]
        if self.width == SMALL:
            return layers
        start = low if self.width > NARROW else self.hours(datum=0)
        return [*layers, layer(words, {"x": start})]

    def limits(self, references: References) -> list[Spec]:
        """Dashed lines with their words at the foot of the plot."""
        layers: list[Spec] = []
        for limit in references.limits:
            if limit.hours > self.until:
                continue
            at, colour = {"x": self.hours(datum=limit.hours)}, self.paint(limit.token)
            layers.append(layer(mark("rule", color=colour, strokeDash=[5, 4], strokeWidth=2), at))
            place: Spec = {"y": {"expr": "height"}, "dy": -8, "dx": 6, "align": "left"}
            words = mark("text", text=limit.label, color=colour, **place)
            layers += [] if self.width == SMALL else self.haloed(words, at)
        return layers

    def haloed(self, words: Spec, at: Spec, values: Sequence[Spec] | None = None) -> list[Spec]:
        """Text over lines, with the ground colour around it so that it can be read."""
        around = {"stroke": self.paint("surface"), "strokeWidth": 5, "strokeJoin": "round"}
        return [layer(words | around, at, values), layer(words, at, values)]


def mark(kind: str, **more: object) -> Spec:
    """Silent for readers aloud unless told otherwise: the table says it better."""
    return {"type": kind, "aria": False} | more


def layer(drawn: Spec, encoding: Spec, values: Sequence[Spec] | None = None) -> Spec:
    """One mark for each of `values`, or a single one where all is said in the encoding."""
    data = [{}] if values is None else list(values)
    return {"mark": drawn, "encoding": encoding, "data": {"values": data}}


def labels(ticks: Sequence[int]) -> str:
    """An expression of Vega that names each tick in the reader's language."""
    pairs = [f"datum.value == {tick} ? '{_quoted(tick)}'" for tick in ticks]
    return " : ".join([*pairs, "''"])


def _quoted(tick: int) -> str:
    return short_hours(tick).replace("\\", "").replace("'", "\u2019")


def short_hours(hours: float) -> str:
    """Minutes below one hour, hours to three days, then days with one decimal at most."""
    if 0 < hours < 1:
        return _("%(n)s min") % {"n": max(1, round(hours * 60))}
    if hours <= 72:
        return _("%(n)s h") % {"n": f"{hours:.0f}"}
    return _("%(n)s d") % {"n": f"{hours / 24:.1f}".removesuffix(".0")}
