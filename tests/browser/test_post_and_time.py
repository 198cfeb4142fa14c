"""Post and time: what a help desk forgets is done without anybody, and a person only says yes."""

import email
import io
import json
import smtplib
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Page, expect

from audit.chain import verify
from cases import indexing
from cases.checker import rounds as looking
from cases.checker.visiting import visit
from core import clock
from notices import references
from notices.models import Message, Notice, Outcome
from notices.receiving import smtp, understanding
from notices.tasks import remind_due, send_due
from tests import factories
from tests.browser.walking import Enter, heading, press
from tests.cases.checker.far_end import FarEnd, far_end
from tests.desk import Desk
from tests.door.processes import free_ports
from tests.mail_sink import MailSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLATFORM = "removal@x.example"
URL, PATH = "http://host.example/post/77", "/post/77"
RECEIPT = (
    "Thank you for contacting us. We have received your request. Your ticket number is #48213."
)
DEMAND = "Before we can look into this we need a copy of the person's passport. Please attach it."
REMOVED = "We have removed the content you reported. Regards, Dana"


class Ahead:
    """The house's clock, ahead of the wall's by as much as the story has moved on."""

    def __init__(self) -> None:
        self.by = timedelta(0)
        self.real = clock.now

    def __call__(self) -> datetime:
        return self.real() + self.by

    def go(self, **span: float) -> None:
        self.by += timedelta(**span)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    ahead = Ahead()
    monkeypatch.setattr(clock, "now", ahead)
    monkeypatch.setattr(clock, "due_now", ahead)
    return ahead


@pytest.fixture
def desk(people: Any, later: Ahead) -> Desk:
    if connection.vendor != "postgresql":
        pytest.skip("several threads write: run bin/test")
    factories.organisation(checker_on=True)
    factories.platform("x", name="X", status_is_telling=True)
    case = factories.case(people.advocate, country="BE", content_kinds=["photo"])
    factories.mandate(case)
    link = factories.link(case, URL, domain_index=indexing.domain_index(URL))
    channel = factories.channel(address=PLATFORM)
    return Desk(case=case, channel=channel, links=[link], people=people, at=later())


@pytest.fixture
def door(desk: Desk) -> Iterator[int]:
    """Our own receiver, on loopback."""
    (port,) = free_ports(1)
    listening = smtp.listen("127.0.0.1", port, lambda: None)
    yield port
    listening.stop()


@pytest.fixture
def host() -> Iterator[FarEnd]:
    with far_end() as end:
        yield end


def left(sink: MailSink) -> list[EmailMessage]:
    """What the platform has got from us, oldest first."""
    mails = [
        email.message_from_string(mail["content"], policy=policy.default) for mail in sink.accepted
    ]
    return [mail for mail in mails if isinstance(mail, EmailMessage)]


def answer(port: int, to: EmailMessage, text: str, *, automatic: bool = False) -> None:
    """The platform answers by SMTP, to the notice's own address, with our mail quoted below."""
    mail = EmailMessage()
    mail["From"] = f"X Trust and Safety <{PLATFORM}>"
    mail["To"] = to["Reply-To"]
    mail["Subject"] = f"Re: {to['Subject']}"
    mail["In-Reply-To"] = to["Message-ID"]
    mail["Message-ID"] = f"<{abs(hash(text))}@x.example>"
    if automatic:
        mail["Auto-Submitted"] = "auto-replied"
    body = to.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines()) if body else ""
    mail.set_content(f"{text}\n\nOn Sat, 21 Nov 2026 at 12:30, Harbour wrote:\n{quoted}\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.send_message(mail)
    assert understanding.understand_stored() == 1


def accept(page: Page, base: str, reads_as: str, code: str) -> None:
    """One key: the reply came by itself to its notice, and what it says is proposed."""
    message = Message.objects.get(filed_at=None)
    assert message.matched_by_machine
    page.goto(f"{base}/replies/{message.pk}/")
    expect(page.locator("#main")).to_contain_text("Attached by itself")
    expect(page.get_by_label("What the machine reads")).to_contain_text(reads_as)
    page.keyboard.press("a")
    expect(page.get_by_text("Filed:")).to_be_visible()
    message.refresh_from_db()
    assert message.answer == code


def filed_itself(page: Page, base: str) -> None:
    """Nobody has to read a bare receipt; whoever looks sees what became of it, and may undo it."""
    message = Message.objects.get()
    assert (message.answer, message.filed_by_machine) == ("ticket_assigned", True)
    page.goto(f"{base}/replies/?tab=to_file")
    expect(page.locator("#main")).to_contain_text("All replies are filed.")
    page.goto(f"{base}/replies/{message.pk}/")
    expect(page.locator("#main")).to_contain_text("Filed by itself")
    expect(page.get_by_role("button", name="Take the filing back")).to_be_visible()


def look(host: FarEnd) -> int:
    return looking.check_due(lambda: nullcontext(lambda url: visit(url, host.way())))


def moments(notice: Notice) -> dict[str, bool]:
    outcome = Outcome.objects.get(notice=notice)
    names = ("acknowledged_at", "answered_at", "decided_at", "first_seen_gone_at", "reappeared_at")
    return {name.removesuffix("_at"): getattr(outcome, name) is not None for name in names}


def measured() -> tuple[int, int]:
    said = io.StringIO()
    call_command("response_times", endpoint="gone", format="json", stdout=said)
    (row,) = json.loads(said.getvalue())
    return row["n"], row["events"]


def test_a_notice_is_answered_chased_and_seen_gone_without_being_forgotten(
    desk: Desk,
    door: int,
    host: FarEnd,
    sink: MailSink,
    later: Ahead,
    enter: Enter,
    live_server: Any,
) -> None:
    base = live_server.url
    notice = desk.in_review()

    reviewer = enter(desk.people.reviewer)
    reviewer.goto(f"{base}/notices/{notice.code}/review/")
    press(reviewer, "Approve and hold 60 s to send")
    expect(reviewer.get_by_text("leaves in 60 seconds.")).to_be_visible()
    later.go(seconds=61)
    assert send_due() == 1
    [sent] = left(sink)
    assert measured() == (1, 0)

    answer(door, sent, RECEIPT, automatic=True)
    volunteer = enter(desk.people.volunteer)
    filed_itself(volunteer, base)
    assert references.of(desk.again(notice)) == ["48213"]
    assert moments(notice)["acknowledged"]
    assert not moments(notice)["answered"]

    assert remind_due() == 0, "the clock has not run out"
    later.go(hours=73)
    assert remind_due() == 1
    later.go(seconds=61)
    assert send_due() == 1
    [_sent, chase] = left(sink)
    assert chase["In-Reply-To"] == sent["Message-ID"]
    assert chase["Reply-To"] == sent["Reply-To"]
    assert "48213" in chase.as_string()
    assert remind_due() == 0
    volunteer = enter(desk.people.volunteer)
    volunteer.goto(f"{base}/notices/{notice.code}/")
    expect(volunteer.locator("#main")).to_contain_text("late")

    answer(door, chase, DEMAND)
    accept(volunteer, base, "identity", "identity_requested")
    volunteer.goto(f"{base}/notices/{notice.code}/")
    expect(volunteer.locator("#main")).to_contain_text("The answer is ours since")
    later.go(hours=100)
    assert remind_due() == 0, "the answer is ours"

    answer(door, chase, REMOVED)
    volunteer = enter(desk.people.volunteer)
    accept(volunteer, base, "removed", "removed")
    assert moments(notice)["decided"]
    assert not moments(notice)["first_seen_gone"], "what a platform says is not what is seen"

    host.status[PATH] = 404
    assert look(host) == 1
    assert not moments(notice)["first_seen_gone"], "a machine is believed when it looks twice"
    later.go(minutes=61)
    assert look(host) == 1
    assert moments(notice)["first_seen_gone"]
    assert measured() == (1, 1)

    host.status[PATH] = 200
    later.go(hours=25)
    assert look(host) == 1
    assert moments(notice)["reappeared"]
    assert measured() == (1, 1), "the first removal stays counted"
    advocate = enter(desk.people.advocate)
    advocate.goto(f"{base}/notices/{notice.code}/")
    expect(advocate.locator("#main")).to_contain_text("It came back")
    press(advocate, "Send again")
    heading(advocate, "Notice to X")
    second = Outcome.objects.exclude(notice=notice).get()
    assert second.episode == 2
    assert {method for method, _path in host.lines} == {"HEAD"}
    for page in (reviewer, volunteer, advocate):
        assert page.problems == []  # type: ignore[attr-defined]
    assert list(verify()) == []
