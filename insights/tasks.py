"""What workers are asked to do. Every task finds its own work in the database."""

from celery import shared_task

from insights.digests import sending


@shared_task(name="insights.tasks.send_digests")
def send_digests() -> int:
    return sending.send_due()
