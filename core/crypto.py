"""AES-256-GCM, the ring of keys that wraps case keys, and the key of the search index."""

import base64
import binascii
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
INDEX_NAME = "index"


class KeyRingError(Exception):
    """The ring is missing or unusable; nothing may be stored or read until it is mended."""


class Unreadable(Exception):
    """The stored bytes do not open: another key, another row, another field, or changed."""


@dataclass(frozen=True)
class Ring:
    """The keys that wrap case keys: the first named one wraps, all of them unwrap."""

    current: str
    keys: dict[str, bytes]
    index: bytes


def generate_key() -> bytes:
    return os.urandom(KEY_BYTES)


def ring_line(name: str, key: bytes) -> str:
    return f"{name} {base64.b64encode(key).decode()}"


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """Return `plain` encrypted so that it opens only with `key` and the same `bound_to`."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    if sealed[:1] != VERSION:
        raise Unreadable("unknown version of an encrypted value")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Unreadable("an encrypted value does not open") from error


def ring() -> Ring:
    """Return the ring of the environment or of its file; raise KeyRingError without one."""
    return _parsed(settings.KEYRING or _ring_file())


def _ring_file() -> str:
    try:
        return Path(settings.KEYRING_FILE).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyRingError("The key ring cannot be read. Set KEYRING or KEYRING_FILE.") from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> Ring:
    named: dict[str, bytes] = {}
    for line in text.replace(",", "\n").splitlines():
        if line.strip():
            name, _, value = line.strip().partition(" ")
            named[name] = _key(value)
    index = named.pop(INDEX_NAME, None)
    if index is None or not named:
        raise KeyRingError("The key ring needs one wrapping key and a key named 'index'.")
    return Ring(current=next(iter(named)), keys=named, index=index)


def _key(value: str) -> bytes:
    try:
        key = base64.b64decode(value.strip(), validate=True)
    except binascii.Error as error:
        raise KeyRingError("A key of the ring is not base64.") from error
    if len(key) != KEY_BYTES:
        raise KeyRingError("A key of the ring is not 32 bytes long.")
    return key
