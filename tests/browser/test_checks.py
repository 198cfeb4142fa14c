"""Looks by hand in a real browser: one key a link, and a live page that learns nothing of us."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from cases.models import Check
from core import clock
from tests import factories
from tests.cases.checker.far_end import far_end

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/checks/"


def sent(people: Any, *urls: str) -> Any:
    case, at = factories.case(people.advocate), clock.now() - timedelta(days=2)
    links = [factories.link(case, url) for url in urls]
    factories.notice(case, *links, status="sent", sent_at=at)
    User.objects.update(opens_links=True)
    return case


def test_one_key_a_link_from_the_first_to_the_last(opened: Any, people: Any) -> None:
    sent(people, *(f"https://x.com/i/status/{n}" for n in range(3)))
    page = opened(QUEUE, user=people.advocate)
    for key, left in (("o", 2), ("g", 1), ("x", 0)):
        page.keyboard.press(key)
        expect(page.locator("[data-row]")).to_have_count(left)
    results = Check.objects.order_by("at").values_list("result", flat=True)
    assert list(results) == ["online", "gone", "unclear"]
    assert page.problems == []


def test_a_live_page_opens_beside_and_learns_nothing_of_us(opened: Any, people: Any) -> None:
    with far_end() as end:
        case = sent(people, f"http://127.0.0.1:{end.port}/page")
        page = opened(QUEUE, user=people.advocate)
        page.get_by_role("link", name="Open carefully").click()
        expect(page.get_by_text("You may see distressing material.")).to_be_visible()
        assert end.seen == []
        with page.context.expect_page() as beside:
            page.get_by_role("button", name="Open in new tab").click()
        live = beside.value
        live.wait_for_url(f"http://127.0.0.1:{end.port}/page")
        assert live.evaluate("window.opener") is None
        (headers,) = [seen for _, path, seen in end.seen if path == "/page"]
        assert not {"Referer", "Cookie"} & set(headers)
        assert page.url.endswith(f"/checks/{case.code}/1/")
        page.keyboard.press("g")
        expect(page.get_by_text("No link waits for a look.")).to_be_visible()
    assert Check.objects.get().result == "gone"
