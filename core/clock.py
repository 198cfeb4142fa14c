"""The only module that reads the time."""

from datetime import UTC, datetime
from typing import cast

from django.db import connection


def now() -> datetime:
    """Return this moment by this machine's clock: for pages and verbs, read once, passed on."""
    return datetime.now(UTC)


def due_now() -> datetime:
    """Return this moment by the database's clock: read once by a tick to judge what is due.

    Workers' clocks differ; rows that several of them claim must be judged by one clock.
    """
    sqlite = connection.vendor == "sqlite"
    query = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')" if sqlite else "SELECT clock_timestamp()"
    with connection.cursor() as cursor:
        cursor.execute(query)
        (moment,) = cursor.fetchone()
    if sqlite:
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return cast("datetime", moment).astimezone(UTC)
