"""The whole loop, as four people walk it: from twelve messy lines to an honest response time."""

import email
import io
import json
import shutil
import subprocess
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from playwright.sync_api import Page, expect

from audit.chain import verify
from core import clock
from notices.models import Delivery, Notice
from notices.tasks import send_due
from platforms import edits
from platforms.models import Channel
from tests.browser.walking import Enter, go, heading, press
from tests.factories import People
from tests.insights.history import imported
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ALIAS, STORY = "Marigold", "A former partner posted them on Sunday."
LINES = """\
1. hxxps://x[.]com/somebody/status/1801234567890123456?s=20&t=AbC_dEf,
Look at this (https://twitter.com/somebody/status/1801234567890123456).
**[here it is](https://old.reddit.com/r/places/comments/1abc23d/a_title/?utm_source=share)**
<https://t.me/s/quiet_channel_77/1204>
https://harbour-team.slack.com/archives/C04ABCD12EF/p1718291234567890
https://www.instagram.com/p/C8xYz12AbCd/?igsh=MWFhYg==&utm_campaign=x!
m.facebook.com/photo.php?fbid=1234567890123456&set=a.1&__cft__[0]=AZ&mibextid=xyz
https://xn--fcebook-s3a.com/photo.php?fbid=1
https://www.tumblr[.]com/somebody/731234567890123456;
hxxp://pictures[dot]example/board/thread/991.html.
@someone_else_88 on telegram keeps posting it
call her back after six"""
# line, platform, what is shown of the link, whether its box is ticked (None: there is no box)
TABLE = [
    (1, "X", "x.com/somebody/status/1801234567890123456", True),
    (2, "X", "Same as line 1", None),
    (3, "Reddit", "www.reddit.com/r/places/comments/1abc23d/a_title", True),
    (4, "Telegram", "t.me/quiet_channel_77/1204", True),
    (5, "Slack", "harbour-team.slack.com/archives", True),
    (6, "Instagram", "www.instagram.com/p/C8xYz12AbCd", True),
    (7, "Facebook", "www.facebook.com/photo.php?fbid=1234567890123456", True),
    (8, "Other website", "letters that look like others", False),
    (9, "Tumblr", "tumblr.com/somebody/731234567890123456", True),
    (10, "Other website", "pictures.example/board/thread/991.html", True),
    (11, "Telegram", "t.me/someone_else_88", True),
    (12, "Other website", "call her back after six", False),
]
TRACKING = ("s=20", "utm_", "igsh", "__cft__", "mibextid", "set=a.1")
DESK = "desk@telegram.example"
SECTION_3 = [
    "section 3(a)(1)(B)(i)", "section 3(a)(1)(B)(ii)", "section 3(a)(1)(B)(iii)",
    "section 3(a)(1)(B)(iv)", "Signed: /s/ Marta Lindqvist", "https://t.me/quiet_channel_77/1204",
    "has a good faith belief that the depiction identified above is not consensual",
    "Relevant information: The person depicted never agreed to the publication.",
    "Marta Lindqvist", "+32 2 555 01 00",
]  # fmt: skip
RECEIPT = "Thank you for your message. Your request has been received. Do not reply."
REMOVED = "We have removed the content you reported. Regards, Dana"


@pytest.fixture
def house(people: People) -> People:
    """The delivered catalogue, with one address confirmed to be an invented one, and a past."""
    cache.clear()
    call_command("load_catalogue", stdout=io.StringIO())
    channel, at = Channel.objects.get(key="tg-abuse"), clock.now()
    edit = edits.propose(
        channel, people.coordinator, {**edits.standing(channel), "address": DESK}, "asked them", at
    )
    edits.confirm(edit, people.administrator, at)
    long_ago = at - timedelta(days=90)
    for hours in (20, 30, 50, 70):
        imported("telegram", sent=long_ago, gone=hours)
    for _ in range(2):
        imported("telegram", sent=long_ago, stopped=600)
    return people


def measured() -> dict[str, Any]:
    """What `response_times` says of Telegram."""
    said = io.StringIO()
    call_command("response_times", endpoint="gone", format="json", stdout=said)
    rows = {row["platform"]: row for row in json.loads(said.getvalue())}
    return rows["telegram"]


# The advocate


def open_case(page: Page) -> str:
    page.keyboard.press("n")
    heading(page, "New case")
    page.get_by_label("What shall we call you?").fill(ALIAS)
    page.get_by_label("What happened?", exact=True).fill(STORY)
    page.locator("select[name=country]").select_option("BE")
    page.keyboard.press("Control+Enter")
    heading(page, "Case")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def paste(page: Page) -> None:
    page.get_by_label("No links yet. Paste them here").fill(LINES)
    press(page, "Look at them")
    heading(page, "Are these the right links?")
    for (line, platform, shown, ticked), row in zip(TABLE, table_rows(page), strict=True):
        expect(row, f"line {line}").to_contain_text(platform)
        expect(row, f"line {line}").to_contain_text(shown)
        box = row.locator("input[type=checkbox]")
        if ticked is None:
            expect(box).to_have_count(0)
        else:
            expect(box).to_be_checked(checked=ticked)
    body = page.locator("#main tbody").inner_text()
    assert not [name for name in TRACKING if name in body]
    press(page, "Add 9 links")


def table_rows(page: Page) -> list[Any]:
    return page.locator("#main tbody tr").all()


def record_mandate(page: Page, code: str, base: str) -> None:
    page.goto(f"{base}/cases/{code}/agreed/")
    for name in ("keep_case", "write", "sign"):
        page.locator(f"input[name=purpose_{name}][value=yes]").check()
    press(page, "Save what was agreed")
    expect(page.get_by_text("What was agreed is saved.")).to_be_visible()
    page.goto(f"{base}/cases/{code}/")


def prepare(page: Page) -> None:
    page.keyboard.press("p")
    heading(page, "Prepare notices")
    expect(page.locator("select[name=ground-telegram]")).to_have_value("us-tida-s3")
    page.locator("input[name=context][value=consent_never_given]").check()
    press(page, "Create 8 drafts")
    heading(page, "Notices")
    expect(page.locator("tr[data-row]")).to_have_count(8)


# The volunteer and the reviewer


def finish(page: Page) -> None:
    page.goto(page.url.split("/today/")[0] + "/notices/?tab=unassigned")
    expect(page.locator("tr[data-row]")).to_have_count(8)
    row = page.locator("tr[data-row]").filter(has_text="Telegram")
    row.get_by_role("button", name="Take").click()
    heading(page, "Notice to Telegram")
    expect(page.locator("#parts-head")).to_contain_text("required parts ready")
    page.locator("input[name=ticks]").first.check()
    press(page, "Send for approval")
    expect(page.get_by_text("waits for approval.")).to_be_visible()


def approve(page: Page) -> None:
    page.goto(page.url.split("/today/")[0] + "/notices/?tab=in_review")
    go(page, "Review")
    heading(page, "Notice to Telegram")
    expect(page.locator("#main")).to_contain_text(DESK)
    press(page, "Approve and hold 60 s to send")
    expect(page.get_by_text("leaves in 60 seconds.")).to_be_visible()


def let_it_leave(sink: MailSink) -> EmailMessage:
    assert send_due() == 0, "it is held for the undo minute"
    assert sink.accepted == []
    Delivery.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert send_due() == 1
    [mail] = sink.accepted
    assert mail["to"] == [DESK, "archive@harbour.example"]
    read = email.message_from_string(mail["content"], policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


# What left


def check_headers(mail: EmailMessage, notice: Notice) -> None:
    assert mail["To"] == DESK
    assert "notices@harbour.example" in mail["From"]
    assert mail["Reply-To"].endswith("@reply.harbour.example")
    assert notice.reply_token in mail["Reply-To"]
    assert notice.code in mail["Subject"]
    assert {"Bcc", "Cc", "User-Agent", "X-Mailer"}.isdisjoint(mail.keys())


def text_of_pdf(mail: EmailMessage, folder: Path) -> str:
    [attached] = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    path = folder / "left.pdf"
    path.write_bytes(attached.get_content())
    command = ["pdftotext", "-raw", str(path), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(said.split())


# What came back


def log_reply(page: Page, notice: str, text: str, keys: tuple[str, ...]) -> None:
    """Paste it; then a number files it, or opens the family for a letter that does."""
    page.goto(notice)
    page.keyboard.press("r")
    heading(page, "Log a reply")
    page.get_by_label("What do they say?").fill(text)
    press(page, "Read it")
    press(page, "Save and classify")
    heading(page, "Replies")
    expect(page.locator("#main")).to_contain_text("Telegram")
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_text("Filed:")).to_be_visible()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils")
def test_from_a_pasted_link_to_an_honest_response_time(
    house: People, enter: Enter, sink: MailSink, live_server: Any, tmp_path: Path
) -> None:
    base = live_server.url
    before = measured()
    assert (before["n"], before["events"], before["censored"]) == (6, 4, 2)

    advocate = enter(house.advocate)
    code = open_case(advocate)
    paste(advocate)
    record_mandate(advocate, code, base)
    prepare(advocate)

    volunteer = enter(house.volunteer)
    finish(volunteer)
    reviewer = enter(house.reviewer)
    approve(reviewer)

    mail = let_it_leave(sink)
    notice = Notice.objects.get(platform__key="telegram", case__code=code)
    assert notice.status == "sent"
    check_headers(mail, notice)
    letter = mail.get_body(("plain",))
    assert letter is not None
    printed = text_of_pdf(mail, tmp_path)
    for text in (printed, " ".join(letter.get_content().split())):
        assert [part for part in (*SECTION_3, notice.reply_token) if part not in text] == []
        assert "perjury" not in text
        for hers in (ALIAS, STORY, "former partner"):
            assert hers not in text
    assert (measured()["n"], measured()["events"]) == (8, 4)

    address = f"{base}/notices/{notice.code}/"
    log_reply(volunteer, address, RECEIPT, ("1",))
    log_reply(volunteer, address, REMOVED, ("3", "a"))
    volunteer.goto(address)
    expect(volunteer.get_by_text("They say it is gone. Look now.").first).to_be_visible()
    assert measured()["events"] == 4, "what a platform says is not what is seen"
    volunteer.keyboard.press("j")
    volunteer.keyboard.press("g")
    expect(volunteer.get_by_text("Link 3: Gone.")).to_be_visible()

    after = measured()
    assert (after["n"], after["events"], after["censored"]) == (8, 5, 3)
    coordinator = enter(house.coordinator)
    coordinator.keyboard.press("g")
    coordinator.keyboard.press("d")
    heading(coordinator, "Response times", seconds=30)
    expect(coordinator.locator("#main")).to_contain_text("n=8")
    for page in (advocate, volunteer, reviewer, coordinator):
        assert page.problems == []  # type: ignore[attr-defined]
    assert list(verify()) == []
