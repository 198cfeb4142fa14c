"""The keyed values under which a link is found again without its text being stored plain."""

from urllib.parse import urlsplit

from core import blind
from platforms.recognise import registrable_domain

# Only these name an account or a group; the item of a post is a number that nobody searches for.
_NAMED_KINDS = frozenset({"profile", "channel", "invite"})


def values(
    *, platform: str | None, kind: str, item: str | None, canonical: str | None, handle: str = ""
) -> dict[str, str]:
    """Return the index columns of a link, empty where it has no such part."""
    name = handle or handle_of(kind, item, canonical)
    return {
        "canonical_index": link(canonical) if canonical else "",
        "item_index": item_of(platform, kind, item) if platform and item else "",
        "handle_index": handle_index(name) if name else "",
        "domain_index": domain_index(canonical) if canonical else "",
    }


def link(canonical: str) -> str:
    return blind.exact("link", canonical)


def item_of(platform: str, kind: str, item: str) -> str:
    return blind.exact("item", f"{platform}:{kind}:{item}")


def handle_index(name: str) -> str:
    return blind.index("handle", name.strip().lstrip("@"))


def domain_index(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""  # brackets that are no IPv6 address
    domain = registrable_domain(host) if host else ""
    return blind.index("domain", domain) if domain else ""


def handle_of(kind: str, item: str | None, canonical: str | None) -> str:
    if kind not in _NAMED_KINDS:
        return ""
    return item or urlsplit(canonical or "").path.rstrip("/").rpartition("/")[2]
