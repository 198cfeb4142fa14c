"""What holds for every chart, whatever it shows."""

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from insights.charts import picture as drawing
from insights.charts.paint import PAPER, Theme
from insights.charts.picture import Picture
from tests.insights.drawn import SITE, hosts, parsed, pictures, texts

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=get_args(Theme))
def drawn(request: pytest.FixtureRequest) -> list[Picture]:
    return pictures(request.param)


def test_no_picture_names_a_foreign_host(drawn: list[Picture]) -> None:
    assert {host for picture in drawn for host in hosts(picture.svg)} <= {SITE}


def test_no_picture_carries_a_style_a_script_or_a_handler(drawn: list[Picture]) -> None:
    for picture in drawn:
        assert not re.search(r"style=|<style|<script|\son\w+=|javascript:", picture.svg)
        assert "<image" not in picture.svg
        assert "undefined" not in picture.svg


def test_every_picture_has_a_role_a_title_and_a_description(drawn: list[Picture]) -> None:
    for picture in drawn:
        root = parsed(picture)
        linked = root.find(f".//{SVG}a") is not None
        assert root.get("role") == ("group" if linked else "img")
        title, description = root[0], root[1]
        assert root.get("aria-labelledby") == title.get("id")
        assert root.get("aria-describedby") == description.get("id")
        assert title.text == picture.title
        assert description.text == picture.description


def test_every_link_says_where_it_leads_and_text_stays_text(drawn: list[Picture]) -> None:
    for picture in drawn:
        root = parsed(picture)
        for link in root.iter(f"{SVG}a"):
            assert (link.get("href") or "").startswith(SITE)
            assert "n=" in (link.get("aria-label") or "")
        assert root.find(f".//{SVG}text") is not None or root.find(f"{SVG}use") is not None


def test_pictures_on_one_page_share_no_ids(drawn: list[Picture]) -> None:
    ids = [found for picture in drawn for found in re.findall(r'\bid="([^"]+)"', picture.svg)]
    assert len(ids) == len(set(ids))


def test_a_hostile_platform_name_is_only_text(drawn: list[Picture]) -> None:
    assert any('<script>alert("1")</script>' in texts(picture) for picture in drawn)
    assert all("<script" not in picture.svg for picture in drawn)


def test_the_screen_uses_tokens_and_paper_uses_the_light_values() -> None:
    for screen, paper in zip(pictures("screen"), pictures("print"), strict=True):
        assert "var(--" in screen.svg
        assert not re.search(r"#[0-9a-fA-F]{3,8}\"", screen.svg)
        assert "var(" not in paper.svg


def test_the_literal_colours_are_those_of_the_light_theme() -> None:
    css = (ROOT / "static" / "tokens.css").read_text()
    light = css[css.index('[data-bs-theme="light"]') :].partition("}")[0]
    for token, value in PAPER.items():
        assert f"--{token}: {value};" in light


def test_the_same_data_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = pictures("screen")[0].svg
    monkeypatch.setattr(drawing, "_draw", None)
    assert pictures("screen")[0].svg == first


def test_the_engine_is_not_loaded_before_the_first_picture() -> None:
    program = (
        "import sys; import insights.charts.survival, insights.charts.shares, "
        "insights.charts.multiples; sys.exit('vl_convert' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
