"""bin/bench: a house of made-up cases on private servers, what pages and workers cost in it.

The servers wait for the disk, as real ones do. Each step is a process of its own.
"""

import argparse
import base64
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from benching.figures import Cost, missed, page_rows, table, work_rows
from launch import private
from launch.environment import ROOT, CannotStart
from launch.supervisor import kill_group, spawn
from launch.testing import FOREIGN

FULL, SMALL = (10_000, 100_000), (1_000, 10_000)
PYTHON = sys.executable
# What these processes hold is looked at once they have been at work for so long.
SECONDS_AT_WORK = 25.0
PROCESSES = {
    "beat": ["-m", "celery", "-A", "config.celery", "beat"],
    "worker of celery": ["-m", "celery", "-A", "config.celery", "worker", "--concurrency", "1"],
    "door for mail": ["manage.py", "receive_mail"],
}
Found = dict[str, float]


def say(line: str = "") -> None:
    print(line, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure pages and workers on a house of 100,000 notices and 250,000 links.",
    )
    parser.add_argument("--small", action="store_true", help="10,000 notices, for a quick look")
    return parser.parse_args()


@contextmanager
def servers(root: Path) -> Iterator[dict[str, str]]:
    """Run the private servers; give the environment of every step."""
    ring = (("bench", secrets.token_bytes(32)), ("index", secrets.token_bytes(32)))
    lines = (f"{name} {base64.b64encode(key).decode()}" for name, key in ring)
    var = root / "var"
    var.mkdir(mode=0o700)
    with ExitStack() as stack:
        names = ("recourse", "recourse_keys")
        urls = stack.enter_context(private.postgres(root, names, durable=True))
        yield {
            **{name: value for name, value in os.environ.items() if name not in FOREIGN},
            "DATABASE_URL": urls["recourse"],
            "KEYS_DATABASE_URL": urls["recourse_keys"],
            "REDIS_URL": stack.enter_context(private.redis_server(root)),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{ROOT / 'bin'}:{ROOT}",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "KEYRING": ",".join(lines),
            "VAR_DIR": str(var),
            "SITE_URL": "http://localhost:8000",
            "INBOUND_SMTP_PORT": str(private.free_port()),
            "LOG_LEVEL": "WARNING",
        }


def bench(root: Path, environ: Mapping[str, str], sizes: tuple[int, int]) -> None:
    for command in (["migrate", "-v0"], ["migrate", "-v0", "--database", "keys"],
                    ["load_catalogue"], ["collectstatic", "-v0", "--no-input"]):  # fmt: skip
        _run(["manage.py", *command], environ)
    began, have = monotonic(), 0
    asked, found = list[list[Cost]](), Found()
    for size in sizes:
        _step(environ, "fill", str(have), str(size))
        have = size
        say(f"{_since(began)}: {size:,} notices are filled in; asking pages ({_load()})")
        rows = _step(environ, "ask")
        asked.append([Cost(**row) for row in rows if "median" in row])
        found |= _values(rows)
    pages = list(page_rows(*asked))
    say(f"\n{table(pages)}\n\n{_since(began)}: workers ({_load()})")
    _step(environ, "ready", str(have))
    found = _values(_step(environ, "post")) | found
    say(f"{_since(began)}: ticks ({_load()})")
    found = _values(_step(environ, "tick", str(have // 10))) | found
    work = list(work_rows(found | dict(_memory(root, environ))))
    say(f"\n{table(work)}\n\n{_verdict([*pages, *work])}")
    say(f"Smaller: {sizes[0]:,} notices; larger: {sizes[1]:,}. {_since(began)} in all, {_load()}.")


def _values(rows: list[dict]) -> Found:  # type: ignore[type-arg]
    return {row["name"]: row["value"] for row in rows if "value" in row}


def _verdict(rows: list[list[str]]) -> str:
    lacking = missed(rows)
    return f"Missed: {', '.join(lacking)}." if lacking else "Every target is reached."


def _since(began: float) -> str:
    return f"{(monotonic() - began) / 60:.1f} minutes"


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _step(environ: Mapping[str, str], *words: str) -> list[dict]:  # type: ignore[type-arg]
    printed = _run(["-m", "benching", *words], environ)
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def _run(words: list[str], environ: Mapping[str, str]) -> str:
    done = subprocess.run(
        [PYTHON, *words], env=dict(environ), cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise CannotStart(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _memory(root: Path, environ: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Let the real processes work for a while; yield the most that each held, in MB."""
    running = {
        name: spawn([PYTHON, *command], environ, ROOT, root / f"{name}.log")
        for name, command in PROCESSES.items()
    }
    try:
        sleep(SECONDS_AT_WORK)
        for name, process in running.items():
            yield f"memory, {name}", max(_peak(pid) for pid in _group(process.pid)) / 1024
    finally:
        for process in running.values():
            kill_group(process)
            process.wait()


def _group(leader: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            yield int(status.parent.name)


def _peak(pid: int) -> int:
    """Return the most memory that a process held, in KiB."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def main() -> int:
    sizes = SMALL if arguments().small else FULL
    try:
        with private.folder() as root, servers(root) as environ:
            bench(root, environ, sizes)
    except CannotStart as problem:
        print(f"bin/bench: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the private servers are gone.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
