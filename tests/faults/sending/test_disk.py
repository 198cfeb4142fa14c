"""F16: the database's disk is full while mail leaves, and then has room again."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connections

from core import clock
from launch import private
from notices.models import Delivery
from tests import factories
from tests.faults import figures
from tests.faults.sending.test_workers import size, work
from tests.notices.delivery import outbox, workers

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

DISK = "240m"
NAMES = {"default": "full", "keys": "full_keys"}


class Disk:
    """A small disk of its own, which can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._ballast = folder, folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb") as file:
            try:
                while True:
                    os.write(file.fileno(), b"x" * 4096)
            except OSError:
                return

    def free(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk():
    with private.folder() as root:
        folder = root / "disk"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=711", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"may not mount a small disk here: {done.stderr.strip()}")
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@pytest.fixture
def house(disk, sink):
    """Let this process and its children live in a database on the small disk."""
    with private.postgres(disk.folder, tuple(NAMES.values())) as urls:
        for alias, name in NAMES.items():
            _copy_tables(alias, urls[name])
        with _moved_in(urls):
            factories.organisation()
            factories.people()
            yield


def _copy_tables(alias: str, url: str) -> None:
    here = connections[alias].settings_dict
    source = f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
    dump = subprocess.run(
        [shutil.which("pg_dump") or "pg_dump", "--schema-only", "--no-owner", source],
        check=True,
        capture_output=True,
    )
    command = [shutil.which("psql") or "psql", "-q", "-v", "ON_ERROR_STOP=1", url]
    subprocess.run(command, input=dump.stdout, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _moved_in(urls):
    kept = {alias: dict(connections[alias].settings_dict) for alias in NAMES}
    try:
        for alias, name in NAMES.items():
            parts = urlsplit(urls[name])
            connections[alias].close()
            connections[alias].settings_dict.update(
                NAME=name, HOST=parts.hostname, PORT=parts.port, USER=parts.username
            )
        yield
    finally:
        for alias, settings in kept.items():
            connections[alias].close()
            connections[alias].settings_dict.update(settings)


def rounds_of_work(times):
    """Let two workers run at once, so often; return how many of them ended with an error."""
    return sum(bool(code) for _ in range(times) for code in workers.together(work, work))


@size(60, 400)
def test_f16_the_databases_disk_is_full(house, disk, sink, n):
    case = outbox.case()
    for _ in range(n):
        outbox.delivery(outbox.notice(case))
    pids = [workers.start(work) for _ in range(2)]
    workers.until(lambda: len(sink.accepted) >= 4, 30)
    disk.fill()
    for pid in pids:
        workers.end(pid)
    rounds_of_work(1)
    while_full = workers.sums(sink)
    stuck = Delivery.objects.exclude(state="sent").count()
    disk.free()
    for _ in range(4):
        Delivery.objects.filter(state="sending").update(lease_until=clock.due_now())
        rounds_of_work(1)
    found = workers.sums(sink)
    found["lost"] += Delivery.objects.exclude(state="sent").count()
    # A row must say sent only of what the server has, also in the middle of it.
    found["wrong"] += while_full["lost"]
    figures.report("F16 disk full", n=n, note=f"{stuck} waited for room", **found)
    assert stuck, "the disk had room for everything"
