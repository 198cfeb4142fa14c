"""A real Chromium, signed in as somebody, on a server of this test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests import factories
from tests.browser.walking import Enter, press
from tests.mail_sink import MailSink

# Playwright runs an event loop in this thread; the tests use the database beside it, not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = ["--no-sandbox", "--no-first-run", *QUIET]
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": args}


@pytest.fixture
def opened(browser: Browser, live_server: Any, people: Any) -> Any:
    """Open a page of the live server: `opened("/today/", width=390, theme="dark")`."""
    factories.organisation()
    contexts: list[BrowserContext] = []

    def open_page(
        path: str,
        *,
        user: User | None = None,
        width: int = 1360,
        scheme: str = "light",
        script: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        client = Client()
        client.force_login(user or people.coordinator)
        for name, morsel in client.cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": live_server.url}])
        page = context.new_page()
        page.problems = _listen(page, live_server.url)  # type: ignore[attr-defined]
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _listen(page: Page, own: str) -> list[str]:
    """Collect what must not happen: script errors, refused styles, files from elsewhere."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request",
        lambda request: None if request.url.startswith(own) else problems.append(request.url),
    )
    return problems


@pytest.fixture
def sink(tmp_path: Path, settings: Any) -> Iterator[MailSink]:
    running = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{running.port}"
    settings.ARCHIVE_MAILDIR = str(running.archive)
    yield running
    running.stop()


@pytest.fixture
def enter(opened: Any, live_server: Any) -> Enter:
    """Sign in through the form, as the person does."""

    def sign_in(user: User) -> Page:
        page: Page = opened("/", user=user)
        page.context.clear_cookies()
        page.goto(live_server.url)
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
        press(page, "Sign in")
        expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()
        return page

    return sign_in
