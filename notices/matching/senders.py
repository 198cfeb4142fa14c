"""From which domains each platform writes: its hosts, and the domains of its mail channels."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from core.addresses import is_address
from notices.reading.verdicts import domain_of
from platforms.models import Channel, ChannelEdit, Medium, Platform
from platforms.recognise import registrable_domain
from platforms.recognise.grammar import live

REMEMBERED = 60  # seconds
CACHE_KEY = "matching.senders"
# Whoever may have an address there is not the platform for that.
SHARED = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "gmx.de",
    "gmx.net", "web.de", "icloud.com", "proton.me", "protonmail.com", "aol.com", "mail.ru",
    "orange.fr", "free.fr", "libero.it", "googleusercontent.com", "blogspot.com", "pages.dev",
    "workers.dev", "r2.dev",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Senders:
    """`platforms` by registrable domain; `generic` are rows that stand for any site or host."""

    platforms: Mapping[str, frozenset[UUID]]
    generic: frozenset[UUID]

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(self.platforms)

    def of(self, domain: str) -> frozenset[UUID]:
        return self.platforms.get(domain, frozenset())


def known_senders() -> Senders:
    """Return what is known, remembered for a minute: a channel's edit shows a minute later."""
    found: Senders | None = cache.get(CACHE_KEY)
    if found is None:
        found = _read()
        cache.set(CACHE_KEY, found, REMEMBERED)
    return found


def _read() -> Senders:
    rows = list(Platform.objects.values_list("pk", "key"))
    platforms: dict[str, set[UUID]] = {}
    for domain, platform_id in [*_by_hosts({key: pk for pk, key in rows}), *_by_channels()]:
        if domain and domain not in SHARED:
            platforms.setdefault(domain, set()).add(platform_id)
    return Senders(
        {domain: frozenset(ids) for domain, ids in platforms.items()},
        frozenset(pk for pk, key in rows if key.startswith("generic-")),
    )


def _by_hosts(ids: Mapping[str, UUID]) -> list[tuple[str, UUID]]:
    grammar = live()
    hosts = {**grammar.hosts, **grammar.exact_hosts}
    return [(registrable_domain(host), ids[key]) for host, key in hosts.items() if key in ids]


def _by_channels() -> list[tuple[str, UUID]]:
    filed = Channel.objects.filter(medium=Medium.EMAIL).values_list("address", "platform_id")
    edits = ChannelEdit.objects.exclude(confirmed_at=None).filter(discarded_at=None)
    edited = [
        (str(changes.get("address", "")), platform_id)
        for changes, platform_id in edits.values_list("changes", "channel__platform_id")
    ]
    return [(domain_of(address), pk) for address, pk in [*filed, *edited] if is_address(address)]
