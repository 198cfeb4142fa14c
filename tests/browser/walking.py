"""How the stories walk: by what a person reads and presses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User

Enter = Callable[[User], Page]

# A page is looked at twice, and in its other two looks in the long run.
looks = pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1360, "light"),
        (390, "dark"),
        pytest.param(1360, "dark", marks=pytest.mark.long),
        pytest.param(390, "light", marks=pytest.mark.long),
    ],
)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go(page: Page, name: str) -> None:
    page.locator("#main").get_by_role("link", name=name, exact=True).click()


def heading(page: Page, words: str, seconds: int = 10) -> None:
    shown = page.get_by_role("heading", level=1)
    expect(shown).to_contain_text(words, timeout=seconds * 1000)
