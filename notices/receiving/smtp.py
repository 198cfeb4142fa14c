"""Our own door for mail: it takes what is addressed to us, and says 250 when it is committed.

It stands behind a mail server that faces the world, and never sends, relays or answers anything.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from accounts.models import Organisation
from core import clock, keystore
from notices.receiving import storing
from notices.states import Source

logger = logging.getLogger(__name__)
# Its lines carry addresses and, at their most talkative, the mail itself.
logging.getLogger("mail.log").setLevel(logging.WARNING)

T = TypeVar("T")
MOST_CONNECTIONS, MOST_RECIPIENTS = 20, 50
SECONDS = 60.0
WRITERS = 2
# Mail servers fold lines long before this; a line without end is nobody's letter.
LONGEST_LINE = 1024**2
TAKEN = "250 2.1.5 OK"
NOT_YET = "451 4.3.0 Nobody has set this server up yet, try again later"
NOT_OURS = "550 5.7.1 This server takes mail for its own addresses only"
TOO_MANY = "452 4.5.3 Too many recipients, send the rest separately"
LATER = "451 4.3.0 The mail could not be kept now, try again later"
BUSY = b"421 4.3.2 Too many connections, try again later\r\n"
KEPT = "250 2.0.0 Kept"


class Door(SMTP):
    """One conversation. There are only so many at a time, and none may pour without end."""

    line_length_limit = LONGEST_LINE
    open_doors = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Door.open_doors += 1
        self.poured = 0
        super().connection_made(transport)
        if Door.open_doors > MOST_CONNECTIONS and isinstance(transport, asyncio.Transport):
            logger.warning("mail.busy, %d connections", MOST_CONNECTIONS)
            transport.write(BUSY)
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        Door.open_doors -= 1
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        self.poured += len(data)
        if self.poured > 2 * storing.LARGEST and isinstance(self.transport, asyncio.Transport):
            self.transport.abort()
            return
        super().data_received(data)

    def _set_post_data_state(self) -> None:
        self.poured = 0
        super()._set_post_data_state()  # type: ignore[no-untyped-call]


class Receiver:
    """What aiosmtpd asks at each step."""

    def __init__(self, nudge: Callable[[], object]) -> None:
        """`nudge` is called after each mail that is new: somebody should look."""
        self.nudge = nudge
        self.threads = ThreadPoolExecutor(WRITERS, "mail")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            answer = await self._apart(answer_to, address)
        except Exception as error:  # noqa: BLE001 - whatever failed here, the sender must keep the mail
            logger.warning("mail.deferred %s", type(error).__name__)
            return LATER
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            return await self._apart(self.keep, envelope)
        except Exception as error:  # noqa: BLE001 - whatever failed here, the sender must keep the mail
            logger.warning("mail.deferred %s", type(error).__name__)
            return LATER

    def keep(self, envelope: Envelope) -> str:
        """Store the mail, committed, before anybody says 250."""
        at = clock.now()
        raw = envelope.original_content or b""
        route = {"from": (envelope.mail_from or "").strip("<>"), "to": list(envelope.rcpt_tos)}
        with keystore.scope():
            mail, is_new = storing.store(
                raw, source=Source.SMTP, envelope=route, at=at, received_at=at
            )
        logger.info("mail.stored %s %s", mail.pk, "new" if is_new else "known")
        if is_new:
            self.nudge()
        return KEPT

    async def _apart(self, job: Callable[..., T], *arguments: Any) -> T:
        def run() -> T:
            close_old_connections()
            try:
                return job(*arguments)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self.threads, run)


def answer_to(address: str) -> str:
    """Take what is at our reply domain, or our role mailbox.

    Before the set-up nobody knows which those are: a refusal would send an answer back for ever.
    """
    ours = Organisation.objects.values_list("role_mailbox", "reply_domain").first()
    if ours is None:
        return NOT_YET
    mailbox, domain = (one.casefold() for one in ours)
    address = address.strip("<>").casefold()
    is_ours = address == mailbox or address.rpartition("@")[2] == domain
    return TAKEN if is_ours else NOT_OURS


class Listening(Controller):
    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.handler.threads.shutdown()

    def factory(self) -> SMTP:
        return Door(
            self.handler,
            data_size_limit=storing.LARGEST,
            enable_SMTPUTF8=True,
            hostname="inbound.invalid",
            ident="ready",
            timeout=SECONDS,
        )


def listen(host: str, port: int, nudge: Callable[[], object]) -> Controller:
    """Open the door, in a thread of its own."""
    controller = Listening(Receiver(nudge), hostname=host, port=port)
    controller.start()
    return controller
