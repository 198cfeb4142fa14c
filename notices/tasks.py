"""What workers are asked to do. Every task finds its own work in the database."""

from time import monotonic

from celery import shared_task
from django.conf import settings

from notices.receiving import imap, understanding
from notices.reminding import rounds as reminding
from notices.sending import rounds


@shared_task(name="notices.tasks.send_due")
def send_due() -> int:
    return rounds.send_due()


@shared_task(name="notices.tasks.reconcile_unconfirmed")
def reconcile_unconfirmed() -> int:
    return rounds.reconcile_unconfirmed()


@shared_task(name="notices.tasks.understand_stored")
def understand_stored() -> int:
    return understanding.understand_stored()


@shared_task(name="notices.tasks.remind_due")
def remind_due() -> int:
    """A full round leaves more behind: the outbox is looked at now, and so are the next ones."""
    fired = reminding.remind_due()
    if fired:
        nudge()
        remind_due.delay()
    return fired


@shared_task(name="notices.tasks.poll_mailbox")
def poll_mailbox() -> int:
    kept = imap.poll(settings.MAILBOX_URL) if settings.MAILBOX_URL else 0
    if kept:
        understand_stored.delay()
    return kept


def nudge() -> None:
    """Ask a worker to look now; without an answer from the broker the next tick does."""
    send_due.delay()


class _Seldom:
    """One nudge a second is enough: whoever looks then finds all that came in between."""

    PAUSE = 1.0

    def __init__(self) -> None:
        self.after = 0.0

    def __call__(self) -> None:
        if monotonic() >= self.after:
            self.after = monotonic() + self.PAUSE
            understand_stored.delay()


nudge_reading = _Seldom()
