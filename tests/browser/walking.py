"""How the stories walk: by what a person reads and presses."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import User

Enter = Callable[[User], Page]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go(page: Page, name: str) -> None:
    page.locator("#main").get_by_role("link", name=name, exact=True).click()


def heading(page: Page, words: str, seconds: int = 10) -> None:
    shown = page.get_by_role("heading", level=1)
    expect(shown).to_contain_text(words, timeout=seconds * 1000)
