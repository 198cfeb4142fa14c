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


@contextmanager
def postgres(
    root: Path, databases: tuple[str, ...], *, durable: bool = False
) -> Iterator[dict[str, str]]:
    """Run a private server; give the address of each of `databases`.

    One that is `durable` waits for the disk at each commit, as a real one does.
    """
    user = "postgres" if os.geteuid() == 0 else None
    data = root / "postgres"
    data.mkdir(mode=0o700)
    if user:
        account = pwd.getpwnam(user)
        os.chown(data, account.pw_uid, account.pw_gid)
    _initdb(data, user)
    port = free_port()
    command = _postgres_command(data, port, POSTGRES_SETTINGS | ({} if durable else FORGETFUL))
    with _serving(command, root, "postgres", user, signal.SIGINT) as log:
        base = f"postgres://postgres@127.0.0.1:{port}"
        _until(lambda: _postgres_answers(f"{base}/postgres"), log)
        _create(f"{base}/postgres", databases)
        yield {name: f"{base}/{name}" for name in databases}


def _initdb(data: Path, user: str | None) -> None:
    command = [_program("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-k"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(command, user=user, group=user, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise CannotStart(f"initdb failed: {done.stderr.strip()}")


def _postgres_command(data: Path, port: int, values: Mapping[str, str]) -> list[str]:
    settings = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
    sockets = ["-c", f"unix_socket_directories={data}"]
    return [_program("postgres"), "-D", str(data), "-p", str(port), *sockets, *settings]


def _program(name: str) -> str:
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
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(root)]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
    with _serving(command, root, "redis", None, signal.SIGTERM) as log:
        url = f"redis://127.0.0.1:{port}/0"
        _until(lambda: _redis_answers(url), log)
        yield url


def _redis_answers(url: str) -> bool:
    with suppress(redis.RedisError), redis.Redis.from_url(url, socket_timeout=2) as server:
        return bool(server.ping())
    return False


@contextmanager
def _serving(
    command: list[str], root: Path, name: str, user: str | None, ending: signal.Signals
) -> Iterator[Path]:
    log = root / f"{name}.log"
    process = spawn(command, os.environ, Path("/"), log, user)
    try:
        yield log
    finally:
        process.send_signal(ending)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        kill_group(process)
        process.wait()


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
