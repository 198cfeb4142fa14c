"""A whole installation of its own, made to be broken: servers that end and start again, real web,
worker and beat processes, and the far mail server that remembers what it accepted.

The test itself looks into the same database through the models.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis
from django.db import connections
from django.test import override_settings

from core import clock
from launch import private
from launch.supervisor import spawn
from notices.models import Delivery
from tests.door.processes import clean_environ, free_ports, marked
from tests.faults import figures
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox

ROOT = Path(__file__).resolve().parents[2]
ALIASES = {"default": "", "keys": "_keys"}
GUNICORN = str(Path(sys.executable).with_name("gunicorn"))
QUICK_PULSE, QUICK_LEASE = "1", "4"
Process = subprocess.Popen[bytes]


@dataclass
class Servers:
    """The PostgreSQL and the Redis that all faults share, with an empty installation to copy."""

    root: Path
    postgres: private.Server
    redis: private.Server
    postgres_port: int
    redis_port: int
    made: int = 0

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}/0"

    def redis_client(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url)

    def url(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.postgres_port}/{name}"

    def crash_postgres(self, how: signal.Signals) -> None:
        """End PostgreSQL as a crash does, and forget the test's own dead connections."""
        self.postgres.end(how)
        connections.close_all()

    def execute(self, statement: str) -> None:
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()

    def copy(self, of: str, to: str) -> None:
        """Copy both databases of an installation. Nobody may be connected to them."""
        for suffix in ALIASES.values():
            self.execute(f'CREATE DATABASE "{to}{suffix}" TEMPLATE "{of}{suffix}"')

    def drop(self, name: str) -> None:
        for suffix in ALIASES.values():
            self.execute(f'DROP DATABASE IF EXISTS "{name}{suffix}" WITH (FORCE)')


@contextmanager
def servers(root: Path) -> Iterator[Servers]:
    """Start both servers. The empty installation is a copy of the migrated one of this run."""
    postgres_port, redis_port = free_ports(2)
    with ExitStack() as stack:
        postgres = private.postgres_server(root, postgres_port, durable=True)
        redis = private.redis_of(root, redis_port)
        for server in (postgres, redis):
            stack.enter_context(private.serving(server))
        found = Servers(root, postgres, redis, postgres_port, redis_port)
        for alias, suffix in ALIASES.items():
            _take_over(alias, found.url(f"empty{suffix}"), found)
        yield found


def _take_over(alias: str, url: str, found: Servers) -> None:
    """Copy the tables of this run's own test database, which the migrations made."""
    here = connections[alias].settings_dict
    source = f"postgres://{here['USER']}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
    found.execute(f'CREATE DATABASE "{urlsplit(url).path.strip("/")}"')
    dump = subprocess.run(
        [private.program("pg_dump"), "--no-owner", source], check=True, capture_output=True
    )
    # Tests lift the append-only rule of their own database; here it holds.
    rule = b"" if alias == "keys" else b"ALTER TABLE public.audit_auditentry ENABLE TRIGGER USER;"
    command = [private.program("psql"), "-q", "-v", "ON_ERROR_STOP=1", url]
    subprocess.run(command, input=dump.stdout + rule, check=True, stdout=subprocess.DEVNULL)


@dataclass
class Estate:
    servers: Servers
    name: str
    folder: Path
    sink: MailSink
    web_port: int
    pulse: str = QUICK_PULSE
    lease: str = QUICK_LEASE
    running: dict[str, Process] = field(default_factory=dict)
    replaced: list[Process] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        return clean_environ(
            DJANGO_SETTINGS_MODULE="tests.settings",
            PYTHONPATH=f"{ROOT}:{ROOT / 'bin'}",
            PYTHONUNBUFFERED="1",
            VAR_DIR=str(self.folder),
            SITE_URL=f"http://localhost:{self.web_port}",
            DATABASE_URL=self.servers.url(self.name),
            KEYS_DATABASE_URL=self.servers.url(f"{self.name}_keys"),
            REDIS_URL=self.servers.redis_url,
            SUBMISSION_URL=f"smtp://127.0.0.1:{self.sink.port}",
            ARCHIVE_MAILDIR=str(self.sink.archive),
            SEND_HOLD_SECONDS="0",
            PULSE=self.pulse,
            LEASE=self.lease,
        )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def web(self) -> Process:
        # The program itself and not `-m gunicorn`: it starts itself anew on USR2.
        command = [GUNICORN, "config.wsgi:application", "--bind", f"127.0.0.1:{self.web_port}"]
        command += ["--workers", "2", "--threads", "4", "--no-control-socket", "--preload"]
        command += ["--graceful-timeout", "20", "--pid", str(self.folder / "web.pid")]
        return self.start("web", *command)

    def worker(self, name: str = "worker") -> Process:
        command = ["celery", "--quiet", "-A", "tests.faults.quick", "worker", "--concurrency", "2"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.start(name, "-m", *command)

    def beat(self, name: str = "beat") -> Process:
        return self.start(name, "-m", "celery", "--quiet", "-A", "tests.faults.quick", "beat")

    def start(self, name: str, *arguments: str) -> Process:
        process = spawn([sys.executable, *arguments], self.environ, ROOT, self.log(name))
        if name in self.running:
            self.replaced.append(self.running[name])
        self.running[name] = process
        return process

    def everything(self) -> list[Process]:
        return [self.web(), self.worker(), self.beat()]

    def stop(self, *names: str) -> None:
        for name in names:
            kill(self.running.pop(name))

    def kill_all(self) -> None:
        """End every program at once, as a power cut does.

        They are known by their folder: a number of a process that has ended may be another's now.
        """
        for pid in marked(f"VAR_DIR={self.folder}\0"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in (*self.running.values(), *self.replaced):
            process.wait()
        self.running.clear()
        self.replaced.clear()


def kill(process: Process) -> None:
    if process.poll() is None:
        private.kill_group(process)
    process.wait()


def until(question: Callable[[], Any], seconds: float, pause: float = 0.1) -> float:
    """Wait until `question` is answered with yes; return the seconds it took, or fail."""
    began = monotonic()
    while not question():
        assert monotonic() - began < seconds, f"not so after {seconds} s"
        sleep(pause)
    return monotonic() - began


def fair(seconds: float) -> float:
    """Return how long that many seconds may take while others use the machine as well."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@contextmanager
def moved_in(servers: Servers, name: str) -> Iterator[None]:
    """Let the models of this process look into the databases of an installation."""
    kept = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    try:
        for alias, suffix in ALIASES.items():
            _point(alias, servers.url(f"{name}{suffix}"))
        yield
    finally:
        for alias, settings in kept.items():
            connections[alias].close()
            connections[alias].settings_dict.update(settings)


def _point(alias: str, url: str) -> None:
    parts = urlsplit(url)
    connections[alias].close()
    connections[alias].settings_dict.update(
        NAME=parts.path.strip("/"), HOST=parts.hostname, PORT=parts.port, USER=parts.username
    )


def let_go(mails: int) -> list[str]:
    """Put approved mails into the outbox, all due in the same moment; return their Message-IDs."""
    with override_settings(SEND_HOLD_SECONDS=3600):
        made = [outbox.delivery() for _ in range(mails)]
    ours = Delivery.objects.filter(pk__in=[delivery.pk for delivery in made])
    ours.update(due_at=clock.due_now())
    return [delivery.message_id for delivery in made]


def all_left() -> bool:
    return not Delivery.objects.exclude(state__in=["sent", "cancelled"]).exists()


def sums(estate: Estate) -> dict[str, int]:
    """Compare what the database calls sent with what the far server accepted."""
    rows = Delivery.objects.filter(state="sent")
    return figures.compare(rows.values_list("message_id", flat=True), estate.sink.message_ids)


def ask_to_stop(process: Process, seconds: float = 30) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=seconds)
