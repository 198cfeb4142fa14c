"""F25: somebody stops a mail on a page while a worker is sending it, at every possible moment.

What the page says when it is done must stay true: nothing leaves afterwards, and what had left is
named on it.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from time import sleep

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from cases.models import Case
from core import clock
from notices import delivery as verbs
from notices.models import Delivery, Notice
from notices.reminding import rounds as reminding
from notices.sending import rounds
from tests import factories
from tests.faults.figures import report
from tests.notices.delivery import outbox, workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# Of each kind, so that there are twice as many in all.
FEW, MANY = 10, 100
SIZES = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.long)]


@pytest.fixture(autouse=True)
def _real_server(settings, people, sink):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    settings.SEND_HOLD_SECONDS = 0
    factories.organisation()


@dataclass
class Page:
    """What somebody reads once the page says that it is done."""

    done: bool
    text: str

    def names(self, delivery):
        return delivery.code in self.text


def press(client, name, *args):
    response = client.post(reverse(name, args=args), follow=True)
    return Page(response.status_code == 200, response.content.decode())


def withdraw_mandate(client, delivery):
    """Withdraw, then look again as the page does by itself while something is on its way."""
    code = delivery.notice.case.code
    client.post(reverse("cases:withdraw", args=[code]))
    ends = clock.now() + timedelta(seconds=25)
    while True:
        shown = client.get(reverse("cases:withdrawn", args=[code]))
        if not shown.context["waits"] or clock.now() > ends:
            return Page(True, shown.content.decode())
        sleep(0.05)


def undo_approval(client, delivery):
    page = press(client, "notices:undo", delivery.notice.code)
    page.done = Notice.objects.get(pk=delivery.notice_id).status == "drafted"
    return page


def withdraw_notice(client, delivery):
    page = press(client, "notices:withdraw", delivery.notice.code)
    page.done = Notice.objects.get(pk=delivery.notice_id).status == "withdrawn"
    return page


def pause_case(client, delivery):
    return press(client, "cases:pause", delivery.notice.case.code)


def stop_everything(client, delivery):
    return press(client, "notices:stop_sending")


def a_notice():
    return outbox.delivery()


def a_reminder():
    notice = outbox.chased()
    assert reminding.remind_due() == 1
    return Delivery.objects.get(notice=notice, kind="reminder")


WAYS = {
    "notice": (
        a_notice,
        [withdraw_mandate, undo_approval, withdraw_notice, pause_case, stop_everything],
    ),
    "reminder": (a_reminder, [withdraw_mandate, withdraw_notice, pause_case, stop_everything]),
}


def turn(sink, client, make, stop, waits):
    """Send and stop one mail at once; return how many times it left, and what was told wrongly."""
    delivery = make()
    pid = workers.start(lambda: (sleep(waits[0]), rounds.send_due()))
    sleep(waits[1])
    page = stop(client, delivery)
    when_done = left(sink, delivery)
    tries = Delivery.objects.get(pk=delivery.pk).attempts
    assert workers.end(pid) == 0
    rounds.send_due()
    now = Delivery.objects.get(pk=delivery.pk)
    found = {}
    if page.done:
        found = {
            "left after the page was done": left(sink, delivery) != when_done,
            "claimed after the page was done": now.attempts != tries,
            "left and not named": was_on_its_way(delivery) and not page.names(delivery),
            "left and not sent": bool(when_done) != (now.state == "sent"),
        }
    if verbs.is_stopped():
        verbs.resume_sending(factories.people().coordinator, clock.now())
        Delivery.objects.filter(pk=now.pk, state="queued").update(state="cancelled")
    return left(sink, delivery), [words for words, is_so in found.items() if is_so]


def was_on_its_way(delivery):
    """Tell whether the far server took the mail after the moment that the stop bears."""
    case = Case.objects.get(notices=delivery.notice_id)
    mandate = case.mandates.exclude(withdrawn_at=None).first()
    organisation = Organisation.current()
    moments = (
        mandate and mandate.withdrawn_at,
        case.paused_at,
        Notice.objects.get(pk=delivery.notice_id).withdrawn_at,
        organisation and organisation.sending_stopped_at,
    )
    stopped_at = next((moment for moment in moments if moment), None)
    return stopped_at is not None and delivery.log.filter(code="250", at__gte=stopped_at).exists()


def left(sink, delivery):
    return sink.message_ids.count(delivery.message_id)


@pytest.mark.parametrize("times", SIZES)
@pytest.mark.parametrize("kind", WAYS)
def test_what_was_stopped_does_not_leave_and_what_had_left_is_named(sink, people, kind, times):
    make, stops = WAYS[kind]
    client = Client()
    client.force_login(people.coordinator)
    chance = random.Random(times)
    went, wrong = [], []
    for n in range(times):
        stop = stops[n % len(stops)]
        waits = (chance.uniform(0, 0.1), chance.uniform(0, 0.1))
        copies, told = turn(sink, client, make, stop, waits)
        went.append(copies)
        wrong += [f"{stop.__name__}: {words}" for words in told]
    assert wrong == []
    report(
        "F25 " + kind,
        n=times,
        twice=sum(copies > 1 for copies in went),
        wrong=len(wrong),
        note=f"{sum(went)} had left before, {went.count(0)} stayed",
    )
