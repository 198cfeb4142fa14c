"""The data files as typed, frozen values; what no code asks for stays in `facts`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Source:
    code: str
    kind: str
    publisher: str
    title: str
    url: str | None = None
    as_of: date | None = None

    @property
    def is_memory(self) -> bool:
        return self.code == "M"


@dataclass(frozen=True)
class Authority:
    id: str
    name: str
    role: str
    country: str
    conf: str
    source: tuple[str, ...]
    seen: date | None
    review_after: date
    url: str | None = None
    phone: str | None = None
    takes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    self_service: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Benchmark:
    """A published figure; `low` and `high` only where it is a range. Hours unless `unit` says."""

    id: str
    title: str
    source: str
    definition: str
    statistic: str
    unit: str
    show: str
    quality: str
    figure: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    endpoint: str | None = None
    platforms: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    year: str | None = None
    period: str | None = None
    month: str | None = None
    within_hours: float | None = None
    claim: str | None = None
    note: str | None = None

    @property
    def when(self) -> str:
        return self.month or self.period or self.year or ""


@dataclass(frozen=True)
class ChannelSpec:
    id: str
    purpose: str
    grounds: tuple[str, ...]
    medium: str
    address: str
    audience: str
    chase: str
    min_gap_hours: int
    conf: str
    source: tuple[str, ...]
    seen: date | None
    review_after: date
    starts_statutory_clock: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class PlatformSpec:
    key: str
    name: str
    role: str
    service_status: str
    tida_coverage: str
    cooperation: str
    status_is_telling: bool
    family: str | None = None
    operator: str | None = None
    ended_on: date | None = None
    channels: tuple[ChannelSpec, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)


CHANNEL_COLUMNS = frozenset(ChannelSpec.__dataclass_fields__) - {"facts"}
PLATFORM_COLUMNS = frozenset(PlatformSpec.__dataclass_fields__) - {"facts", "channels"}
# How links are recognised is read from the file itself, never from the database.
READING_FIELDS = frozenset(
    {
        "hosts",
        "exact_hosts",
        "schemes",
        "short_hosts",
        "fragment_hosts",
        "canonical",
        "location_grammar",
        "handles",
        "nicknames",
        "clone_host_regex",
    }
)
