"""One visit: the headers of one page, from one public address, within five seconds.

HEAD alone, GET only where a server knows no HEAD; no redirect is followed, no cookie kept, no
referrer sent, and of a body not one byte is read.
"""

import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from cases.checker.addresses import Refused, Target, is_public, target_of

SECONDS = 5.0
MOST_HEADER_BYTES = 65_536
# Says that a program asks, and nothing about whose it is.
USER_AGENT = "Mozilla/5.0 (compatible)"
KNOWS_NO_HEAD = frozenset({405, 501})

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?")
_SIGN_IN = re.compile(r"log-?[io]n|sign-?(?:in|up)|auth|sso|consent|checkpoint|account", re.I)


@dataclass(frozen=True, slots=True)
class Met:
    """What a visit met: a status ("404") or a word; seconds for which a server asks to be left."""

    word: str
    rest: int = 0


def _resolve(host: str, port: int) -> list[str]:
    """Ask the resolver for exactly this name: the dot at the end keeps search domains away."""
    name = host if ":" in host or host.replace(".", "").isdigit() else f"{host}."
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in found]


@dataclass(frozen=True)
class Way:
    """How a visit reaches the web. Only tests name another way than the public one.

    It is an argument and nothing else: no setting, no variable of the environment and no message
    to the process of the checker can choose it.
    """

    resolve: Callable[[str, int], Sequence[str]] = _resolve
    is_allowed: Callable[[str], bool] = is_public
    ports: Mapping[int, int] = field(default_factory=dict)
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context


PUBLIC_WEB = Way()


def visit(url: str, way: Way = PUBLIC_WEB) -> Met:
    """Return what stands at `url`. Never raises, whatever the address or the server does."""
    ends = monotonic() + SECONDS
    try:
        target = target_of(url)
        address = _address(target, way)
        status, lines = _answer("HEAD", target, address, way, ends)
        if status in KNOWS_NO_HEAD:
            status, lines = _answer("GET", target, address, way, ends)
    except Refused as no:
        return Met(no.word)
    except TimeoutError:
        return Met("timeout")
    except ssl.SSLError:
        return Met("tls")
    except (OSError, ValueError):
        return Met("no_connection")
    return Met(_word(status, lines), _rest(lines))


def _address(target: Target, way: Way) -> str:
    """Resolve once. One inner address among public ones is reason enough to stay away."""
    try:
        found = way.resolve(target.host, target.port)
    except OSError:
        raise Refused("no_address") from None
    if not found:
        raise Refused("no_address")
    if not all(way.is_allowed(address) for address in found):
        raise Refused("not_public")
    return found[0]


def _answer(
    method: str, target: Target, address: str, way: Way, ends: float
) -> tuple[int, dict[str, str]]:
    with _connected(target, address, way, ends) as connection:
        connection.settimeout(_left(ends))
        connection.sendall(_request(method, target))
        status, lines = 100, dict[str, str]()
        while status < 200:
            status, lines = _parsed(_head(connection, ends))
        return status, lines


def _connected(target: Target, address: str, way: Way, ends: float) -> socket.socket:
    port = way.ports.get(target.port, target.port)
    connection = socket.create_connection((address, port), timeout=_left(ends))
    if not target.is_secure:
        return connection
    try:
        connection.settimeout(_left(ends))
        return way.context().wrap_socket(connection, server_hostname=target.host)
    except BaseException:
        connection.close()
        raise


def _request(method: str, target: Target) -> bytes:
    lines = [
        f"{method} {target.path} HTTP/1.1",
        f"Host: {target.named}",
        f"User-Agent: {USER_AGENT}",
        "Accept: */*",
        # A server that answers GET is asked for one byte, and that one is not read.
        *(["Range: bytes=0-0"] if method == "GET" else []),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _head(connection: socket.socket, ends: float) -> bytes:
    """Read up to the blank line, byte by byte: nothing behind it comes into this program."""
    head = bytearray()
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        if len(head) >= MOST_HEADER_BYTES:
            raise Refused("odd_answer")
        connection.settimeout(_left(ends))
        byte = connection.recv(1)
        if not byte:
            raise Refused("odd_answer")
        head += byte
    return bytes(head)


def _parsed(head: bytes) -> tuple[int, dict[str, str]]:
    first, *others = head.replace(b"\r\n", b"\n").split(b"\n")
    match = _STATUS.fullmatch(first)
    if match is None:
        raise Refused("odd_answer")
    lines: dict[str, str] = {}
    for line in others:
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            lines.setdefault(name.strip().lower(), value.strip())
    return int(match.group(1)), lines


def _word(status: int, lines: dict[str, str]) -> str:
    if 300 <= status < 400:
        return "sign_in" if _SIGN_IN.search(lines.get("location", "")) else "redirect"
    return {401: "sign_in", 403: "refused", 429: "too_many"}.get(status, str(status))


def _rest(lines: dict[str, str]) -> int:
    asked = lines.get("retry-after", "")
    return min(int(asked), 86_400) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def _left(ends: float) -> float:
    left = ends - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
