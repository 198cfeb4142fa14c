"""bin/test: the parts, one after the other, each with its counts."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import NoReturn
from xml.etree import ElementTree  # noqa: S405 - our own report

from launch import private
from launch.environment import ROOT, CannotStart
from launch.supervisor import end_with_parent, kill_group

NOTHING_COLLECTED = 5
CLEAN_UP_SECONDS = 40.0
PROCESSES = 2
# What a caller's shell may hold must not reach the tests: they would write into a real database.
FOREIGN = (
    "DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL", "REDIS_URLS", "SUBMISSION_URL",
    "ARCHIVE_MAILDIR", "DEMO", "DEBUG", "SITE_URL", "SITE_NAME", "ALLOWED_HOSTS", "SECRET_KEY",
    "SECRET_KEY_FILE", "KEYRING", "KEYRING_FILE", "MIGRATED",
    "INBOUND_SMTP_HOST", "INBOUND_SMTP_PORT", "MAILBOX_URL", "AUTHSERV_ID",
    "PORT", "CATCHER_PORT", "CATCHER_SMTP_PORT", "CATCHER_URL", "FAULT_POINT", "PYTHONPATH",
    "DJANGO_SETTINGS_MODULE",
)  # fmt: skip
QUICK = "not long and not browser and not services"
HEAVY = "(browser or services) and not long"


@dataclass(frozen=True)
class Part:
    """One run of pytest, in one process (0) or in several that share the tests."""

    name: str
    marks: str
    processes: int
    on_servers: bool
    arguments: tuple[str, ...] = ()
    sharing: str = "worksteal"


@dataclass
class Result:
    name: str
    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0
    code: int = 0

    @property
    def is_good(self) -> bool:
        return self.code in (0, NOTHING_COLLECTED) and not self.failed


PARTS = [
    Part("quick, on PostgreSQL and Redis", QUICK, PROCESSES, on_servers=True),
    # What uses no database ran already, and gives the same answer twice.
    Part("quick, on SQLite", QUICK, PROCESSES, on_servers=False, arguments=("--on-database",)),
    # These mostly wait: for programs that start, for pages, for a next try. The faults stay in one
    # process (tests/sharing.py): what measures time never runs beside its like.
    Part(
        "browser and services, on PostgreSQL and Redis", HEAVY, PROCESSES, True, sharing="loadscope"
    ),
]
LONG = Part("long, on PostgreSQL and Redis", "long", 0, on_servers=True)


def parts(arguments: list[str]) -> list[Part]:
    wants_long = "--long" in arguments
    rest = tuple(each for each in arguments if each != "--long")
    if rest:
        marks = "" if wants_long else "not long"
        return [Part("these tests, on PostgreSQL and Redis", marks, 0, True, rest)]
    return [*PARTS, LONG] if wants_long else PARTS


def run(part: Part, root: Path, servers: Mapping[str, str]) -> Result:
    began = monotonic()
    report = root / "report.xml"
    report.unlink(missing_ok=True)
    print(f"\n== {part.name}", flush=True)
    code = _pytest(_command(part, report), _environ(part, root, servers))
    result = _read(part.name, report)
    result.code, result.seconds = code, monotonic() - began
    return result


def _pytest(command: list[str], environ: Mapping[str, str]) -> int:
    """Run pytest out of the terminal's reach: it gets one Ctrl-C and time to clean up."""
    process = subprocess.Popen(
        command, env=dict(environ), cwd=ROOT, start_new_session=True, preexec_fn=end_with_parent
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(timeout=CLEAN_UP_SECONDS)
        raise
    finally:
        kill_group(process)


def _command(part: Part, report: Path) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *part.arguments]
    # Marks given by the caller come later in the line and so win.
    # An empty expression takes every test: without it the project's own "not long" would stand.
    if "-m" not in part.arguments:
        command += ["-m", part.marks]
    if part.processes:
        command += ["-n", str(part.processes), "--dist", part.sharing]
    return command


def _environ(part: Part, root: Path, servers: Mapping[str, str]) -> dict[str, str]:
    var = root / "var"
    var.mkdir(exist_ok=True, mode=0o700)
    migrated = root / "migrated"
    ours = {"VAR_DIR": str(var)} | ({"MIGRATED": str(migrated)} if migrated.exists() else {})
    return _own_environ() | ours | (dict(servers) if part.on_servers else {})


def _own_environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in FOREIGN}


def _read(name: str, report: Path) -> Result:
    result = Result(name)
    if not report.exists():
        return result
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314 - our own
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
        elif skip is not None:
            result.skipped.append(f"{case.get('name')}: {skip.get('message')}")
        else:
            result.passed += 1
    return result


@contextmanager
def servers(root: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        names = ("recourse", "recourse_keys")
        urls = stack.enter_context(private.postgres(root, names))
        brokers = [stack.enter_context(private.redis_server(root)) for _ in range(PROCESSES)]
        yield {
            "DATABASE_URL": urls["recourse"],
            "KEYS_DATABASE_URL": urls["recourse_keys"],
            "REDIS_URL": brokers[0],
            # pytest-django gives each process databases of its own; tests/settings.py the rest.
            "REDIS_URLS": " ".join(brokers),
        }


def migrate(root: Path, servers: Mapping[str, str]) -> None:
    """Make the tables once on both kinds of database; the tests of all parts copy them."""
    migrated = root / "migrated"
    migrated.mkdir(mode=0o700)
    ours = {"VAR_DIR": str(migrated), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--database"]
    running = [
        subprocess.Popen([*command, alias], env=_own_environ() | ours | where, cwd=ROOT)
        for where in (dict(servers), {})
        for alias in ("default", "keys")
    ]
    codes = [process.wait() for process in running]
    if any(codes):
        raise CannotStart("the migrations failed; what they say stands above.")
    for path in migrated.glob("**/*.sqlite3"):
        _make_readable(path)


def _make_readable(path: Path) -> None:
    """Fold the log of writes into the file: memory takes no copy that has one."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=DELETE")


def summarise(results: list[Result], seconds: float) -> int:
    print()
    for result in results:
        print(_line(result))
        for skip in result.skipped:
            print(f"    skipped: {skip}")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    skipped = sum(len(result.skipped) for result in results)
    is_good = all(result.is_good for result in results) and passed > 0
    verdict = "green" if is_good else "RED"
    print(f"{verdict}: {passed} passed, {failed} failed, {skipped} skipped in {seconds:.0f} s")
    return 0 if is_good else 1


def _line(result: Result) -> str:
    ended = "" if result.is_good else f"   pytest ended with {result.code}"
    counts = f"{result.passed} passed, {result.failed} failed, {len(result.skipped)} skipped"
    return f"{result.name}: {counts} in {result.seconds:.0f} s{ended}"


def stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, stop)
    began = monotonic()
    results: list[Result] = []
    try:
        with private.folder() as root, servers(root) as addresses:
            asked = parts(sys.argv[1:])
            if len(asked) > 1:
                migrate(root, addresses)
            for part in asked:
                results.append(run(part, root, addresses))
    except CannotStart as problem:
        print(f"bin/test: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the private servers are gone.")
        return 130
    return summarise(results, monotonic() - began)


if __name__ == "__main__":
    sys.exit(main())
