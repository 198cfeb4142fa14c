"""A lock that saves work: whoever does not get it leaves the work to whoever has it.

It guards nothing. A connection that breaks gives it up while its holder still works.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Tell whether nobody else is at work under this name, and keep it so until the end."""
    holding = _on_server(name) if connection.vendor == "postgresql" else _in_folder(name)
    with holding as is_alone:
        yield is_alone


@contextmanager
def _on_server(name: str) -> Iterator[bool]:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (got,) = cursor.fetchone()
    try:
        yield bool(got)
    finally:
        # With its connection the lock is gone already.
        if got and connection.connection is not None:
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _in_folder(name: str) -> Iterator[bool]:
    """On one machine a locked file does the same; it ends with its holder."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    with (Path(settings.VAR_DIR) / f"alone-{digest}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
