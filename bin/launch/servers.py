"""Looks at the databases and the broker of the environment before anything is started on them."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg2
import redis

from launch.environment import CannotStart

SECONDS = 3
SCHEMES = {"postgres", "postgresql"}


def check(environ: Mapping[str, str]) -> None:
    """Raise CannotStart with a sentence for a server that is named and does not answer."""
    for name in ("DATABASE_URL", "KEYS_DATABASE_URL"):
        if urlsplit(environ.get(name, "")).scheme in SCHEMES:
            _check_postgres(name, environ[name])
    if environ.get("REDIS_URL"):
        _check_redis(environ["REDIS_URL"])


def _check_postgres(name: str, url: str) -> None:
    try:
        psycopg2.connect(_dsn(url), connect_timeout=SECONDS).close()
    except psycopg2.OperationalError as error:
        database = unquote(urlsplit(url).path).rpartition("/")[2]
        if "does not exist" in str(error):
            raise CannotStart(
                f"PostgreSQL has no database {database!r}, which {name} asks for. "
                f"Make it on that server: createdb {database}"
            ) from error
        raise CannotStart(f"{name}: PostgreSQL does not answer ({_first_line(error)}).") from error


def _dsn(url: str) -> str:
    """Return the address as libpq reads it: a socket folder in the path becomes the host."""
    parts = urlsplit(url)
    folder, _, database = parts.path.rpartition("/")
    if not parts.netloc and folder.strip("/"):
        return f"host=/{folder.strip('/')} dbname={unquote(database)}"
    return f"postgresql://{url.partition('://')[2]}"


def _check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(
            url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as it:
            it.ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL: Redis does not answer ({_first_line(error)}).") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def key_store_is_used(environ: Mapping[str, str], var: Path) -> bool:
    """Tell whether the key store has tables already, so that a ring must exist for it."""
    url = environ.get("KEYS_DATABASE_URL", "")
    if urlsplit(url).scheme in SCHEMES:
        return _has_tables(url)
    file = var / "keys.sqlite3"
    if not file.exists():
        return False
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as store:
        return bool(store.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _has_tables(url: str) -> bool:
    with psycopg2.connect(_dsn(url), connect_timeout=SECONDS) as store, store.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        found = cursor.fetchone()
    return bool(found and found[0])
