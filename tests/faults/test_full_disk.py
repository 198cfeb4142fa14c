"""F16: the disk of logs and of VAR_DIR is full. The database has its own, and knows all."""

import pytest

from core import clock
from notices.models import Message, ReceivedMail
from tests.faults.clients import ask
from tests.faults.estate import all_left, let_go, sums, until
from tests.faults.figures import report, together
from tests.faults.sending.test_disk import disk
from tests.notices.receiving import mails

__all__ = ["disk"]

pytestmark = [pytest.mark.services, pytest.mark.django_db]
EACH, SOON = 5, 60


@pytest.fixture
def cramped(estate, disk):
    """Return the installation with VAR_DIR, and so its logs, on a small disk of its own."""
    estate.folder = disk.folder / "var"
    estate.folder.mkdir()
    return estate


def test_f16_the_disk_of_logs_is_full(cramped, disk):
    cramped.everything()
    _all_goes_out_and_comes_in(cramped, 1)
    disk.fill()
    _all_goes_out_and_comes_in(cramped, 2)
    cramped.stop("worker", "beat")
    cramped.worker(), cramped.beat()
    _all_goes_out_and_comes_in(cramped, 3)
    disk.free()
    _all_goes_out_and_comes_in(cramped, 4)
    read = {"lost": 4 * EACH - Message.objects.filter(mail__isnull=False).count()}
    read |= {"twice": 0, "wrong": ReceivedMail.objects.exclude(state="understood").count()}
    told = "pages answered, worker and beat started again meanwhile"
    report("F16 disk of logs full", n=8 * EACH, **together(sums(cramped), read), note=told)


def _all_goes_out_and_comes_in(estate, turn):
    let_go(EACH)
    for n in range(EACH):
        raw = bytes(mails.mail(f"{turn} {n}\n", Message_ID=f"<{turn}-{n}@x.example>"))
        mails.stored(raw, clock.due_now())
    until(lambda: ask(estate.web_port, "/accounts/login/").status == 200, SOON)
    until(all_left, SOON)
    until(lambda: not ReceivedMail.objects.filter(state="stored").exists(), SOON)
