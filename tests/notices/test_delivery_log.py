"""T23: "We never received it" is answered with the delivery log, on the page and in print."""

import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from notices import bouncing, delivery_log, replies
from notices.bouncing import Bounce
from notices.letters import pages
from notices.sending import rounds
from tests import factories
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(people, frozen, tmp_path, settings):
    """Return a notice whose mail was greylisted once, then accepted, then reported on."""
    factories.organisation()
    sink = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{sink.port}"
    settings.ARCHIVE_MAILDIR = str(sink.archive)
    row = outbox.delivery()
    sink.be("greylist")
    frozen.shift(seconds=61)
    rounds.send_due()
    frozen.shift(minutes=2)
    rounds.send_due()
    sink.stop()
    bouncing.note(row, Bounce("delivered", "2.1.5", "ok <removal@x.example>"), frozen.now)
    row.refresh_from_db()
    return row


def test_t23_the_page_shows_every_step_with_code_number_digest_and_archive(
    client, left, people, frozen
):
    client.force_login(people.advocate)
    code = left.notice.code
    shown = client.get(reverse("notices:delivery_log", args=[code])).content.decode()
    for words in (
        left.message_id.strip("<>"),
        left.approval.mime_sha256,
        "2026-11-21 12:01:01 UTC",
        "2026-11-21 13:01:01 CET",
        "451",
        "250",
        "2.1.5",
        "found",
    ):
        assert words in shown
    notice_page = client.get(left.notice.get_absolute_url()).content.decode()
    assert "Handing over 250" in notice_page
    assert reverse("notices:delivery_log", args=[code]) in notice_page


def test_a_lost_copy_and_an_archive_elsewhere_are_told_apart(left, settings, frozen, tmp_path):
    assert delivery_log.of(left.notice, frozen.now).mails[0].is_archived is True
    settings.ARCHIVE_MAILDIR = str(tmp_path / "empty")
    assert delivery_log.of(left.notice, frozen.now).mails[0].is_archived is False
    settings.ARCHIVE_MAILDIR = ""
    assert delivery_log.of(left.notice, frozen.now).mails[0].is_archived is None


def test_t23_the_log_is_printed_on_one_tagged_page_with_its_fonts(
    real_press, client, left, people, tmp_path, frozen
):
    client.force_login(people.advocate)
    answer = client.get(reverse("notices:delivery_log_pdf", args=[left.notice.code]))
    assert answer["Content-Disposition"].endswith(f'"delivery-log-{left.notice.code}.pdf"')
    path = tmp_path / "log.pdf"
    path.write_bytes(answer.content)
    told = poppler("pdfinfo", path)
    assert "Tagged:          yes" in told
    assert "Pages:           1" in told
    fonts = poppler("pdffonts", path).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"
    text = pages.pdf_text(answer.content)
    assert f"Delivery log of {left.notice.code}" in text
    assert left.approval.mime_sha256 in text.replace("\n", "").replace("\r", "")


def test_nothing_about_a_person_is_printed(real_press, left, people, frozen):
    message = replies.receive(
        left.notice, people.advocate, frozen.now, text="?", received_at=frozen.now
    )
    replies.file(message, "bounced_refused", people.advocate, frozen.now)
    text = pages.pdf_text(delivery_log.pdf_of(left.notice, frozen.now))
    assert "noted in our office" in text
    for each in (people.advocate, people.reviewer):
        assert each.name not in text
    assert left.notice.case.person.alias not in text


def test_many_tries_still_fit_on_the_page(real_press, left, frozen):
    for _ in range(60):
        bouncing.note(left, Bounce("delayed", "4.4.1", "still trying " * 20), frozen.now)
    pdf = delivery_log.pdf_of(left.notice, frozen.now)
    assert len(pages.pdf_pages_png(pdf)) == 1


def test_a_reply_leads_to_the_log(client, left, people, frozen):
    message = replies.receive(
        left.notice, people.advocate, frozen.now, text="We never received it.",
        received_at=frozen.now,
    )  # fmt: skip
    client.force_login(people.advocate)
    shown = client.get(reverse("notices:reply", args=[message.pk])).content.decode()
    assert reverse("notices:delivery_log", args=[left.notice.code]) in shown


@pytest.mark.parametrize(("genuineness", "shown"), [("verified", True), ("forged", False)])
def test_where_they_say_so_the_log_is_offered_on_the_page_and_in_print(
    client, left, people, frozen, genuineness, shown
):
    message = replies.receive(
        left.notice, people.advocate, frozen.now, text="We never received it.",
        received_at=frozen.now,
    )  # fmt: skip
    message.reading, message.genuineness = {"reasons": ["not_received"]}, genuineness
    message.save(update_fields=["reading", "genuineness"])
    client.force_login(people.advocate)
    page = client.get(reverse("notices:reply", args=[message.pk])).content.decode()
    in_print = reverse("notices:delivery_log_pdf", args=[left.notice.code])
    assert (in_print in page) is shown
    assert ("They say that they never received it." in page) is shown


def test_a_notice_that_went_by_another_way_has_an_empty_log(client, desk, frozen):
    notice = desk.sent()
    client.force_login(desk.people.advocate)
    shown = client.get(reverse("notices:delivery_log", args=[notice.code])).content.decode()
    assert "No mail of this notice was handed over" in shown


def poppler(program: str, path: Path) -> str:
    return subprocess.run([program, str(path)], capture_output=True, text=True, check=True).stdout
