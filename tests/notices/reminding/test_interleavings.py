"""Whatever happens in whatever order: no two messages within the gap, and no reminder too many."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from cases import checks
from cases import lifecycle as case_moves
from cases.models import Case
from core.errors import RuleBroken
from notices import delivery as outbox
from notices import replies
from notices.models import Delivery, Message, Notice, Reminder
from notices.reminding import making, plans, rounds
from notices.reminding.planning import MOST
from notices.sending import claiming, settling
from notices.sending.smtp import Reply

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CODES = ("ack_auto", "ack_human", "ack_human", "info_requested", "partially_removed",
         "hash_banked", "unrelated", "removed")  # fmt: skip
SENT = dict[int, int]()
SEEDS = [
    *range(6),
    *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 120)),
]


class Life:
    """A notice to which things happen, by dice."""

    def __init__(self, desk, frozen, dice):
        self.desk, self.frozen, self.dice = desk, frozen, dice
        self.notice = desk.sent()
        self.people = desk.people

    @property
    def now(self):
        return self.frozen.now

    def fresh(self):
        return self.desk.again(self.notice)

    def happen(self):
        often = [self.wait, self.tick, self.worker, self.worker, self.by_hand, self.file,
                 self.resume, self.quiet_days, self.quiet_days]  # fmt: skip
        rare = [self.writes, self.unfile, self.look, self.pause, self.answer, self.estimate,
                self.leave_out, self.take_back, self.stop]  # fmt: skip
        with suppress(RuleBroken):
            self.dice.choice(often * 5 + rare)()

    def wait(self):
        self.frozen.shift(hours=self.dice.choice([1, 20, 40, 80]))

    def quiet_days(self):
        """Three days in which the office does its work and nobody writes."""
        for verb in (self.file, self.resume, self.wait, self.wait, self.tick, self.worker):
            with suppress(RuleBroken):
                verb()

    def tick(self):
        rounds.remind_due()

    def worker(self):
        """Claim what is due; it leaves, or is called back before the dot."""
        claim = claiming.claim(self.now, set(), set())
        if claim is None:
            return
        self.frozen.shift(seconds=self.dice.choice([0, 2, 20]))
        if self.dice.random() < 0.2:
            self.dice.choice([self.writes, self.pause, self.estimate, self.look])()
        try:
            claiming.reach_the_dot(claim, self.now)
        except claiming.CalledBack:
            settling.called_back(claim, self.now)
            return
        settling.accepted(claim, Reply("250", "OK"), self.now)

    def writes(self):
        replies.receive(
            self.fresh(), self.people.advocate, self.now, text="…", received_at=self.now
        )

    def file(self):
        unread = Message.objects.filter(direction="received", filed_at=None).first()
        if unread:
            replies.file(unread, self.dice.choice(CODES), self.people.advocate, self.now)

    def unfile(self):
        newest = Message.objects.filter(direction="received").exclude(filed_at=None).last()
        if newest:
            replies.unfile(newest, self.people.advocate, self.now)

    def look(self):
        result = self.dice.choice(["online"] * 6 + ["gone", "unclear"])
        checks.look(self.dice.choice(self.desk.links), result, self.people.advocate, self.now)

    def case(self):
        return Case.objects.get(pk=self.notice.case_id)

    def pause(self):
        case_moves.pause(self.case(), self.people.advocate, self.now)

    def resume(self):
        case_moves.resume(self.case(), self.people.advocate, self.now)

    def estimate(self):
        until = self.now + timedelta(hours=self.dice.choice([3, 30, 100]))
        plans.set_estimate(self.fresh(), until, self.people.volunteer, self.now)

    def by_hand(self):
        making.remind(self.fresh(), self.people.coordinator, self.now)

    def answer(self):
        making.note_answered(self.fresh(), self.people.advocate, self.now, via="portal")

    def leave_out(self):
        making.leave_out(self.fresh(), self.people.advocate, self.now)

    def take_back(self):
        making.take_back(self.fresh(), self.people.coordinator, self.now)

    def stop(self):
        outbox.stop_sending(self.people.coordinator, self.now)
        self.frozen.shift(hours=4)
        outbox.resume_sending(self.people.coordinator, self.now)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_order_of_events_sends_too_soon_or_too_often(desk, frozen, seed):
    life = Life(desk, frozen, random.Random(seed))
    for _ in range(90):
        life.happen()
        _holds(life)
    SENT[seed] = Delivery.objects.filter(kind="reminder", state="sent").count()


def test_the_dice_let_reminders_leave():
    """Else the test above would hold whatever is broken."""
    assert sum(SENT.values()) >= len(SENT)


def _holds(life):
    notice = Notice.objects.get(pk=life.notice.pk)
    sent = Delivery.objects.filter(notice=notice, kind="reminder", state="sent")
    moments = sorted([notice.sent_at, *sent.values_list("sent_at", flat=True)])
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:], strict=False)]
    assert all(gap >= timedelta(hours=72) for gap in gaps), moments
    own = Reminder.objects.filter(notice=notice, kind="chase", state="made")
    assert own.filter(made_by=None).count() <= MOST
    assert sorted(own.values_list("n", flat=True)) == sorted(set(own.values_list("n", flat=True)))
    open_ones = Delivery.objects.filter(
        notice=notice, kind="reminder", state__in=["held", "queued", "deferred", "sending"]
    )
    assert open_ones.count() <= 1
    pending = Reminder.objects.filter(notice=notice, state__in=["planned", "proposed", "blocked"])
    assert pending.count() <= 1
