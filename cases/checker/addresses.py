"""Where the checker may go: public web addresses, read as a browser reads them. Pure.

Everything here errs towards No: a link that is not looked at costs a person one look, a request
into somebody's inner network may cost far more.
"""

import ipaddress
import re
from dataclasses import dataclass

import idna

PORTS = {"http": 80, "https": 443}
LONGEST = 8192
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_URL = re.compile(r"(https?)://([^/?#\\]*)([^?#\\]*)(\?[^#]*)?(?:#.*)?", re.I)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_PLAIN = re.compile(r"[!-~]*")
# Names that no public server has, whatever the resolver of this machine makes of them.
_INNER = frozenset({"localhost", "local", "internal", "intranet", "lan", "home", "corp", "private",
                    "localdomain", "arpa", "onion", "alt", "invalid"})  # fmt: skip
_SHUT_4 = [
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # A cloud's own services, at an address that looks public.
        "168.63.129.16/32",
    )
]  # fmt: skip
_OPEN_6 = ipaddress.IPv6Network("2000::/3")
# Teredo and other special uses, examples, 6to4: each can carry an inner IPv4 address.
_SHUT_6 = [
    ipaddress.IPv6Network(net)
    for net in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]


class Refused(Exception):
    """The checker does not go there; `word` says why, in one of the words that a look keeps."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Target:
    """One page, taken apart. `host` is a name in ASCII, or an address as it is written."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def named(self) -> str:
        """The value of the Host line."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Read an absolute web address; raise Refused for what the checker never opens."""
    match = _URL.fullmatch(url) if len(url) <= LONGEST else None
    if match is None:
        raise Refused("odd_address")
    scheme, authority, path, query = match.group(1).lower(), *match.group(2, 3, 4)
    rest = (path or "/") + (query or "")
    if "@" in authority or not _PLAIN.fullmatch(rest):
        raise Refused("odd_address")
    host, port = _host_and_port(authority)
    number = int(port) if port else PORTS[scheme]
    if number not in PORTS.values():
        raise Refused("odd_address")
    return Target(scheme, host, number, rest)


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet, whatever it is wrapped in."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not any(found in net for net in _SHUT_4)
    if found.scope_id is not None or found not in _OPEN_6:
        return False
    return found.is_global and not any(found in net for net in _SHUT_6)


def _host_and_port(authority: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]+)(?::([0-9]{0,5}))?", authority)
    if match is None:
        raise Refused("odd_address")
    host, port = match.group(1), match.group(2) or ""
    return (_version6(host[1:-1]) if host.startswith("[") else _name(host)), port


def _version6(text: str) -> str:
    try:
        found = ipaddress.IPv6Address(text)
    except ValueError:
        raise Refused("odd_address") from None
    if found.scope_id is not None:
        raise Refused("odd_address")
    return str(found)


def _name(host: str) -> str:
    host = _ascii(host).removesuffix(".")
    labels = host.split(".")
    if _is_number(labels[-1]):
        return str(_version4(labels))
    if len(labels) < 2 or len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise Refused("odd_address")
    if labels[-1] in _INNER:
        raise Refused("not_public")
    return host


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise Refused("odd_address") from None


def _is_number(label: str) -> bool:
    """A host whose last part is a number is an address to a browser, 2130706433 as well."""
    return label.isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", label))


def _version4(labels: list[str]) -> ipaddress.IPv4Address:
    """Read 127.1, 0177.0.0.1, 0x7f000001 and 2130706433 as a browser does."""
    numbers = [_number(label) for label in labels]
    *high, low = numbers
    if len(numbers) > 4 or any(n > 255 for n in high) or low >= 256 ** (4 - len(high)):
        raise Refused("odd_address")
    value = low + sum(n << 8 * (3 - place) for place, n in enumerate(high))
    return ipaddress.IPv4Address(value)


def _number(label: str) -> int:
    digits, base = label, 10
    if re.fullmatch(r"0x[0-9a-f]*", label):
        digits, base = label[2:] or "0", 16
    elif re.fullmatch(r"0[0-9]+", label):
        base = 8
    try:
        return int(digits, base)
    except ValueError:
        raise Refused("odd_address") from None
