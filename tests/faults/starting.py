"""Starting everything while the database is down, and what the programs did meanwhile."""

import signal
from dataclasses import dataclass
from time import monotonic

from tests.faults.clients import Answer, ask
from tests.faults.estate import Estate, until


@dataclass(frozen=True)
class StartUp:
    """What was seen while the database was down, and how long it took afterwards."""

    process: Answer
    ready: Answer
    page: Answer
    ended: list[int]
    web_after: float
    worker_after: float


def without_database(estate: Estate, seconds: float) -> StartUp:
    estate.servers.crash_postgres(signal.SIGINT)
    began = monotonic()
    programs = [estate.web(), estate.worker(), estate.beat()]
    port = estate.web_port
    until(lambda: ask(port, "/healthz").status == 200, 60)
    until(lambda: monotonic() - began > seconds, seconds + 1)
    seen = [ask(port, path) for path in ("/healthz", "/readyz", "/cases/")]
    ended = [program.pid for program in programs if program.poll() is not None]
    estate.servers.postgres.start()
    web_after = until(lambda: ask(port, "/readyz").status == 200, 30)
    worker_after = until(lambda: _has_worked(port), 60)
    return StartUp(*seen, ended, web_after, worker_after)


def _has_worked(port: int) -> bool:
    """Tell whether workers and beat left a sign of life."""
    return {"workers", "beat"} <= set(ask(port, "/readyz").json().get("seconds_since", {}))
