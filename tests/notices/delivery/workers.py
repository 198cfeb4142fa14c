"""Real workers: forks that run one round and may be killed in it, and Celery's own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, connections

from notices.models import Delivery
from notices.sending import rounds
from tests.faults import figures
from tests.mail_sink import MailSink

ROOT = Path(__file__).resolve().parents[3]
KILLED = -signal.SIGKILL
INHERITED: list[object] = []


def start(job: Callable[[], object], fault: str = "") -> int:
    """Run `job` in a process of its own, with its own database connections; return its id."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        INHERITED.extend(leave_inherited_connections())
        settings.FAULT_POINT = fault
        job()
        code = 0
    finally:
        os._exit(code)


def leave_inherited_connections() -> list[object]:
    """Let this process open connections of its own; return the inherited ones, which must live on.

    While a browser's event loop runs, Django keeps connections elsewhere than before it began:
    those from before are not closed by a fork's parent, and closing them here would end them there.
    """
    inherited = []
    for wrapper in connections.all(initialized_only=True):
        inherited.append(wrapper.connection)
        wrapper.connection = None
    return inherited


def end(pid: int) -> int:
    """Wait for a process; return its exit code, negative for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def one_round(fault: str = "") -> int:
    return end(start(rounds.send_due, fault))


def together(*jobs: Callable[[], object]) -> list[int]:
    """Run jobs at once, each in its process; none begins before all are there."""
    ready, go = os.pipe(), os.pipe()

    def waiting(job: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            os.write(ready[1], b".")
            os.read(go[0], 1)
            return job()

        return run

    pids = [start(waiting(job)) for job in jobs]
    for _ in pids:
        os.read(ready[0], 1)
    os.write(go[1], b"." * len(pids))
    codes = [end(pid) for pid in pids]
    for handle in (*ready, *go):
        os.close(handle)
    return codes


def database_url(alias: str, variable: str) -> str:
    """Return the address of the test's own database, as another program is told it."""
    name = connections[alias].settings_dict["NAME"]
    parts = urlsplit(os.environ[variable])
    return parts._replace(path=f"/{name}").geturl()


def environment(sink: MailSink) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database_url("default", "DATABASE_URL"),
        "KEYS_DATABASE_URL": database_url("keys", "KEYS_DATABASE_URL"),
        "REDIS_URL": os.environ["REDIS_URL"],
        "SUBMISSION_URL": f"smtp://127.0.0.1:{sink.port}",
        "ARCHIVE_MAILDIR": str(sink.archive),
    }


def celery_worker(sink: MailSink, log: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run a worker with two children; whoever kills it kills the whole group."""
    options = ["-c", "2", "--without-gossip", "--without-mingle"]
    return _celery("worker", options, environment(sink), log)


def celery_beat(sink: MailSink, folder: Path, **changed: str):
    """Run beat with the pulse that it ships with."""
    return _celery("beat", [], environment(sink) | changed, folder / "beat.log")


@contextmanager
def _celery(
    program: str, options: list[str], environ: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", "config", program, *options]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--loglevel", "WARNING"],
            cwd=ROOT,
            env=environ,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(question: Callable[[], bool], seconds: float) -> bool:
    ends = monotonic() + seconds
    while not (answer := question()) and monotonic() < ends:
        sleep(0.5)
    return answer


def all_sent() -> bool:
    return not Delivery.objects.exclude(state="sent").exists()


def sums(sink: MailSink) -> dict[str, int]:
    """Compare what the database calls sent with what the sink accepted, for the table of faults."""
    sent = Delivery.objects.filter(state="sent", sent_at__isnull=False)
    return figures.compare(sent.values_list("message_id", flat=True), sink.message_ids)


def assert_nothing_lost_or_twice(sink: MailSink) -> None:
    """Compare what the sink accepted with what the database calls sent."""
    accepted = sink.message_ids
    assert len(accepted) == len(set(accepted)), "a mail was sent twice"
    sent = Delivery.objects.filter(state="sent", sent_at__isnull=False)
    assert set(accepted) == set(sent.values_list("message_id", flat=True))
    assert set(sink.heard) <= {"CONNECT", "DATA"}
    assert connection.vendor == "postgresql"
