"""What workers are asked to do for cases. Every task finds its own work in the database."""

from celery import shared_task

from cases.checker import rounds


@shared_task(name="cases.tasks.check_due")
def check_due() -> int:
    return rounds.check_due()
