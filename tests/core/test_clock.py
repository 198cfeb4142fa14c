"""Two clocks: this machine's for pages, the database's for what is due."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from core import clock

ROOT = Path(__file__).resolve().parents[2]
BOTH = """
import django
django.setup()
from core import clock
print(clock.now().isoformat(), clock.due_now().isoformat())
"""


def test_now_is_an_aware_moment_in_utc(frozen):
    assert clock.now() == frozen.now
    assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_due_now_is_an_aware_moment_in_utc_close_to_now():
    moment = clock.due_now()
    assert moment.utcoffset() == timedelta(0)
    assert abs(moment - datetime.now(UTC)) < timedelta(seconds=30)


@pytest.mark.django_db
def test_due_now_moves_on_within_a_transaction():
    assert clock.due_now() <= clock.due_now()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_clock_is_a_year_ahead_still_judges_by_the_databases(settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    done = subprocess.run(
        ["faketime", "-f", "+400d", sys.executable, "-c", BOTH],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    ahead, due = map(datetime.fromisoformat, done.stdout.split()[-2:])
    real = datetime.now(UTC)
    assert ahead - real > timedelta(days=399)
    assert abs(due - real) < timedelta(minutes=5)
