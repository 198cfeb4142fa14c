"""What workers are asked to do. Every task finds its own work in the database."""

from celery import shared_task

from notices.sending import rounds


@shared_task(name="notices.tasks.send_due")
def send_due() -> int:
    return rounds.send_due()


@shared_task(name="notices.tasks.reconcile_unconfirmed")
def reconcile_unconfirmed() -> int:
    return rounds.reconcile_unconfirmed()


def nudge() -> None:
    """Ask a worker to look now; without an answer from the broker the next tick does."""
    send_due.delay()
