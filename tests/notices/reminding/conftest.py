"""A notice that left, and short ways to let time pass over it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from notices import replies
from notices.models import Delivery, Reminder
from notices.reminding import rounds
from notices.states import DeliveryKind, DeliveryState
from tests import factories
from tests.notices.conftest import Desk, desk, form_channel, quick_press

__all__ = ["desk", "form_channel", "quick_press"]


class Chase(SimpleNamespace):
    """One notice after its sending. `tick` is what beat does; `leave` lets the mail server work."""

    desk: Desk

    def tick(self) -> int:
        return rounds.remind_due()

    def leave(self) -> None:
        """Count every reminder in the outbox as sent, as a worker would."""
        from notices.sending import settling

        waiting = Delivery.objects.filter(kind="reminder", state__in=["queued", "held"])
        for pk in waiting.values_list("pk", flat=True):
            notice, delivery = settling.locked(pk)
            settling.settle(delivery, notice, self.frozen.now)

    def pending(self) -> Reminder | None:
        rows = Reminder.objects.filter(state__in=["planned", "blocked", "proposed"])
        return rows.filter(notice=self.notice).first()

    def mails(self) -> list[Delivery]:
        rows = Delivery.objects.filter(notice=self.notice, kind=DeliveryKind.REMINDER)
        return list(rows.exclude(state=DeliveryState.CANCELLED).order_by("seq"))

    def they_write(self, text: str = "We look into it.", **fields: Any) -> Any:
        at = self.frozen.now
        return replies.receive(
            self.notice, self.desk.people.advocate, at, text=text, received_at=at, **fields
        )

    def they_say(self, code: str, **fields: Any) -> Any:
        message = self.they_write()
        replies.file(message, code, self.desk.people.advocate, self.frozen.now, **fields)
        return message

    def fresh(self) -> Any:
        return self.desk.again(self.notice)


@pytest.fixture
def chase(desk: Desk, frozen: Any) -> Chase:
    return Chase(desk=desk, frozen=frozen, notice=desk.sent(), people=desk.people)


@pytest.fixture
def proposing(desk: Desk, frozen: Any) -> Chase:
    """The same on a channel whose reminders a person sends."""
    channel = factories.channel("x-ask", of=desk.channel.platform, chase="propose")
    return Chase(desk=desk, frozen=frozen, notice=desk.sent(channel=channel), people=desk.people)


@pytest.fixture
def by_form(desk: Desk, form_channel: Any, frozen: Any) -> Chase:
    notice = desk.sent(channel=form_channel)
    return Chase(desk=desk, frozen=frozen, notice=notice, people=desk.people)


DAY = timedelta(days=1)
