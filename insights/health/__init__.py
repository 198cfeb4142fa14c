"""Whether the portal does by itself what it promises: signs of life, delays, and what to do."""

from django.conf import settings

# The job that fetches mail from the organisation's mailbox, where one is named.
POLL = "notices.tasks.poll_mailbox"


def fetches_mail() -> bool:
    return bool(settings.MAILBOX_URL)
