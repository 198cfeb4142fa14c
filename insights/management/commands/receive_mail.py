import logging
import resource
import signal
import smtplib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from insights.health import heartbeats
from notices.receiving import smtp
from notices.tasks import nudge_reading

logger = logging.getLogger(__name__)
# How often the door looks whether it answers, and for how long it waits for its own answer.
EVERY, PATIENCE = 15.0, 5.0


class Command(BaseCommand):
    help = "Take mail by SMTP at INBOUND_SMTP_HOST:INBOUND_SMTP_PORT until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.INBOUND_SMTP_HOST, settings.INBOUND_SMTP_PORT
        if not port:
            raise CommandError("INBOUND_SMTP_PORT is 0: this installation has no door for mail.")
        # A mail as it came is in memory only: a crash must not write it into a core file.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        ends = {signal.SIGTERM, signal.SIGINT}
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        door = smtp.listen(host, port, nudge_reading)
        logger.info("mail.listening on %s:%d", host, port)
        self._leave_sign(host, port)
        while signal.sigtimedwait(ends, EVERY) is None:
            self._leave_sign(host, port)
        door.stop()

    def _leave_sign(self, host: str, port: int) -> None:
        """Note that the door is open, if it greets whoever comes."""
        try:
            smtplib.SMTP(host, port, timeout=PATIENCE).close()
        except OSError as error:
            logger.warning("mail.door_does_not_answer %s", type(error).__name__)
            return
        heartbeats.alive(heartbeats.DOOR)
        # Nothing else is asked here until the next look, which may find another database.
        connections.close_all()
