"""The copies of both databases that docs/operating.md tells people to make, opened again."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections

from launch.private import program

MARK = "-- PostgreSQL database dump complete"


def backups(folder: Path) -> bytes:
    return b"".join(_backup(alias, folder / f"{alias}.copy") for alias in ("default", "keys"))


def _backup(alias: str, copy: Path) -> bytes:
    """Make the copy and return what is in it: its bytes, and the text of a packed one."""
    connection = connections[alias]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
        return copy.read_bytes()
    _run("pg_dump", "--format=custom", f"--file={copy}", _address(connection.settings_dict))
    opened = _run("pg_restore", "--file=-", str(copy))
    assert MARK.encode() in opened
    return copy.read_bytes() + opened


def _address(where: dict[str, Any]) -> str:
    password = f":{where['PASSWORD']}" if where["PASSWORD"] else ""
    return f"postgres://{where['USER']}{password}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


def _run(name: str, *arguments: str) -> bytes:
    return subprocess.run([program(name), *arguments], capture_output=True, check=True).stdout
