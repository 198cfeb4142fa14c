import logging
import resource
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notices.receiving import smtp
from notices.tasks import nudge_reading

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Take mail by SMTP at INBOUND_SMTP_HOST:INBOUND_SMTP_PORT until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        # A mail as it came is in memory only: a crash must not write it into a core file.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        host, port = settings.INBOUND_SMTP_HOST, settings.INBOUND_SMTP_PORT
        door = smtp.listen(host, port, nudge_reading)
        logger.info("mail.listening on %s:%d", host, port)
        signal.sigwait(ends)
        door.stop()
