"""Monday's follow-ups with the mouse: two clicks for any number, no field."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from notices import lifecycle
from notices.models import Delivery
from notices.reminding import rounds
from tests import factories
from tests.browser.walking import looks
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def due(people: Any) -> list[Any]:
    """Four notices that left 80 hours ago: three by mail, one by a form."""
    factories.organisation()
    at, case = clock.now(), outbox.case(advocate=people.advocate)
    ask = factories.channel("x-ask", chase="propose")
    form = factories.channel(
        "x-form", medium="web_form", chase="propose", address="https://x.example/form"
    )
    notices = [outbox.notice(case, channel=channel) for channel in (ask, ask, ask, form)]
    for notice in notices:
        recipient = "" if notice.channel == form else "removal@x.example"
        outbox.approval(notice, recipient=recipient)
        lifecycle.mark_sent(notice, at - timedelta(hours=80))
    rounds.remind_due()
    return notices


def test_twelve_follow_ups_are_two_clicks(opened: Any, due: list[Any]) -> None:
    page = opened("/notices/")
    page.get_by_role("link", name="Follow-ups").click()
    expect(page.get_by_text("4 follow-ups are due.")).to_be_visible()
    page.get_by_role("button", name="Send 3").click()
    expect(page.get_by_text("3 reminders are sent.")).to_be_visible()
    assert Delivery.objects.filter(kind="reminder", state="held").count() == 3
    assert page.problems == []


@looks
def test_the_pages_fit_and_nothing_fails(
    opened: Any, due: list[Any], tmp_path: Any, width: int, scheme: str
) -> None:
    paths = ["/notices/chase/", f"/notices/{due[0].code}/", f"/notices/{due[0].code}/remind/",
             f"/notices/{due[3].code}/remind/"]  # fmt: skip
    for number, path in enumerate(paths):
        page = opened(path, width=width, scheme=scheme)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path
        page.screenshot(path=tmp_path / f"{number}.png", full_page=True)
        assert page.problems == []
