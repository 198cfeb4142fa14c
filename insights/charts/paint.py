"""Colours by token: a variable on the screen, the light theme's literal value on paper.

A PDF page resolves no CSS variable inside a picture and would print it all black.
"""

from typing import Literal

Theme = Literal["screen", "print"]

PAPER = {
    "ink": "#1b2a31",
    "muted": "#52616a",
    "line": "#d8d3c8",
    "surface": "#ffffff",
    "over": "#9c2f1b",
    "band": "#efece4",
    "ghost": "#b9bfc1",
    "series-1": "#0e5a6b",
    "series-2": "#cc4e17",
    "series-3": "#4f9b78",
    "series-4": "#a473be",
    "series-5": "#46201f",
}
# Series differ by dash as well as by colour, for eyes and printers that see no colour.
DASHES: tuple[tuple[int, ...], ...] = ((), (9, 4), (2, 3), (9, 3, 2, 3), ())
MOST_SERIES = len(DASHES)


def paint(token: str, theme: Theme) -> str:
    return f"var(--{token})" if theme == "screen" else PAPER[token]


def series(place: int, theme: Theme) -> str:
    """The colour of the series at `place`, counted from 0; the sixth and later are ghosts."""
    return paint(f"series-{place + 1}" if place < MOST_SERIES else "ghost", theme)
