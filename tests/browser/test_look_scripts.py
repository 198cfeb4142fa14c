"""The small scripts: saving, keys, the cover, the veil, copying. Pages work without any of them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.parts_urls"),
]
PARTS = "/styleguide/"
SAVE = "**/styleguide/save/"
SCRIPTS = Path(__file__).parents[2] / "static" / "js"


def saves(page: Page) -> list[dict[str, list[str]]]:
    """Collect what autosaving posts."""
    posted: list[dict[str, list[str]]] = []

    def note(request: Any) -> None:
        if request.url.endswith("/styleguide/save/"):
            posted.append(parse_qs(request.post_data))

    page.on("request", note)
    return posted


def answer(page: Page, status: int, **told: Any) -> None:
    def fulfil(route: Route) -> None:
        route.fulfill(status=status, content_type="application/json", body=json.dumps(told))

    page.route(SAVE, fulfil)


def leave_field(page: Page) -> None:
    page.locator("#id_alias").blur()


def test_typing_is_saved_when_the_field_is_left(opened: Any) -> None:
    page = opened(PARTS)
    posted = saves(page)
    page.locator("#id_alias").fill("Robin")
    leave_field(page)
    expect(page.locator("[data-save-state]")).to_contain_text("Saved ")
    assert posted[0]["alias"] == ["Robin"]
    assert posted[0]["version"] == ["3"]


def test_the_next_saving_names_the_version_it_builds_on(opened: Any) -> None:
    page = opened(PARTS)
    posted = saves(page)
    for name in ("Robin", "Robin R"):
        page.locator("#id_alias").fill(name)
        with page.expect_response(SAVE):
            leave_field(page)
        expect(page.locator("[data-save-state]")).to_have_attribute("data-state", "saved")
    assert [post["version"] for post in posted] == [["3"], ["4"]]


def test_nothing_is_posted_where_nothing_changed(opened: Any) -> None:
    page = opened(PARTS)
    posted = saves(page)
    page.locator("#id_alias").focus()
    leave_field(page)
    page.locator("#id_links").focus()
    assert posted == []


def test_saving_does_not_count_as_somebody_being_here(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").fill("Robin")
    with page.expect_request(SAVE) as asked:
        leave_field(page)
    assert asked.value.headers["x-background"] == "1"


def test_pressing_save_waits_for_the_saving_that_leaving_the_field_began(opened: Any) -> None:
    page = opened(PARTS)
    held: list[Route] = []
    posted: list[str] = []
    page.route(SAVE, lambda route: held.append(route))
    page.on("request", lambda one: posted.append(one.url) if one.method == "POST" else None)
    page.locator("#id_alias").fill("Robin")
    with page.expect_request(SAVE):
        page.get_by_role("button", name="Save and continue").click()
    page.evaluate("1")
    assert len(posted) == 1, "the form waits"
    with page.expect_navigation():
        held[0].fulfill(json={"saved_at": "14:02", "version": 4})
    assert posted[1].endswith(PARTS)


def test_a_failed_saving_is_said_and_the_text_stays(opened: Any) -> None:
    page = opened(PARTS)
    answer(page, 500)
    page.locator("#id_alias").fill("Robin")
    leave_field(page)
    expect(page.locator("[data-save-state]")).to_have_text("Not saved – trying again")
    expect(page.locator("#id_alias")).to_have_value("Robin")


def test_after_the_sign_in_ended_the_page_says_how_to_keep_the_text(opened: Any) -> None:
    page = opened(PARTS)
    answer(page, 401)
    page.locator("#id_alias").fill("Robin")
    leave_field(page)
    expect(page.locator("[data-save-state]")).to_contain_text("Press Save")


def test_a_conflict_takes_the_text_to_the_page_with_both(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").fill("conflict")
    with page.expect_navigation():
        leave_field(page)
    expect(page.locator("#id_alias")).to_have_value("conflict")


def test_nothing_is_left_in_the_browsers_storage(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").fill("Robin")
    with page.expect_response(SAVE):
        leave_field(page)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0


def test_no_script_writes_to_the_browsers_storage_and_all_together_are_small() -> None:
    sources = [script.read_text() for script in SCRIPTS.glob("*.js")]
    assert sum(len(source.encode()) for source in sources) < 40 * 1024
    for source in sources:
        assert not any(word in source for word in ("localStorage", "setItem", "indexedDB"))


def test_a_question_mark_shows_the_keys_and_escape_closes_them(opened: Any) -> None:
    page = opened(PARTS)
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_inside_a_field_keys_only_type(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").focus()
    page.keyboard.type("?jg")
    expect(page.locator("#keys-dialog")).to_be_hidden()
    expect(page.locator("#id_alias")).to_have_value("?jg")


def test_single_keys_can_be_switched_off(opened: Any, people: Any) -> None:
    User.objects.filter(pk=people.coordinator.pk).update(single_keys=False)
    page = opened(PARTS)
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_hidden()


def test_j_and_k_walk_through_the_rows_and_x_selects(opened: Any) -> None:
    page = opened(PARTS)
    page.evaluate("document.querySelectorAll('.is-current').forEach(e => e.className = '')")
    rows = page.locator("[data-row]")
    for _ in range(5):
        page.keyboard.press("j")
    expect(rows.nth(4)).to_have_class("is-current")
    page.keyboard.press("x")
    expect(rows.nth(4).locator("input")).not_to_be_checked()
    page.keyboard.press("k")
    expect(rows.nth(3)).to_have_class("is-current")


def test_control_and_enter_send_the_form(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert page.title().startswith("Error: ")


def test_hide_screen_covers_and_enter_brings_the_page_back(opened: Any) -> None:
    page = opened(PARTS)
    page.locator("#id_alias").fill("Robin")
    page.get_by_role("button", name="Hide screen").click()
    assert page.title() == "Notes"
    expect(page.locator(".shell")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".shell")).to_be_visible()
    expect(page.locator("#id_alias")).to_have_value("Robin")
    assert page.title() == "Parts · Recourse"


def test_three_shifts_hide_and_writing_capitals_does_not(opened: Any) -> None:
    page = opened(PARTS)
    for letter in "ABC":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("#cover")).to_be_hidden()
    for _ in range(3):
        page.keyboard.press("Shift")
    expect(page.locator("#cover")).to_be_visible()


def test_after_a_minute_the_cover_asks_for_the_password(opened: Any) -> None:
    page = opened(PARTS)
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Hide screen").click()
    page.clock.fast_forward(61_000)
    expect(page.locator("#cover-password")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".shell")).to_be_hidden()


def test_a_covered_screen_stays_covered_after_a_reload(opened: Any) -> None:
    page = opened(PARTS)
    with page.expect_response("**/cover/"):
        page.get_by_role("button", name="Hide screen").click()
    page.reload()
    expect(page.locator("#cover")).to_be_visible()
    with page.expect_response("**/cover/open/"):
        page.keyboard.press("Enter")
    expect(page.locator(".shell")).to_be_visible()
    page.reload()
    expect(page.locator("#cover")).to_be_hidden()


def test_save_and_hide_answers_with_a_covered_page(opened: Any) -> None:
    page = opened(PARTS + "?hidden=1")
    expect(page.locator("#cover")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".shell")).to_be_visible()
    assert "hidden" not in page.url


def test_a_veiled_name_is_not_in_the_page_until_it_is_asked_for(opened: Any) -> None:
    page = opened(PARTS)
    assert "Maria Example" not in page.content()
    page.get_by_role("button", name="Show name and contact").click()
    expect(page.get_by_text("Maria Example")).to_be_visible()
    page.get_by_role("button", name="Hide again").click()
    assert "Maria Example" not in page.content()


def test_a_shown_name_is_veiled_again_after_a_minute(opened: Any) -> None:
    page = opened(PARTS)
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Show name and contact").click()
    expect(page.get_by_text("Maria Example")).to_be_visible()
    page.clock.fast_forward(61_000)
    assert "Maria Example" not in page.content()


def test_chips_go_on_counting(opened: Any) -> None:
    page = opened(PARTS)
    page.clock.install()
    page.reload()
    expect(page.get_by_text("31 h late").first).to_be_visible()
    page.clock.fast_forward(2 * 3600 * 1000)
    expect(page.get_by_text("33 h late").first).to_be_visible()


def test_a_warning_comes_after_fifteen_quiet_minutes(opened: Any) -> None:
    page = opened(PARTS)
    page.clock.install()
    page.reload()
    page.clock.fast_forward(15 * 60 * 1000 + 16_000)
    expect(page.locator("#idle-dialog")).to_be_visible()
    with page.expect_response("**/me/stay/") as stayed:
        page.get_by_role("button", name="Stay signed in").click()
    assert stayed.value.ok


def test_without_a_connection_the_page_says_that_typing_is_fine(opened: Any) -> None:
    page = opened(PARTS)
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
