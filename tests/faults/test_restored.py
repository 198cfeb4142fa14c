"""F26: yesterday's database stands beside an archive that has today's mail."""

import os

import pytest
from django.core.management import call_command
from django.db import connections

from accounts.models import Organisation
from core import clock
from notices import archive
from notices import delivery as verbs
from notices.models import Delivery, Notice, Reminder
from notices.reminding import rounds as reminding
from notices.sending import rounds
from tests.faults.estate import let_go, moved_in
from tests.faults.figures import report
from tests.notices.delivery import outbox

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture
def _told_where_to_send(estate, settings):
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{estate.sink.port}"


def today():
    """Live the day that the restore forgets: half of the mails leave, and a reminder does."""
    rounds.send_due()
    assert reminding.remind_due() == 1
    outbox.delivery()
    rounds.send_due()
    assert not Delivery.objects.exclude(state="sent").exists()


@pytest.mark.parametrize(
    "mails", [pytest.param(10, id="few"), pytest.param(200, id="many", marks=pytest.mark.long)]
)
@pytest.mark.usefixtures("_told_where_to_send")
def test_a_restored_copy_sends_nothing_that_had_left(estate, mails, capsys):
    known = let_go(mails)
    late = outbox.chased()
    yesterday = f"{estate.name}_copy"
    connections.close_all()
    estate.servers.copy(estate.name, yesterday)
    today()
    left = {row.message_id: row.sent_at for row in Delivery.objects.all()}
    with moved_in(estate.servers, yesterday):
        call_command("after_restore")
        told = capsys.readouterr().out
        never_left = _a_mail_that_never_left(estate, known)
        wrong = _go_on(estate, left, never_left)
        wrong += Reminder.objects.get(notice=late, n=1).state != "proposed"
        wrong += "2 mails in the archive" not in told
        wrong += late.code not in told
    copies = estate.sink.message_ids
    twice = len(copies) - len(set(copies))
    report("F26", n=mails, twice=twice, wrong=wrong, note="one had not left: a person decides")
    estate.servers.drop(yesterday)


def _a_mail_that_never_left(estate, known):
    """Take one copy out of the archive, as if its mail had waited in the outbox all day."""
    for path in estate.sink.archive.glob("new/*"):
        if archive._message_id(path.parent, path.name) == known[0]:
            os.remove(path)
    return known[0]


def _go_on(estate, left, never_left):
    """Let the ticks run, start sending again, and count what is not as it was."""
    rounds.send_due()
    reminding.remind_due()
    rounds.reconcile_unconfirmed()
    verbs.resume_sending(estate.people.coordinator, clock.now())
    rounds.send_due()
    reminding.remind_due()
    rows = Delivery.objects.filter(kind="notice")
    wrong = rows.get(message_id=never_left).state != "unconfirmed"
    for row in rows.exclude(message_id=never_left):
        apart = abs((row.sent_at or row.made_at) - left[row.message_id]).total_seconds()
        wrong += row.state != "sent" or apart > 2
        wrong += Notice.objects.get(pk=row.notice_id).status != "sent"
    return wrong + Organisation.objects.exclude(sending_stopped_at=None).count()
