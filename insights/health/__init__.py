"""Whether the portal does by itself what it promises: signs of life, delays, and what to do."""

from datetime import datetime

from django.conf import settings

# The job that fetches mail from the organisation's mailbox, where one is named.
POLL = "notices.tasks.poll_mailbox"


def fetches_mail() -> bool:
    return bool(settings.MAILBOX_URL)


def has_door(seen_at: datetime | None) -> bool:
    """Tell whether mail is to come in by our own door: beside a mailbox, if it ever was open."""
    return bool(settings.INBOUND_SMTP_PORT) and (seen_at is not None or not fetches_mail())
