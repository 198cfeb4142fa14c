"""Where mail comes back no reminder goes, until somebody says that the address works again."""

import pytest

from cases.models import Task
from core.errors import RuleBroken
from notices.models import Delivery
from notices.reminding import making, showing
from notices.sending import claiming
from platforms import troubles as channels
from platforms.models import ChannelTrouble, TroubleKind

pytestmark = pytest.mark.django_db


def trouble(chase, address=""):
    channel = chase.notice.channel
    kind = TroubleKind.NO_SUCH_ADDRESS
    channels.note(channel, kind, address or channel.address, "5.1.1", chase.frozen.now)


def waits(chase):
    return Task.objects.open().filter(kind="channel_broken", subject_id=chase.notice.pk).count()


def clear_it(chase):
    marked = ChannelTrouble.objects.get(cleared_at=None)
    channels.clear(marked, chase.people.coordinator, chase.frozen.now)


@pytest.mark.parametrize("habit", ["chase", "proposing"])
def test_no_reminder_goes_where_mail_comes_back_and_somebody_is_told_once(request, habit):
    chase = request.getfixturevalue(habit)
    trouble(chase)
    assert waits(chase) == 0
    chase.frozen.shift(hours=73)
    chase.tick(), chase.tick()
    assert chase.pending().state == "blocked"
    assert chase.mails() == []
    assert waits(chase) == 1
    words = showing.follow_up(chase.fresh(), chase.frozen.now).words
    assert "Mail to this address comes back" in words
    with pytest.raises(RuleBroken, match="comes back"):
        making.remind(chase.fresh(), chase.people.coordinator, chase.frozen.now)


def test_what_waited_for_a_working_address_goes_on_when_the_mark_is_cleared(chase):
    trouble(chase)
    chase.frozen.shift(hours=73)
    chase.tick()
    clear_it(chase)
    assert chase.tick() == 1
    assert len(chase.mails()) == 1
    assert waits(chase) == 0


def test_a_cleared_mark_lets_nothing_past_a_reply_that_nobody_read(chase):
    trouble(chase)
    chase.frozen.shift(hours=73)
    chase.they_write()
    chase.tick()
    clear_it(chase)
    assert chase.tick() == 0
    assert chase.pending().state == "blocked"


def test_a_reminder_in_the_outbox_does_not_leave_once_mail_comes_back(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    trouble(chase)
    assert claiming.claim(chase.frozen.now, set(), set()) is None
    assert [mail.state for mail in Delivery.objects.filter(kind="reminder")] == ["cancelled"]
    assert chase.pending().state == "blocked"


def test_a_mark_of_another_address_holds_nothing_back(chase):
    trouble(chase, "old@x.example")
    chase.frozen.shift(hours=73)
    assert chase.tick() == 1


def test_a_broken_address_does_not_put_off_the_question_how_to_go_on(chase):
    trouble(chase)
    chase.they_say("refused_no_violation")
    chase.frozen.shift(hours=1)
    assert chase.tick() == 1
    assert Task.objects.open().filter(kind="escalate").count() == 1
