"""Start-up checks: a configuration that would be unsafe does not start, and says why."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from core import crypto

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@register(Tags.security)
def configuration(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [message for check in CHECKS for message in check()]


def _secret_key() -> Sequence[CheckMessage]:
    try:
        length = len(settings.SECRET_KEY)
    except ImproperlyConfigured:  # what reading an empty key raises
        length = 0
    if length < 40:
        text = "SECRET_KEY is missing or shorter than 40 characters."
        return [
            Error(
                text,
                hint="Set SECRET_KEY to a long random text, or SECRET_KEY_FILE to a file with one.",
                id="recourse.E001",
            )
        ]
    return []


def _key_ring() -> Sequence[CheckMessage]:
    try:
        crypto.ring()
    except crypto.KeyRingError as error:
        hint = "Make one with `manage.py generate_key` and keep it apart from the data."
        return [Error(str(error), hint=hint, id="recourse.E002")]
    return []


def _plain_http() -> Sequence[CheckMessage]:
    if settings.SITE_IS_HTTPS or settings.SITE_IS_LOOPBACK:
        return []
    return [
        Error(
            f"SITE_URL {settings.SITE_URL} is plain http on a public host.",
            hint="Serve https, and set SITE_URL to its https address.",
            id="recourse.E003",
        )
    ]


def _demo_stays_at_home() -> Sequence[CheckMessage]:
    servers = [settings.SUBMISSION_URL, *filter(None, [settings.MAILBOX_URL])]
    at_home = all(urlsplit(url).hostname in LOOPBACK for url in servers)
    if not settings.DEMO or (settings.SITE_IS_LOOPBACK and at_home):
        return []
    return [
        Error(
            "DEMO is on with a public host or a real mail server.",
            hint="Demo data live on localhost with the catcher only. Unset DEMO.",
            id="recourse.E004",
        )
    ]


def _debug() -> Sequence[CheckMessage]:
    if settings.DEBUG and not settings.SITE_IS_LOOPBACK:
        return [Error("DEBUG is on with a public host.", hint="Unset DEBUG.", id="recourse.E005")]
    return []


def _databases_apart() -> Sequence[CheckMessage]:
    default, keys = settings.DATABASES["default"], settings.DATABASES["keys"]
    same = all(default.get(part) == keys.get(part) for part in ("ENGINE", "NAME", "HOST", "PORT"))
    if not same:
        return []
    return [
        Error(
            "The key store is in the same database as the data.",
            hint="Give KEYS_DATABASE_URL a database of its own.",
            id="recourse.E006",
        )
    ]


def _submission_is_protected() -> Sequence[CheckMessage]:
    if not settings.SUBMISSION_URL:
        return []
    scheme = urlsplit(settings.SUBMISSION_URL).scheme
    if scheme in {"smtp", "smtps"}:
        return []
    return [
        Error(
            "SUBMISSION_URL begins with neither smtp:// nor smtps://.",
            hint="smtp:// uses STARTTLS, smtps:// TLS from the start.",
            id="recourse.E007",
        )
    ]


def _mailbox_is_protected() -> Sequence[CheckMessage]:
    if not settings.MAILBOX_URL:
        return []
    server = urlsplit(settings.MAILBOX_URL)
    if server.scheme == "imaps" or (server.scheme == "imap" and server.hostname in LOOPBACK):
        return []
    return [
        Error(
            "MAILBOX_URL is not imaps://, and not a mailbox on this machine.",
            hint="imaps:// reads the mailbox over TLS; imap:// is for localhost only.",
            id="recourse.E008",
        )
    ]


CHECKS: list[Callable[[], Sequence[CheckMessage]]] = [
    _secret_key,
    _key_ring,
    _plain_http,
    _demo_stays_at_home,
    _debug,
    _databases_apart,
    _submission_is_protected,
    _mailbox_is_protected,
]
