"""A PostgreSQL and a Redis of one's own, in a folder that goes away with them."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import psycopg2
import redis

from launch.environment import CannotStart
from launch.supervisor import kill_group, spawn

START_SECONDS = 30.0
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}

# Tests can make their data again; what they test about durability they test on a server that syncs.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that the server's own user may enter."""
    made = Path(tempfile.mkdtemp(prefix="recourse-"))
    made.chmod(0o711)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@dataclass
class Server:
    """One server on a port and a folder of its own: ended in any way, it can be started again."""

    name: str
    command: list[str]
    root: Path
    answers: Callable[[], bool]
    user: str | None = None
    ending: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self.root / f"{self.name}.log"
        self.process = spawn(self.command, os.environ, Path("/"), log, self.user)
        _until(self.answers, log)

    def end(self, how: signal.Signals | None = None) -> None:
        """Send the signal of an orderly end, or the one given, and wait for it.

        Only what is known to be alive is killed: on a busy machine numbers of processes return.
        """
        if self.process is None:
            return
        family = _family(self.process.pid) if how == signal.SIGKILL else []
        self.process.send_signal(how or self.ending)
        _kill(family)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_group(self.process)
            self.process.wait()
        self.process = None


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.end()


@contextmanager
def postgres(
    root: Path, databases: tuple[str, ...], *, durable: bool = False
) -> Iterator[dict[str, str]]:
    """Run a private server; give the address of each of `databases`."""
    port = free_port()
    base = f"postgres://postgres@127.0.0.1:{port}"
    with serving(postgres_server(root, port, durable=durable)):
        _create(f"{base}/postgres", databases)
        yield {name: f"{base}/{name}" for name in databases}


def postgres_server(root: Path, port: int, *, durable: bool = False) -> Server:
    """Make the data folder of a private server, which still has to be started.

    One that is `durable` waits for the disk at each commit, as a real one does.
    """
    user = "postgres" if os.geteuid() == 0 else None
    data = root / "postgres"
    data.mkdir(mode=0o700)
    if user:
        account = pwd.getpwnam(user)
        os.chown(data, account.pw_uid, account.pw_gid)
    _initdb(data, user)
    command = _postgres_command(data, port, POSTGRES_SETTINGS | ({} if durable else FORGETFUL))
    address = f"postgres://postgres@127.0.0.1:{port}/postgres"
    return Server(
        "postgres", command, root, lambda: _postgres_answers(address), user, signal.SIGINT
    )


def _initdb(data: Path, user: str | None) -> None:
    command = [program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-k"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, user=user, group=user, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise CannotStart(f"initdb failed: {done.stderr.strip()}")


def _postgres_command(data: Path, port: int, values: Mapping[str, str]) -> list[str]:
    settings = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
    sockets = ["-c", f"unix_socket_directories={data}"]
    return [program("postgres"), "-D", str(data), "-p", str(port), *sockets, *settings]


def program(name: str) -> str:
    """Find a program of PostgreSQL, which Debian keeps out of the path; the newest version wins."""
    found = sorted(
        glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4])
    )
    program = found[-1] if found else shutil.which(name)
    if not program:
        raise CannotStart(f"{name} was not found; bin/setup --dev names the package.")
    return program


def _postgres_answers(url: str) -> bool:
    with suppress(psycopg2.OperationalError):
        psycopg2.connect(url, connect_timeout=2).close()
        return True
    return False


def _create(url: str, databases: tuple[str, ...]) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for name in databases:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()


@contextmanager
def redis_server(root: Path) -> Iterator[str]:
    """Run a private Redis and give its address."""
    port = free_port()
    with serving(redis_of(root, port)):
        yield f"redis://127.0.0.1:{port}/0"


def redis_of(root: Path, port: int) -> Server:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(root)]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
    return Server("redis", command, root, lambda: _redis_answers(f"redis://127.0.0.1:{port}/0"))


def _redis_answers(url: str) -> bool:
    with suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=2) as server:
        return bool(server.ping())
    return False


def _family(pid: int) -> list[int]:
    """Return a server's children: those of PostgreSQL have process groups of their own."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _until(is_ready: Callable[[], bool], log: Path) -> None:
    end = monotonic() + START_SECONDS
    while not is_ready():
        if monotonic() > end:
            raise CannotStart(f"A private server did not start:\n{log.read_text()[-2000:]}")
        sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
