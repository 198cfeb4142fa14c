"""SMTP, phase by phase, to the organisation's one submission server.

Up to the final dot every failure is certain: nothing left. After the dot only an answer counts; no
answer means that nobody can know from here. smtplib's own `sendmail` hides both differences.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Literal, TypeVar

from django.conf import settings

from accounts.mail import Submission
from accounts.models import Security
from core.logs import redact

# A hung server holds a worker for no longer than this, over all phases of one mail together.
CONVERSATION_SECONDS = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OK, WILL_FORWARD, GO_AHEAD, READY_FOR_TLS, CLOSING = 250, 251, 354, 220, 421
LINE_END = re.compile(rb"\r\n|\r|\n")
UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")

T = TypeVar("T")
Phase = Literal["connect", "starttls", "auth", "mail", "rcpt", "archive", "data", "dot"]
# What fails here is between the organisation and its own server, whichever mail was waiting.
OUR_OWN: frozenset[str] = frozenset({"connect", "starttls", "auth", "archive"})


@dataclass(frozen=True)
class Envelope:
    """One recipient, and the organisation's archive for all that leaves the house.

    Mail to a member of staff goes to no archive: nobody has to prove it.
    """

    sender: str
    recipient: str
    archive: str = ""


@dataclass(frozen=True)
class Reply:
    code: str
    text: str


class NotSent(Exception):
    """The mail certainly did not leave. `code` is empty where the server said nothing."""

    def __init__(self, phase: Phase, code: str = "", text: str = "") -> None:
        super().__init__(phase, code)
        self.phase, self.code, self.text = phase, code, text

    @property
    def is_final(self) -> bool:
        """Tell whether trying again would get the same answer."""
        return self.code.startswith("5") and self.phase not in OUR_OWN

    @property
    def is_ours(self) -> bool:
        return self.phase in OUR_OWN


class Unknown(Exception):
    """The final dot went out, and the connection ended before an answer came."""


class Connection:
    """One connection to the submission server, opened for the first mail, used for the next."""

    def __init__(self, server: Submission) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._ends = 0.0

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def hand_over(
        self, envelope: Envelope, content: bytes, before_dot: Callable[[], None]
    ) -> Reply:
        """Have the server accept one mail. Raises NotSent or Unknown.

        `before_dot` is called when all is said but the dot; what it raises ends the conversation
        without the dot.
        """
        self._ends = monotonic() + CONVERSATION_SECONDS
        smtp = self._ready()
        self._said(smtp, "mail", lambda: smtp.mail(envelope.sender, _options(smtp, content)), OK)
        # Either recipient refused: the conversation starts over, and no DATA is said.
        notify, failure = _reports(smtp, envelope)
        self._said(smtp, "rcpt", lambda: smtp.rcpt(envelope.recipient, notify), OK, WILL_FORWARD)
        if envelope.archive:
            self._said(
                smtp, "archive", lambda: smtp.rcpt(envelope.archive, failure), OK, WILL_FORWARD
            )
        self._said(smtp, "data", lambda: smtp.docmd("DATA"), GO_AHEAD)
        try:
            self._body(smtp, content)
            before_dot()
        except BaseException:
            self._drop()
            raise
        return self._dot(smtp)

    def close(self) -> None:
        if self._smtp is None:
            return
        try:
            self._hurry(self._smtp, 2.0)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()
        self._smtp = None

    def _ready(self) -> smtplib.SMTP:
        """Return an open connection: the one in use if it still answers, else a new one."""
        if self._smtp is not None:
            try:
                self._hurry(self._smtp, 5.0)
                self._smtp.rset()
                return self._smtp
            except (OSError, smtplib.SMTPException):
                self._drop()
        self._smtp = self._opened()
        return self._smtp

    def _opened(self) -> smtplib.SMTP:
        smtp = _tried("connect", lambda: _connected(self._server, self._left()))
        _send_at_once(smtp)
        try:
            if self._server.security == Security.STARTTLS:
                self._hurry(smtp)
                _tried("starttls", lambda: _protected(smtp))
            if self._server.username:
                self._hurry(smtp)
                _tried("auth", lambda: smtp.login(self._server.username, self._server.password))
            self._hurry(smtp)
            _tried("connect", smtp.ehlo_or_helo_if_needed)
        except NotSent:
            smtp.close()
            raise
        return smtp

    def _said(
        self, smtp: smtplib.SMTP, phase: Phase, say: Callable[[], tuple[int, bytes]], *wanted: int
    ) -> None:
        """Say one line and read its answer; anything but a wanted one ends this mail."""
        try:
            self._hurry(smtp)
            code, text = _tried(phase, say)
        except NotSent:
            self._drop()
            raise
        if code in wanted:
            return
        self._start_over(smtp, code)
        raise NotSent(phase, str(code), _plain(text))

    def _start_over(self, smtp: smtplib.SMTP, code: int) -> None:
        """Leave the connection clean for the next mail, or leave it."""
        try:
            if code == CLOSING:
                raise smtplib.SMTPServerDisconnected
            smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _body(self, smtp: smtplib.SMTP, content: bytes) -> None:
        self._hurry(smtp)
        _tried("data", lambda: smtp.send(dotted(content)))

    def _dot(self, smtp: smtplib.SMTP) -> Reply:
        try:
            self._hurry(smtp)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Unknown(type(error).__name__) from error
        if code // 100 == 2:
            return Reply(str(code), _plain(text))
        if code // 100 in (4, 5):
            self._start_over(smtp, code)
            raise NotSent("dot", str(code), _plain(text))
        self._drop()
        raise Unknown(str(code))

    def _hurry(self, smtp: smtplib.SMTP, most: float = CONVERSATION_SECONDS) -> None:
        if smtp.sock is not None:
            smtp.sock.settimeout(min(most, self._left()))

    def _left(self) -> float:
        return max(0.1, self._ends - monotonic())

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def dotted(content: bytes) -> bytes:
    """Return the mail as it goes over the wire, without the final dot.

    Every line ends in CRLF and no line is a single dot, so that nothing in a text can end the mail
    early and begin another one.
    """
    lines = LINE_END.sub(b"\r\n", content)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _options(smtp: smtplib.SMTP, content: bytes) -> list[str]:
    options = []
    if smtp.has_extn("size"):
        options.append(f"SIZE={len(content)}")
    if smtp.has_extn("8bitmime") and not content.isascii():
        options.append("BODY=8BITMIME")
    if smtp.has_extn("dsn"):
        options.append("RET=HDRS")  # a report brings no letter back through other servers
    return options


def _reports(smtp: smtplib.SMTP, envelope: Envelope) -> tuple[list[str], list[str]]:
    """Return what to ask reports of, for the recipient and for the archive (RFC 3461).

    That a mail arrived is asked only of what leaves the house. A server that does not offer this
    gets nothing asked: it would refuse the recipient.
    """
    if not smtp.has_extn("dsn"):
        return [], []
    arrived = "SUCCESS," if envelope.archive else ""
    return [f"NOTIFY={arrived}FAILURE,DELAY"], ["NOTIFY=FAILURE"]


def _connected(server: Submission, seconds: float) -> smtplib.SMTP:
    if server.security == Security.TLS:
        return smtplib.SMTP_SSL(
            server.host, server.port, settings.SITE_HOST, timeout=seconds, context=_tls()
        )
    if server.security == Security.NONE and server.host not in LOOPBACK:
        raise NotSent("starttls", "", "an unprotected connection leaves this machine never")
    return smtplib.SMTP(server.host, server.port, settings.SITE_HOST, timeout=seconds)


def _send_at_once(smtp: smtplib.SMTP) -> None:
    """Let the final dot not wait until the end of the body is acknowledged: that takes 40 ms."""
    if smtp.sock is not None:
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _protected(smtp: smtplib.SMTP) -> None:
    """Begin TLS, or refuse: a server that offers none may be somebody who cut the offer out."""
    smtp.ehlo_or_helo_if_needed()
    if not smtp.has_extn("starttls"):
        raise NotSent("starttls", "", "the server offers no STARTTLS")
    code, text = smtp.starttls(context=_tls())
    if code != READY_FOR_TLS:
        raise NotSent("starttls", str(code), _plain(text))
    smtp.ehlo()


def _tls() -> ssl.SSLContext:
    """Return a context that checks the certificate and the name of the server."""
    return ssl.create_default_context()


def _tried(phase: Phase, step: Callable[[], T]) -> T:
    try:
        return step()
    except smtplib.SMTPResponseException as error:
        raise NotSent(phase, str(error.smtp_code), _plain(error.smtp_error)) from error
    except ssl.SSLError as error:
        raise NotSent("starttls", "", type(error).__name__) from error
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors too
        raise NotSent(phase, "", type(error).__name__) from error


def _plain(text: bytes | str) -> str:
    """Return what the server said as one line without addresses: it is shown, and it is logged."""
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    return redact(UNPRINTABLE.sub(" ", words).strip())[:200]
