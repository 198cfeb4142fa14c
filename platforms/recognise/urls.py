"""A link taken apart and made general: scheme, host and port as every link is written here."""

import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, unquote

import idna

DEFAULT_PORTS = {"http": "80", "https": "443"}
_SPLIT = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*):(?://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.S
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0f\ufeff]"
)
# Everything that RFC 3986 lets stand in a path, a query or a fragment, and existing escapes.
_SAFE = "%/:@!$&'()*+,;=-._~[]?"
_OWN_NETWORKS = [
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
_OWN_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class NoLink(Exception):
    """What was read is no link; `problem` says which kind."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Url:
    scheme: str
    host: str
    port: str
    path: str
    query: str | None
    fragment: str | None
    has_userinfo: bool = False
    given: str = ""  # the text that it was read from

    def __str__(self) -> str:
        return f"{self.before_query}{self._tail()}"

    @property
    def before_query(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{self.host}{port}{self.path}"

    def _tail(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        return query if self.fragment is None else f"{query}#{self.fragment}"

    def parameters(self) -> list[tuple[str, str]]:
        """Name and the whole `name=value` as written, in order."""
        if self.query is None:
            return []
        parts = [part for part in self.query.split("&") if part]
        return [(part.partition("=")[0], part) for part in parts]

    def parameter(self, name: str) -> str | None:
        for key, part in self.parameters():
            if key == name:
                return unquote(part.partition("=")[2].replace("+", "%20"), errors="replace")
        return None

    def with_parameters(self, parts: list[str]) -> "Url":
        query = "&".join(parts) or None
        return self if query == self.query else replace(self, query=query)


def without_unseen(text: str) -> str:
    """Without control, blank, zero-width and direction characters."""
    return _UNSEEN.sub("", text)


def parse(text: str, schemes: dict[str, str]) -> Url:
    """Read an absolute link; raise NoLink with bad_host, or other_scheme for an unknown scheme."""
    match = _SPLIT.fullmatch(_with_forward_slashes(text))
    if match is None:
        raise NoLink("bad_host")
    given, authority, path, query, fragment = match.groups()
    scheme = schemes.get(given.lower())
    if scheme is None:
        raise NoLink("other_scheme")
    userinfo, at, place = authority.rpartition("@")
    host, port = _host_and_port(place)
    if port == DEFAULT_PORTS.get("http" if given.lower() in ("http", "hxxp") else scheme):
        port = ""
    return Url(
        scheme,
        host,
        port,
        _encoded(path) or "/",
        _query(query),
        _fragment(fragment),
        bool(at),
        text,
    )


def parse_app_link(text: str, scheme: str) -> Url:
    """Read a link of an app (tg://resolve?…): its authority is a word, not a host."""
    rest = text[len(scheme) + 1 :].lstrip("/")
    before, _hash, _fragment_part = rest.partition("#")
    word, _mark, query = before.partition("?")
    return Url(scheme, word.rstrip("/").lower(), "", "", _query(query), None, given=text)


def _with_forward_slashes(text: str) -> str:
    """Backslashes before the query are slashes to a browser, and so to whoever hides behind one."""
    head, mark, tail = text.partition("?")
    return head.replace("\\", "/") + mark + tail


def _host_and_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _bracket, rest = place[1:].partition("]")
        return f"[{_version6(host)}]", _port(rest.removeprefix(":"))
    host, _colon, port = place.partition(":")
    return ascii_host(host), _port(port)


def _version6(host: str) -> str:
    try:
        return ipaddress.IPv6Address(host).compressed
    except ValueError:
        raise NoLink("bad_host") from None


def _port(port: str) -> str:
    if not port:
        return ""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise NoLink("bad_host")
    return str(int(port))


@lru_cache(maxsize=4096)
def ascii_host(host: str) -> str:
    """Lower case, in ASCII, without a trailing dot; NoLink("bad_host") for what is none."""
    host = unquote(host).rstrip(".").lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise NoLink("bad_host") from None
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise NoLink("bad_host")
    if _is_a_number(labels[-1]) and not _version4(host):
        raise NoLink("bad_host")
    return host


def _is_a_number(label: str) -> bool:
    """A browser reads a host that ends in a number as an address, 3232235777 as well."""
    return label.isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", label))


def _version4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def is_own_network(host: str) -> bool:
    """Leads to the reader's own machine or network, never to a public place."""
    if host == "localhost" or host.endswith(_OWN_NAMES):
        return True
    if not (host.startswith("[") or _is_a_number(host.rpartition(".")[2])):
        return False
    address = ipaddress.ip_address(host.strip("[]"))
    own = any(address in net for net in _OWN_NETWORKS if net.version == address.version)
    return own or address.is_loopback or address.is_link_local or address.is_unspecified


def is_address(host: str) -> bool:
    return host.startswith("[") or _is_a_number(host.rpartition(".")[2])


def _encoded(part: str) -> str:
    return part if part.isascii() and _PLAIN.fullmatch(part) else quote(part, safe=_SAFE)


_PLAIN = re.compile(rf"[A-Za-z0-9{re.escape(_SAFE)}]*")


def _query(query: str | None) -> str | None:
    return _encoded(query) or None if query is not None else None


def _fragment(fragment: str | None) -> str | None:
    return _encoded(fragment) or None if fragment is not None else None
