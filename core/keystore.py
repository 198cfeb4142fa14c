"""The store of wrapped case keys: a database of its own, so that data and keys part ways.

A key is written, and committed, before the first row that needs it. Erasing a case deletes its
key; whatever backup of the data still exists then opens no more.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import MappingProxyType

from core import crypto
from core.models import StoredKey

_opened: ContextVar[dict[uuid.UUID, bytes] | None] = ContextVar("opened_keys", default=None)
NONE: Mapping[uuid.UUID, bytes] = MappingProxyType({})


class KeyDestroyed(Exception):
    """The key is not in the store: the case was erased, or the store does not match the data."""


class KeyRouter:
    """Keep the models of `core` (the wrapped keys) in the database `keys`, all others out of it."""

    def db_for_read(self, model: type, **hints: object) -> str:
        return "keys" if model is StoredKey else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return (db == "keys") == (app_label == "core")


@contextmanager
def scope(known: Mapping[uuid.UUID, bytes] = NONE) -> Iterator[None]:
    """Keep opened keys for the length of one request or one job, and not longer.

    A longer life would let a process read an erased case until it restarts. `known` are keys that
    `opened` gave for several jobs that follow each other at once.
    """
    token = _opened.set(dict(known))
    try:
        yield
    finally:
        _opened.reset(token)


def create() -> uuid.UUID:
    """Make a key, store it wrapped by the ring's current key, and return its id."""
    key = crypto.generate_key()
    stored = _wrapped(uuid.uuid4(), key)
    stored.save(force_insert=True)
    _keep(stored.id, key)
    return stored.id


def create_many(count: int) -> list[uuid.UUID]:
    keys = {uuid.uuid4(): crypto.generate_key() for _ in range(count)}
    StoredKey.objects.bulk_create(_wrapped(id_, key) for id_, key in keys.items())
    for id_, key in keys.items():
        _keep(id_, key)
    return list(keys)


def key(key_id: uuid.UUID) -> bytes:
    cache = _opened.get()
    if cache is not None and key_id in cache:
        return cache[key_id]
    try:
        stored = StoredKey.objects.get(id=key_id)
    except StoredKey.DoesNotExist:
        raise KeyDestroyed("this key is not in the key store") from None
    return _keep(key_id, _unwrapped(stored))


def prime(key_ids: Iterable[uuid.UUID | None]) -> None:
    """Open many keys with one query, so that a list of rows costs what one row costs."""
    cache = _opened.get()
    if cache is None:
        return
    missing = {key_id for key_id in key_ids if key_id is not None and key_id not in cache}
    if missing:
        cache.update(opened(missing))


def opened(key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """Return those of these keys that open, with one query; `key` says why another one does not."""
    keys = {}
    for stored in StoredKey.objects.filter(id__in=list(key_ids)):
        with suppress(crypto.Unreadable, crypto.KeyRingError):
            keys[stored.id] = _unwrapped(stored)
    return keys


def destroy(key_id: uuid.UUID) -> None:
    """Delete the key for good: everything sealed with it is unreadable from now on."""
    StoredKey(id=key_id).delete()
    cache = _opened.get()
    if cache is not None:
        cache.pop(key_id, None)


def _keep(key_id: uuid.UUID, opened: bytes) -> bytes:
    cache = _opened.get()
    if cache is not None:
        cache[key_id] = opened
    return opened


def _wrapped(key_id: uuid.UUID, key: bytes) -> StoredKey:
    ring = crypto.ring()
    sealed = crypto.seal(ring.keys[ring.current], key, _bound(key_id))
    return StoredKey(id=key_id, ring_key=ring.current, wrapped=sealed)


def _unwrapped(stored: StoredKey) -> bytes:
    wrapping = crypto.ring().keys.get(stored.ring_key)
    if wrapping is None:
        raise crypto.KeyRingError(f"The ring has no key named {stored.ring_key}.")
    return crypto.unseal(wrapping, bytes(stored.wrapped), _bound(stored.id))


def _bound(key_id: uuid.UUID) -> str:
    return f"core.StoredKey:{key_id}"
