"""What the workers do, in things a second: letters printed, mail out, mail in, and ticks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from time import perf_counter
from typing import Any

from django.conf import settings

from accounts.models import Organisation
from benching import house
from core import clock, keystore
from core.addresses import reply_address
from notices import drafting, facts, letters, tasks
from notices.models import Delivery, Notice, ReceivedMail, Reminder
from notices.receiving.storing import store
from notices.sending import rounds

PRINTED, MAILS_OUT, MAILS_IN = 40, 600, 600
MOST_TICKS = 60
MAIL_BYTES = 18_000
PARAGRAPH = "Thank you for your report. Our team looked at the addresses and removed them. " * 3
Rate = tuple[str, float]


def make_ready(at: datetime) -> None:
    """Put mails with a letter each into the outbox, due now."""
    pdf = letters.render_pdf(_letter(at))
    chosen = _notices("sent")[:MAILS_OUT]
    house.make_ready(at, {notice.pk: _mail(notice, pdf) for notice in chosen})


def post(at: datetime) -> Iterator[Rate]:
    """Yield what was measured of letters and mails, by name."""
    yield "PDF", _printed(_letter(at))
    yield "deliveries with PDF", _sent()
    yield from _received()


def _notices(status: str) -> Any:
    """Return notices that went by mail and belong to cases at work."""
    rows = Notice.objects.filter(status=status, case__status="active", channel__medium="email")
    with_all = rows.select_related("case__advocate", "case__person", "platform", "channel")
    return with_all.filter(number=1).order_by("id")


def _letter(at: datetime) -> Any:
    with keystore.scope():
        return drafting.compose(facts.of_notice(_notices("sent")[0], at))


def _printed(letter: Any) -> float:
    letters.render_pdf(letter)
    began = perf_counter()
    for _ in range(PRINTED):
        letters.render_pdf(letter)
    return PRINTED / (perf_counter() - began)


def _sent() -> float:
    waiting = Delivery.objects.filter(state="queued").count()
    with _sink() as port:
        settings.SUBMISSION_URL = f"smtp://127.0.0.1:{port}"
        began = perf_counter()
        sent = rounds.send_due()
        seconds = perf_counter() - began
    if not sent or sent > waiting:
        raise RuntimeError(f"{sent} of {waiting} mails left")
    return sent / seconds


def _mail(notice: Notice, pdf: bytes) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "notices@harbour.example", "removal@x.example"
    message["Subject"] = f"Notice {notice.code}"
    message["Message-ID"] = house.message_id_of(notice)
    message.set_content(house.TEXT)
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="notice.pdf")
    return message.as_bytes()


@contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benching.sink"], stdout=subprocess.PIPE)
    try:
        yield int(process.stdout.readline() if process.stdout else 0)
    finally:
        process.kill()
        process.wait()


def _received() -> Iterator[Rate]:
    answers = [_answer(notice) for notice in _notices("sent")[:MAILS_IN]]
    began = perf_counter()
    for raw in answers:
        with keystore.scope():
            moment = clock.now()
            store(raw, source="smtp", envelope={}, at=moment, received_at=moment)
    yield "received mail, stored", len(answers) / (perf_counter() - began)
    began, read = perf_counter(), 0
    while some := tasks.understand_stored():
        read += some
    yield "received mail, understood", read / (perf_counter() - began)
    if ReceivedMail.objects.exclude(state="understood").exists():
        raise RuntimeError("some mail was not understood")


def _answer(notice: Notice) -> bytes:
    domain = (Organisation.current() or Organisation()).reply_domain
    message = EmailMessage(policy=SMTP)
    message["From"] = f"support@{notice.platform.key}.example"
    message["To"] = reply_address(notice.reply_token, domain)
    message["Subject"] = f"Re: Notice {notice.code}"
    message["Message-ID"] = f"<answer-{notice.reply_token}@{notice.platform.key}.example>"
    text = f"About {notice.code}.\n\n{PARAGRAPH}"
    quoted = "\n".join(f"> {line}" for line in [PARAGRAPH] * (MAIL_BYTES // len(PARAGRAPH)))
    message.set_content(f"{text}\n\n{quoted}")
    return message.as_bytes()


def ticks(due: int, at: datetime) -> Iterator[Rate]:
    """Yield what a tick takes over all reminders, and then with `due` of them due.

    A tick ends in time whatever is due: what is left over is due in the next one.
    """
    tasks.remind_due()
    yield "tick, none due", _timed_tick()[0]
    house.let_fall_due(at, due)
    seconds, fired = _timed_tick()
    yield "tick, a tenth due", seconds
    yield "reminders that fired in it", fired
    yield "reminders left for the next", _still_due()
    ticks = 1
    while _still_due() and ticks < MOST_TICKS:
        seconds, ticks = seconds + _timed_tick()[0], ticks + 1
    yield "ticks until none was due", ticks
    yield "seconds of these ticks", seconds
    yield "reminders still due", _still_due()


def _timed_tick() -> tuple[float, int]:
    began = perf_counter()
    fired = tasks.remind_due()
    return perf_counter() - began, fired


def _still_due() -> int:
    rows = Reminder.objects.filter(state="planned", due_at__lte=clock.now())
    return rows.count()
