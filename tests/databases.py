"""The databases of the tests: copied where they were migrated before, and emptied quickly."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

FROM_MIGRATIONS = {"django_content_type", "auth_permission"}


def never_too_late() -> None:
    """Let a test's own transaction stay idle: on a slow machine it computes for longer than 30 s.

    The programs that tests start keep the limit that they ship with.
    """
    for connection in connections.all():
        if connection.vendor == "postgresql":
            options = connection.settings_dict["OPTIONS"]
            options["options"] += " -c idle_in_transaction_session_timeout=0"


@contextmanager
def poured() -> Iterator[None]:
    """Fill SQLite's memory with what bin/test migrated once: each process would take seconds.

    PostgreSQL copies by itself (TEMPLATE). Without bin/test the migrations run as ever.
    """
    folder = Path(settings.MIGRATED)
    with ExitStack() as stack:
        for connection in connections.all() if settings.MIGRATED else ():
            if connection.vendor == "sqlite":
                name = connection.creation._get_test_db_name()
                # What is in memory lives as long as somebody is connected to it.
                memory = stack.enter_context(closing(sqlite3.connect(name, uri=True)))
                _pour(folder / Path(connection.settings_dict["NAME"]).name, memory)
        yield


def _pour(path: Path, memory: sqlite3.Connection) -> None:
    # Several processes do this at the same moment: none of them may write.
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as migrated:
        migrated.backup(memory)


def empty_quickly() -> None:
    """Let every test that commits end some thirty times as fast as Django's way.

    That truncates all tables, for each of which PostgreSQL makes new files, and then writes content
    types and permissions anew. Here tables hold a few rows, and what migrations wrote stays.
    """
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


def _empty(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        there = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables = sorted(set(there) - FROM_MIGRATIONS)
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            for statement in _statements(connection, tables):
                cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper, tables: list[str]) -> list[str]:
    if connection.vendor != "postgresql":
        return connection.ops.sql_flush(no_style(), tables)
    # A replica checks no foreign keys, so the order does not matter.
    quoted = map(connection.ops.quote_name, tables)
    deleting = "; ".join(f"DELETE FROM {table}" for table in quoted)  # noqa: S608 - our own tables
    return [f"SET LOCAL session_replication_role = replica; {deleting}"]
