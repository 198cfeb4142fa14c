"""The SMTP side: takes a mail, has it on the disk, then says 250."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from catcher import LOOPBACK, maildir

logger = logging.getLogger(__name__)


class Receiver:
    """The handler that aiosmtpd calls at the final dot."""

    def __init__(self, root: Path, archive_address: Callable[[], str]) -> None:
        """`archive_address` tells, at each mail, which address is the organisation's archive."""
        self.root = root
        self.archive_address = archive_address

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await asyncio.to_thread(self.keep, envelope)

    def keep(self, envelope: Envelope) -> str:
        try:
            count = self._store(envelope)
        except Exception as error:  # noqa: BLE001 - whatever failed here, the sender must keep the mail
            logger.warning("mail.refused %s", type(error).__name__)
            return "451 4.3.0 The mail could not be kept, try again later"
        logger.info("mail.caught for %d recipients", count)
        return "250 2.0.0 Caught, and going nowhere"

    def _store(self, envelope: Envelope) -> int:
        archive = self.archive_address().casefold()
        # The archive comes last: a copy there tells the sender that everybody else has theirs.
        recipients = sorted(envelope.rcpt_tos, key=lambda rcpt: rcpt.casefold() == archive)
        for recipient in recipients:
            box = maildir.ARCHIVE if recipient.casefold() == archive else maildir.OUTSIDE
            sender = (envelope.mail_from or "").strip("<>")
            content = envelope.original_content or b""
            maildir.store(self.root, box, sender, recipient, content)
        return len(recipients)


def listen(root: Path, port: int, archive_address: Callable[[], str]) -> Controller:
    """Start the server in a thread of its own, on loopback and nowhere else."""
    maildir.prepare(root)
    controller = Controller(
        Receiver(root, archive_address),
        hostname=LOOPBACK,
        port=port,
        server_hostname="catcher.localhost",
        ident="Recourse catcher, relays nothing",
    )
    controller.start()
    return controller
