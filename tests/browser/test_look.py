"""The look of all parts together: widths, themes, contrast, focus, scripts, nothing left behind."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.walking import looks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.parts_urls"),
]
PARTS = "/styleguide/"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OVERFLOWING = "document.documentElement.scrollWidth > window.innerWidth"
SMALL = """() => [...document.querySelectorAll('.btn, .nav-link-item, .bar-item')]
    .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390, 320])
def test_nothing_is_wider_than_the_window_and_nothing_fails(
    opened: Any, width: int, scheme: str
) -> None:
    page = opened(PARTS, width=width, scheme=scheme)
    assert not page.evaluate(OVERFLOWING)
    assert page.problems == []


@looks
def test_no_rule_of_accessibility_is_broken(opened: Any, width: int, scheme: str) -> None:
    page = opened(PARTS, width=width, scheme=scheme)
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [1360, 390])
def test_buttons_and_places_are_large_enough_for_a_thumb(opened: Any, width: int) -> None:
    assert opened(PARTS, width=width).evaluate(SMALL) == []


def test_the_system_decides_between_light_and_dark(opened: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert opened(PARTS, scheme="light").evaluate(ground) == "rgb(247, 245, 240)"
    assert opened(PARTS, scheme="dark").evaluate(ground) == "rgb(19, 27, 32)"


def test_own_typefaces_are_loaded(opened: Any) -> None:
    page = opened(PARTS)
    page.evaluate("document.fonts.ready")
    for family in ("Atkinson Hyperlegible Next", "Atkinson Hyperlegible Mono", "Literata"):
        assert page.evaluate(f"document.fonts.check('16px \"{family}\"')")


def test_the_rail_gives_way_to_a_bar_with_four_places_and_more(opened: Any) -> None:
    wide, narrow = opened(PARTS), opened(PARTS, width=390)
    expect(wide.locator(".rail")).to_be_visible()
    expect(wide.locator(".bottombar")).to_be_hidden()
    expect(narrow.locator(".rail")).to_be_hidden()
    assert narrow.locator(".bottombar > ul > li:visible").count() == 5


def test_more_opens_without_scripts(opened: Any) -> None:
    page = opened(PARTS, width=390, script=False)
    page.get_by_text("More", exact=True).click()
    expect(page.locator(".more-sheet")).to_be_visible()


def test_the_first_tab_offers_the_way_to_the_content(opened: Any) -> None:
    page = opened(PARTS)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_focus_is_a_ring_of_three_pixels(opened: Any) -> None:
    page = opened(PARTS)
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{ring}.outlineWidth") == "3px"
    assert page.evaluate(f"{ring}.outlineColor") == "rgb(179, 66, 11)"


def test_a_table_in_a_narrow_place_becomes_cards_with_labels(opened: Any) -> None:
    page = opened(PARTS, width=390)
    cell = page.locator('td[data-label="Platform"]').first
    label = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Platform"'


def test_paper_stays_white_in_the_dark(opened: Any) -> None:
    paper = opened(PARTS, scheme="dark").locator(".paper")
    assert paper.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"


def test_print_leaves_out_what_only_a_screen_needs(opened: Any) -> None:
    page = opened(PARTS)
    page.emulate_media(media="print")
    for part in (".rail", ".topbar", ".actions >> nth=0", ".veil"):
        expect(page.locator(part)).to_be_hidden()


def test_forced_colours_keep_every_pill_readable(opened: Any) -> None:
    page = opened(PARTS)
    page.emulate_media(forced_colors="active")
    border = "getComputedStyle(document.querySelector('.pill')).borderTopWidth"
    assert page.evaluate(border) == "1px"


def test_nothing_moves_for_people_who_asked_for_that(opened: Any) -> None:
    page: Page = opened(PARTS)
    page.emulate_media(reduced_motion="reduce")
    moving = "[...document.querySelectorAll('*')].some(e => getComputedStyle(e).transitionDuration"
    assert not page.evaluate(f"{moving} !== '0s')")


def test_the_title_and_the_picture_tell_nothing(opened: Any) -> None:
    page = opened(PARTS)
    assert page.title() == "Parts · Recourse"
    assert page.locator("link[rel=icon]").get_attribute("href").endswith("favicon.svg")


def test_an_error_is_said_in_the_title_and_takes_the_focus(opened: Any) -> None:
    page = opened(PARTS)
    page.get_by_role("button", name="Save and continue").click()
    assert page.title() == "Error: Parts · Recourse"
    expect(page.locator("[data-error-summary]")).to_be_focused()


SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("width", [1360, 390, 320])
def test_wider_spacing_of_text_breaks_nothing(opened: Any, width: int) -> None:
    page = opened(PARTS, width=width)
    page.evaluate(SPACED)
    assert not page.evaluate(OVERFLOWING)


def test_pages_read_from_right_to_left_without_overflow(opened: Any) -> None:
    page = opened(PARTS, width=390)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert not page.evaluate(OVERFLOWING)
    assert page.locator(".topbar .menu").bounding_box()["x"] < 100
