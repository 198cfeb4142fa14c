"""Curves of a few invented platforms, and what every drawn picture must satisfy."""

import random
import re
from xml.etree import ElementTree

from insights.charts import medians, multiples, shares, survival
from insights.charts.frame import Band, Limit, References
from insights.charts.paint import Theme
from insights.charts.picture import Picture
from insights.durations import Curve, Interval, kaplan_meier

SITE = "http://localhost:8000"
BAND = Band(24, 72, "Facebook, Google, Microsoft (published 24–72 h)")
REFERENCES = References(BAND, [Limit(48, "48 h legal limit (US)")])
HOSTILE = '</title><script>alert("1")</script>'


def curve(n: int, middle: float, seed: int = 1) -> Curve:
    chance = random.Random(seed)
    rows = []
    for _ in range(n):
        ended, stopped = chance.expovariate(0.693 / middle), chance.uniform(100, 400)
        rows.append(Interval(min(ended, stopped), ended <= stopped))
    return kaplan_meier(rows)


def all_gone(n: int, hours: float) -> Curve:
    return kaplan_meier([Interval(hours, True, n)])


def none_gone(n: int, hours: float = 400) -> Curve:
    return kaplan_meier([Interval(hours, False, n)])


ROWS = [
    medians.Row("Fast", curve(88, 20), f"{SITE}/response/notices/?platform=fast&endpoint=gone"),
    medians.Row(HOSTILE, curve(40, 60), f"{SITE}/response/notices/?platform=odd"),
    medians.Row("Few", curve(12, 900), f"{SITE}/response/notices/?platform=few"),
    medians.Row("Silent", none_gone(94), f"{SITE}/response/notices/?platform=silent"),
    medians.Row("Tiny", curve(4, 5), f"{SITE}/response/notices/?platform=tiny"),
]


class Door:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, hours: int) -> str:
        return f"{SITE}/response/notices/?platform={len(self.name)}&at={hours}"


LINES = [survival.Line(row.name, row.curve, Door(row.name)) for row in ROWS]
SHARES = [shares.Shares(row.name, row.curve, Door(row.name)) for row in ROWS]


def pictures(theme: Theme) -> list[Picture]:
    words = {"title": HOSTILE, "theme": theme}
    _, smalls = multiples.pictures(ROWS, waiting="still online", references=REFERENCES, theme=theme)
    return [
        *survival.two_widths(
            LINES[:2], waiting="still online", until=168, references=REFERENCES, **words
        ),
        *medians.two_widths(ROWS, axis="Time", band=BAND, **words),
        *shares.two_widths(SHARES, axis="Share", published=PUBLISHED, **words),
        *(small.picture for small in smalls),
    ]


PUBLISHED = shares.Published(0.74, "INHOPE 2020")


def texts(picture: Picture) -> str:
    return " ".join(text for text in parsed(picture).itertext() if text)


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)  # noqa: S314  Drawn a moment ago by the program.


def hosts(svg: str) -> set[str]:
    without_names = re.sub(r'xmlns(?::\w+)?="[^"]*"', "", svg)
    return set(re.findall(r"(?:https?:)?//[^/\"'\s)]*", without_names))
