"""Many processes write at once, and one chain comes out."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
EACH = [pytest.param(10, id="few"), pytest.param(250, id="many", marks=pytest.mark.long)]

pytestmark = pytest.mark.services


def writers(each: int, database: str, keys: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.writers", str(each)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database,
            "KEYS_DATABASE_URL": keys,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("each", EACH)
def test_eight_processes_on_sqlite_leave_one_chain(tmp_path, each):
    data, keys = (f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("data", "keys"))
    assert writers(each, data, keys) == f"{8 * each} 8 []"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("each", EACH)
def test_eight_processes_on_postgresql_leave_one_chain(each):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    address = urlsplit(os.environ["DATABASE_URL"])
    data = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    assert writers(each, data, os.environ["KEYS_DATABASE_URL"]) == f"{8 * each} 8 []"
