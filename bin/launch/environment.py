"""What the programs are told: worked out once from the caller's environment."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOPBACKS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
CATCHER_ID = "catcher.localhost"
NO = {"0", "no", "false", "off"}


class CannotStart(Exception):
    """A sentence that says what is in the way and what to do about it."""


@dataclass(frozen=True)
class Ports:
    web: int
    smtp: int
    page: int
    inbound: int


@dataclass(frozen=True)
class Wishes:
    """What the command line and the environment ask for."""

    var: Path
    ports: Ports
    demo: bool
    dev: bool

    @property
    def site_url(self) -> str:
        return f"http://localhost:{self.ports.web}"

    @property
    def catcher_url(self) -> str:
        return f"http://localhost:{self.ports.page}"


def wishes(environ: Mapping[str, str], demo: bool, dev: bool) -> Wishes:
    var = Path(environ.get("VAR_DIR") or ROOT / "var").expanduser().resolve()
    wants_demo = demo and environ.get("DEMO", "1").lower() not in NO
    if environ.get("SUBMISSION_URL") or environ.get("MAILBOX_URL"):
        # Invented cases never meet a real mail server.
        wants_demo = False
    return Wishes(var, _ports(environ), wants_demo, dev)


def _ports(environ: Mapping[str, str]) -> Ports:
    web = _number(environ, "PORT", 8000)
    if not is_free(web):
        raise CannotStart(
            f"Port {web} is in use by another program. Choose another one: PORT={web + 10} bin/run"
        )
    smtp = _own_or_next_free(environ, "CATCHER_SMTP_PORT", web + 1)
    page = _own_or_next_free(environ, "CATCHER_PORT", smtp + 1)
    inbound = _own_or_next_free(environ, "INBOUND_SMTP_PORT", page + 1)
    return Ports(web, smtp, page, inbound)


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or not 0 < int(given) < 65_536:
        raise CannotStart(f"{name} is {given!r}, which is no port. A port is 1 to 65535.")
    return int(given)


def _own_or_next_free(environ: Mapping[str, str], name: str, default: int) -> int:
    if environ.get(name):
        port = _number(environ, name, default)
        if is_free(port):
            return port
        raise CannotStart(f"Port {port} of {name} is in use by another program.")
    return next(port for port in range(min(default, 65_000), 65_536) if is_free(port))


def is_free(port: int) -> bool:
    return all(_can_bind(family, host, port) for family, host in LOOPBACKS if _has(family, host))


def _has(family: socket.AddressFamily, host: str) -> bool:
    return _can_bind(family, host, 0)


def _can_bind(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def binds(port: int) -> list[str]:
    """Return gunicorn's addresses: `localhost` means either of them to a browser."""
    found = [host for family, host in LOOPBACKS if _has(family, host)]
    return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in found]


def variables(environ: Mapping[str, str], wish: Wishes, secret_key: str) -> dict[str, str]:
    """Return the environment of the programs; what the caller set stays as set."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": wish.site_url,
        "SECRET_KEY": secret_key,
        "ARCHIVE_MAILDIR": str(wish.var / "mail" / "archive"),
        "CATCHER_URL": wish.catcher_url,
        "INBOUND_SMTP_PORT": str(wish.ports.inbound),
        "DEBUG": "1" if wish.dev else "0",
    }
    if environ.get("DATABASE_URL"):
        ours["KEYS_DATABASE_URL"] = keys_database_url(environ["DATABASE_URL"])
    if wish.demo:
        ours["SUBMISSION_URL"] = f"smtp://127.0.0.1:{wish.ports.smtp}"
        # The catcher stands for the mail server before our door, and says what it verified.
        ours["AUTHSERV_ID"] = CATCHER_ID
    told = {name: environ[name] for name in ours if environ.get(name)}
    fixed = {
        "VAR_DIR": str(wish.var),
        "DEMO": "1" if wish.demo else "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }
    return {**environ, **ours, **told, **fixed}


def keys_database_url(url: str) -> str:
    """Return the address of the key store beside `url`: the same server, `<name>_keys`."""
    address, mark, query = url.partition("?")
    return f"{address.rstrip('/')}_keys{mark}{query}"
