"""bin/run: makes the folder, the keys and the databases, then keeps the programs running."""

import argparse
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from launch import environment, servers
from launch.environment import ROOT, CannotStart, Wishes
from launch.supervisor import GaveUp, Program, Stopped, Supervisor, watch_signals

PYTHON = str(ROOT / ".venv" / "bin" / "python")
START_SECONDS = 90.0


def say(line: str = "") -> None:
    print(line, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Start everything on this machine: web, worker, beat, mail in and out.",
        epilog="From the environment: PORT (8000), VAR_DIR (./var: databases, keys, mail), "
        "DATABASE_URL and REDIS_URL for real servers, DEMO=0 for none of the demo.",
    )
    parser.add_argument("--no-demo", action="store_true", help="begin empty, with the set-up page")
    parser.add_argument("--dev", action="store_true", help="reload when code changes, show errors")
    return parser.parse_args()


def hold(wish: Wishes) -> IO[str]:
    """Take the folder for this process: two on one folder would share keys, queue and beat."""
    wish.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (wish.var / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        raise CannotStart(
            f"Recourse is already running on {wish.var} ({lock.read().strip()}). "
            f"Stop it there, or give this one a folder of its own: VAR_DIR=… PORT=… bin/run"
        ) from error
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, {wish.site_url}")
    lock.flush()
    return lock


def secret_key(var: Path) -> str:
    path = var / "keys" / "secret"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


def make_ring(environ: Mapping[str, str], wish: Wishes) -> None:
    """Make the key ring of a new installation; a lost one is never replaced by another."""
    if environ.get("KEYRING") or environ.get("KEYRING_FILE"):
        return
    path = wish.var / "keys" / "ring"
    if path.exists():
        return
    if servers.key_store_is_used(environ, wish.var):
        raise CannotStart(
            f"The key store holds keys, but the ring that opens them is not at {path}. "
            f"Put the ring back, or say where it is: KEYRING_FILE=…"
        )
    made = subprocess.run(
        [PYTHON, "manage.py", "generate_key"],
        env=environ, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    draft = path.with_suffix(".new")
    draft.write_text(made.stdout)
    draft.rename(path)


def prepare(environ: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [PYTHON, "-m", "launch.prepare"],
        env={**environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'bin'}", "LOG_LEVEL": "WARNING"},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise CannotStart("Getting the databases ready did not work; the lines above say why.")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def programs(wish: Wishes) -> list[Program]:
    bound = [part for bind in environment.binds(wish.ports.web) for part in ("--bind", bind)]
    web = ["-m", "gunicorn", "config.wsgi:application", *bound, "--workers", "2", "--threads", "4"]
    web += ["--no-control-socket", "--graceful-timeout", "10"]
    catcher = ["-m", "catcher", "--mail", str(wish.var / "mail")]
    catcher += ["--smtp-port", str(wish.ports.smtp), "--page-port", str(wish.ports.page)]
    worker = ["-m", "celery", "--quiet", "-A", "config.celery", "worker", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    receiver = ["manage.py", "receive_mail"]
    beat = ["-m", "celery", "--quiet", "-A", "config.celery", "beat"]
    # One load for all processes, or a fresh one at each change.
    web += ["--reload"] if wish.dev else ["--preload"]
    commands = {"catcher": catcher, "web": web, "mail": receiver, "worker": worker, "beat": beat}
    logs = wish.var / "log"
    return [Program(name, [PYTHON, *args], logs / f"{name}.log") for name, args in commands.items()]


def forget_nudges(var: Path) -> None:
    """Empty the embedded queue: the ticks find everything, and old nudges only keep them busy."""
    shutil.rmtree(var / "broker", ignore_errors=True)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own loopback
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def banner(wish: Wishes, found: Mapping[str, Any]) -> None:
    say()
    say(f"Recourse is ready:  {wish.site_url}")
    say(f"Outgoing mail:      {wish.catcher_url}   (caught on this machine, sent nowhere)")
    if found["sign_ins"]:
        _say_sign_ins(found)
    elif not found["has_organisation"]:
        say(f"Mail to you is taken at 127.0.0.1, port {wish.ports.inbound}, by SMTP.")
        say("Open the first address to set up your organisation and the first account.")
        say(f"The catcher takes mail at host 127.0.0.1, port {wish.ports.smtp}, no encryption.")
    say(f"Logs: {wish.var / 'log'}   Stop with Ctrl-C.")
    say()


def _say_sign_ins(found: Mapping[str, Any]) -> None:
    say("Demo sign-ins, everything in them is invented:")
    for email, role in found["sign_ins"]:
        say(f"  {role:<14} {email}")
    say(f"  password for all of them: {found['password']}")
    say("Try first: sign in as the advocate, paste a few links into New case, prepare drafts;")
    say("then as the volunteer finish one, as the reviewer approve it, and read the outgoing mail.")
    say("Under a caught notice you can answer as the platform; the answer comes in under Replies.")


def start(wish: Wishes) -> None:
    environ = environment.variables(os.environ, wish, secret_key(wish.var))
    servers.check(environ)
    make_ring(environ, wish)
    say("Getting the databases ready …")
    found = prepare(environ)
    if wish.demo and found["has_organisation"] and not found["is_demo"]:
        # A real organisation lives here: no demo, and its own submission server.
        wish = replace(wish, demo=False)
        environ = environment.variables(os.environ, wish, secret_key(wish.var))
        found["sign_ins"] = []
    forget_nudges(wish.var)
    run(wish, environ, found)


def run(wish: Wishes, environ: Mapping[str, str], found: Mapping[str, Any]) -> None:
    watch_signals()
    supervisor = Supervisor(environ, ROOT, say)
    try:
        catcher, web, *others = programs(wish)
        for program in (catcher, web):
            supervisor.start(program)
        health = f"http://localhost:{wish.ports.web}/healthz"
        supervisor.until(lambda: answers(health), START_SECONDS, "The web page")
        supervisor.until(lambda: answers(wish.catcher_url), START_SECONDS, "The mail catcher")
        banner(wish, found)
        # After the page: nobody waits for a tick, and a small machine starts one thing at a time.
        for program in others:
            supervisor.start(program)
        supervisor.watch()
    finally:
        say("Stopping …")
        supervisor.stop()


def main() -> int:
    os.umask(0o077)
    asked = arguments()
    try:
        wish = environment.wishes(os.environ, demo=not asked.no_demo, dev=asked.dev)
        with hold(wish):
            start(wish)
    except (CannotStart, GaveUp) as problem:
        print(f"bin/run: {problem}", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        say("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
