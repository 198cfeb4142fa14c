"""The Replies page in a real browser: by keys, on a telephone, without scripts, in both themes."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core import clock
from notices.models import Message, Notice
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OVERFLOWING = "document.documentElement.scrollWidth > window.innerWidth"
SMALL = """() => [...document.querySelectorAll('main .btn')]
    .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML)"""


@pytest.fixture
def post(people: Any) -> Notice:
    """A notice that left, and mails in every list."""
    factories.organisation()
    case = factories.case(people.advocate)
    sent_at = clock.now() - timedelta(days=2)
    links = [factories.link(case, f"https://x.com/i/status/{n}") for n in range(2)]
    notice: Notice = factories.notice(
        case, *links, taken_by=people.volunteer, status="sent", sent_at=sent_at, at=sent_at
    )
    minutes = iter(range(1, 99))

    def mail(of: Notice | None = None, **fields: Any) -> Message:
        at = clock.now() - timedelta(minutes=next(minutes))
        return factories.reply(of, received_at=at, **fields)

    mail(
        notice, proposed="removed", genuineness="verified", matched_by_machine=True,
        matched_at=sent_at, reasons=["reply_address"], quoted="> our letter",
        text="Hello, the content has been removed from X. " + "w" * 300,
        reading={"phrase": "has been removed from", "tickets": ["T-1", "T-2"]},
    )  # fmt: skip
    mail(notice, proposed="ack_auto", genuineness="unverified", text="We have your report.")
    mail(notice, genuineness="forged", verdicts={"signs": ["refuted"]}, text="All done.")
    mail(guess=notice, confidence=0.7, reasons=["sender_domain", "one_open_notice"])
    mail(text="Grow your followers")
    factories.received_mail(state="quarantined", trouble="too_deep", attempts=3)
    return notice


PAGES = ("/replies/", "/replies/?tab=suggested", "/replies/quarantine/", "/replies/new/")


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
def test_every_list_is_readable_and_nothing_is_too_wide(
    opened: Any, post: Notice, width: int, scheme: str
) -> None:
    page = opened("/replies/", width=width, scheme=scheme)
    page.set_viewport_size({"width": width, "height": 3000})
    for path in PAGES:
        page.goto(page.url.partition("/replies/")[0] + path)
        assert not page.evaluate(OVERFLOWING), path
        assert page.evaluate(SMALL) == [], path
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, (path, found.generate_report())
    assert page.problems == []


@pytest.mark.long
@pytest.mark.long
@pytest.mark.parametrize(("width", "scheme"), [(1360, "dark"), (390, "light"), (320, "light")])
def test_so_is_each_reply_in_the_other_themes(
    opened: Any, post: Notice, width: int, scheme: str
) -> None:
    page = opened("/replies/", width=width, scheme=scheme)
    # Tall enough that the bar at the bottom of a telephone covers nothing.
    page.set_viewport_size({"width": width, "height": 3000})
    base = page.url.partition("/replies/")[0]
    for message in Message.objects.all():
        page.goto(f"{base}/replies/{message.pk}/")
        assert not page.evaluate(OVERFLOWING)
        found = Axe().run(page, options=WCAG)
        assert found.violations_count == 0, found.generate_report()
    assert page.problems == []


def test_one_key_files_what_is_read_and_brings_the_next(opened: Any, post: Notice) -> None:
    page = opened("/replies/")
    expect(page.locator("mark")).to_have_text("has been removed from")
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.locator(".reply-text").first).to_have_text("We have your report.")
    filed = Message.objects.exclude(filed_at=None).get()
    assert (filed.answer, filed.details["ticket"]) == ("removed", "T-1")
    with page.expect_navigation():
        page.keyboard.press("1")
    assert Message.objects.filter(answer="ack_auto").count() == 1
    with page.expect_navigation():
        page.keyboard.press("u")
    assert not Message.objects.filter(answer="ack_auto").exists()


def test_a_number_and_a_letter_say_something_else(opened: Any, post: Notice) -> None:
    page = opened("/replies/")
    page.keyboard.press("4")
    expect(page.locator("details[data-family='4']")).to_have_attribute("open", "")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert Message.objects.exclude(filed_at=None).get().answer == "refused_no_violation"


def test_m_accepts_the_guess_and_s_sets_aside(opened: Any, post: Notice) -> None:
    page = opened("/replies/?tab=suggested")
    with page.expect_navigation():
        page.keyboard.press("m")
    assert Message.objects.filter(notice=post).count() == 4
    with page.expect_navigation():
        page.keyboard.press("s")
    assert Message.objects.exclude(set_aside_at=None).count() == 1


def test_a_telephone_shows_the_list_and_then_the_mail(opened: Any, post: Notice) -> None:
    page = opened("/replies/", width=390)
    expect(page.locator(".reply-list")).to_be_visible()
    expect(page.locator(".reply-pane")).to_be_hidden()
    page.locator(".reply-line a").first.click()
    expect(page.locator(".reply-pane")).to_be_visible()
    expect(page.locator(".reply-list")).to_be_hidden()


def test_without_scripts_everything_is_done_with_clicks(opened: Any, post: Notice) -> None:
    page = opened("/replies/", script=False)
    page.get_by_role("button", name="Accept").click()
    assert Message.objects.exclude(filed_at=None).get().answer == "removed"
    page.locator("summary", has_text="Refused").click()
    page.get_by_role("button", name="Refused without a reason").click()
    assert Message.objects.filter(answer="refused_no_reason").exists()
