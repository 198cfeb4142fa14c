"""How mail leaves: the one submission server, from the environment or from the set-up."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from accounts.models import Organisation, Security


@dataclass(frozen=True)
class Submission:
    host: str
    port: int
    security: Security
    username: str
    password: str


class NoSubmissionServer(OSError):
    """Nothing says yet through which server mail leaves."""


def submission() -> Submission:
    if settings.SUBMISSION_URL:
        return _from_url(settings.SUBMISSION_URL)
    organisation = Organisation.current()
    if organisation is None or not organisation.submission_host:
        raise NoSubmissionServer("No submission server is set up.")
    return Submission(
        organisation.submission_host,
        organisation.submission_port,
        Security(organisation.submission_security),
        organisation.submission_username,
        organisation.submission_password,
    )


def _from_url(url: str) -> Submission:
    parts = urlsplit(url)
    host = parts.hostname or ""
    loopback = host in {"localhost", "127.0.0.1", "::1"}
    security = Security.TLS if parts.scheme == "smtps" else Security.STARTTLS
    if loopback and parts.scheme == "smtp":
        security = Security.NONE
    port = parts.port or (465 if security == Security.TLS else 587)
    return Submission(
        host, port, security, unquote(parts.username or ""), unquote(parts.password or "")
    )


class SubmissionBackend(EmailBackend):
    """Django's own mails (codes, invitations) leave by the same server as the notices."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        server = submission()
        super().__init__(
            host=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.security == Security.STARTTLS,
            use_ssl=server.security == Security.TLS,
            fail_silently=fail_silently,
            timeout=settings.EMAIL_TIMEOUT,
        )
