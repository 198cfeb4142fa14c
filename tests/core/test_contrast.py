"""Colours measured: text at 4.5, boundaries and marks at 3.0, in both themes."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "static" / "tokens.css").read_text()
FAMILIES = ("ok", "wait", "soon", "over", "hold", "neutral")
GROUNDS = ("bg", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "link") for ground in GROUNDS),
    ("ink", "primary-soft"),
    ("link", "primary-soft"),
    ("muted", "primary-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("primary-hover", "surface"),
    ("on-over", "over"),
    *((family, f"{family}-soft") for family in FAMILIES),
    *((family, "surface") for family in FAMILIES),
    ("over", "bg"),
    ("bg", "ink"),
]
BOUNDARIES = [
    *((line, ground) for line in ("line-strong", "focus") for ground in ("bg", "surface")),
    *((family, ground) for family in FAMILIES for ground in ("bg", "surface")),
    ("primary", "surface"),
    ("primary", "sunken"),
    ("line-strong", "sunken"),
    *((f"series-{n}", "surface") for n in range(1, 6)),
]
PAPER = [("paper-ink", "paper"), ("paper-muted", "paper"), ("paper-missing-ink", "paper-missing")]


def colours(selector: str) -> dict[str, str]:
    """Return the colour tokens of the blocks whose selector contains `selector`."""
    found: dict[str, str] = {}
    for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", SHEET):
        if selector in head:
            found |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", body))
    return found


def dark_blocks() -> list[dict[str, str]]:
    blocks = re.findall(r"\{([^{}]*color-scheme: dark;[^{}]*)\}", SHEET)
    return [dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", block)) for block in blocks]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


THEMES = {"light": colours('"light"'), "dark": colours('[data-bs-theme="dark"]')}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), BOUNDARIES)
def test_boundaries_and_marks_can_be_seen(theme: str, line: str, ground: str) -> None:
    assert contrast(THEMES[theme][line], THEMES[theme][ground]) >= 3.0


@pytest.mark.parametrize(("ink", "ground"), PAPER)
def test_paper_can_be_read_in_every_theme(ink: str, ground: str) -> None:
    tokens = colours("[data-bs-theme]")
    assert contrast(tokens[ink], tokens[ground]) >= 4.5


def test_the_systems_dark_theme_equals_the_chosen_one() -> None:
    chosen, of_system = dark_blocks()
    assert chosen == of_system
