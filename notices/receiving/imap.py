"""The mailbox: asked every minute, by one worker at a time.

A mail is fetched without a mark, stored, committed, and only then marked as seen. What broke off in
between is fetched again, and the ledger knows it. Nothing is ever deleted there.
"""

import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from imaplib import IMAP4
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.db.models import Max
from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted

from core import advisory, clock, keystore
from notices.models import ReceivedMail
from notices.receiving import storing, structure
from notices.receiving.storing import Arrival
from notices.states import Source

logger = logging.getLogger(__name__)

SECONDS = 20
ROUND_SECONDS = 45.0
AT_A_TIME = 50
TRIES = 3
NUMBER = re.compile(rb"UID (\d+)")
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
ARRIVED = re.compile(rb'INTERNALDATE "([^"]{1,40})"')


class NotKept(Exception):
    """Some mails could not be kept; they are asked for again at the next look."""


@dataclass(frozen=True)
class Address:
    """What MAILBOX_URL says."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    has_tls: bool

    @property
    def name(self) -> str:
        """Return the mailbox's name in the ledger: no password, no more than a column holds."""
        return f"{self.user}@{self.host}/{self.folder}"[:120]


@dataclass(frozen=True)
class Listed:
    """What the server tells of a mail before it is fetched."""

    uid: int
    size: int
    arrived: datetime


def address(url: str) -> Address:
    parts = urlsplit(url)
    has_tls = parts.scheme == "imaps"
    return Address(
        host=parts.hostname or "",
        port=parts.port or (993 if has_tls else 143),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        has_tls=has_tls,
    )


def poll(url: str) -> int:
    """Fetch what is new; return how many mails were kept that were not here before.

    Raises what the connection raises when it breaks again and again, and NotKept when all others
    were kept.
    """
    where = address(url)
    with advisory.alone(f"mailbox {where.name}") as is_alone:
        if not is_alone:
            return 0
        return _poll(where, TRIES)


def _poll(where: Address, tries: int) -> int:
    kept, ends = 0, monotonic() + ROUND_SECONDS
    broke_at: set[int] = set()
    for left in reversed(range(tries)):
        try:
            with _opened(where) as box:
                for is_new in _Round(box, where, broke_at).take():
                    kept += is_new
                    if monotonic() > ends:
                        break
            return kept
        except (IMAP4.abort, OSError) as error:
            # What is committed is not fetched again: a new connection goes on from there.
            logger.warning("mailbox.broken %s", type(error).__name__)
            if not left:
                raise
    return kept


@contextmanager
def _opened(where: Address) -> Iterator[BaseMailBox]:
    box: BaseMailBox
    if where.has_tls:
        context = ssl.create_default_context()
        box = MailBox(where.host, where.port, timeout=SECONDS, ssl_context=context)
    else:
        box = MailBoxUnencrypted(where.host, where.port, timeout=SECONDS)
    try:
        yield box.login(where.user, where.password, where.folder)
    finally:
        try:
            box.client.logout()
        except (IMAP4.error, OSError):
            box.client.shutdown()


class _Round:
    """One look into an open mailbox."""

    def __init__(self, box: BaseMailBox, where: Address, broke_at: set[int]) -> None:
        """`broke_at` are the mails at which earlier connections broke; this one adds its own."""
        self.client = box.client
        self.box = box
        self.name = where.name
        self.broke_at = broke_at
        self.not_kept = 0
        self.validity = box.folder.status(where.folder, ["UIDVALIDITY"])["UIDVALIDITY"]

    def take(self) -> Iterator[bool]:
        """Keep one mail after the other, in the order of their numbers; tell which were new.

        One at which a connection broke comes last: if it breaks again, the others are in. Raises
        NotKept at the end, if there was one that would not be kept.
        """
        wanted = sorted(self._wanted(), key=lambda uid: (uid in self.broke_at, uid))
        for at in range(0, len(wanted), AT_A_TIME):
            for listed in self._listed(wanted[at : at + AT_A_TIME]):
                if (is_new := self._keep(listed)) is not None:
                    yield is_new
        if self.not_kept:
            raise NotKept(self.not_kept)

    def _keep(self, listed: Listed) -> bool | None:
        """Store one mail, then mark it; None: it would not be kept, and stays without a mark."""
        try:
            with keystore.scope():
                _mail, is_new = self._store(listed)
        except (IMAP4.abort, OSError):
            self.broke_at.add(listed.uid)
            raise
        except (OperationalError, SoftTimeLimitExceeded):
            # The database is away, or the time is up: the next would fare no better.
            raise
        except Exception:  # noqa: BLE001 - one bad mail must not keep the others waiting
            logger.exception("mailbox.not_kept %s", listed.uid)
            self.not_kept += 1
            return None
        self._ask("STORE", listed.uid, r"+FLAGS.SILENT (\Seen)")
        return is_new

    def _wanted(self) -> set[int]:
        """Return what is not marked, and what came after the last one kept, marked or not.

        Somebody may have opened a mail in another program before it was kept. All below the last
        one was kept before it, or could not be and has no mark yet. After a change of UIDVALIDITY
        no last one is known: all are wanted.
        """
        here = ReceivedMail.objects.filter(mailbox=self.name, uid_validity=self.validity)
        last = here.aggregate(last=Max("uid"))["last"] or 0
        # "n:*" gives the last mail even where n is beyond it.
        later = {uid for uid in self._uids(f"UID {last + 1}:*") if uid > last}
        return later | self._uids("UNSEEN")

    def _uids(self, criteria: str) -> set[int]:
        return set(map(int, self.box.uids(criteria, charset=None)))

    def _listed(self, uids: list[int]) -> list[Listed]:
        answer = self._ask("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE INTERNALDATE)")
        lines = [part[0] if isinstance(part, tuple) else part for part in answer if part]
        found = {listed.uid: listed for line in lines if (listed := _read_listed(line))}
        return [found[uid] for uid in uids if uid in found]

    def _store(self, listed: Listed) -> tuple[ReceivedMail, bool]:
        at = clock.now()
        arrival = Arrival(
            source=Source.IMAP,
            at=at,
            received_at=min(listed.arrived, at),
            mailbox=self.name,
            uid_validity=self.validity,
            uid=listed.uid,
        )
        if listed.size > storing.LARGEST:
            top = self._body(listed.uid, f"BODY.PEEK[]<0.{structure.HEADER_BYTES}>")
            return storing.store_top(top, listed.size, arrival)
        return storing.store(self._body(listed.uid, "BODY.PEEK[]"), **vars(arrival))

    def _body(self, uid: int, what: str) -> bytes:
        kind, answer = self.client.uid("FETCH", str(uid), f"({what})")
        if kind != "OK":
            raise IMAP4.error("the server does not hand this mail out")
        for part in answer:
            if isinstance(part, tuple):
                return bytes(part[1])
        # The server may give an empty mail without a literal; one that has just gone, nothing.
        return b""

    def _ask(self, command: str, uids: object, what: str) -> list[Any]:
        kind, answer = self.client.uid(command, str(uids), what)
        if kind != "OK":
            raise IMAP4.abort(f"{command} was refused")
        return answer


def _read_listed(line: bytes) -> Listed | None:
    uid, size, arrived = (each.search(line) for each in (NUMBER, SIZE, ARRIVED))
    if not (uid and size and arrived):
        return None
    moment = datetime.strptime(arrived[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
    return Listed(int(uid[1]), int(size[1]), moment)
