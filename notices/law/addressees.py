"""What the law and the drafting need to know of a platform and of one of its channels."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from core.deadlines import Span

TO_BE_CONFIRMED = "to be confirmed"
LOOKED_UP = "looked up for each link"


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One way to reach a platform for one purpose, as the catalogue describes it."""

    id: str
    purpose: str
    grounds: tuple[str, ...]
    medium: str
    address: str
    audience: str = "anyone"
    email: str = ""
    postal: str = ""
    form: str = ""
    category: str = ""
    subject_line: str = ""
    geo_gate: tuple[str, ...] = ()
    account_required: str = "unknown"
    representative_accepted: bool | None = None
    email_verification_required: bool = False
    languages: tuple[str, ...] = ()
    scope: str = ""
    covers: tuple[str, ...] = ()
    rule: str = ""
    one_workspace_per_notice: bool = False
    max_items: int | None = None
    min_gap_hours: int = 72
    starts_statutory_clock: str | None = None
    self_declared_clock: Span | None = None
    restore_after: Span | None = None
    platform_demands: tuple[str, ...] = ()
    may_demand: tuple[str, ...] = ()
    forwards_complainant_data: str = "unknown"
    publishes_owner_name: bool = False
    accepts_pdf: bool = True
    result_state: str = ""
    conf: str = ""
    seen: date | None = None
    review_after: date | None = None
    # (address, why) of each that does not take our mail.
    troubles: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_catalogue(cls, row: Mapping[str, object]) -> "ChannelFacts":
        """Read a channel as the catalogue file states it; fields of no use here are left out."""
        known = {f.name for f in fields(cls)}
        values = {key: _tupled(value) for key, value in row.items() if key in known}
        values["max_items"] = _inner(row.get("max_items_per_notice"), "value")
        values["self_declared_clock"] = _span(row.get("self_declared_clock"))
        override = _inner(row.get("counter_notice_override"), "restore_after")
        values["restore_after"] = _span(override)
        return cls(**values)  # type: ignore[arg-type]

    @property
    def address_is_known(self) -> bool:
        return bool(self.address) and self.address not in (TO_BE_CONFIRMED, LOOKED_UP)

    @property
    def is_mail(self) -> bool:
        return self.medium == "email"

    def serves(self, ground_ids: tuple[str, ...]) -> bool:
        return any(ground_id in self.grounds for ground_id in ground_ids)

    def is_open_to(self, country: str | None, is_in_eu: bool) -> bool:
        """Tell whether the channel's own geographic gate lets a person of `country` through."""
        if not self.geo_gate:
            return True
        return country in self.geo_gate or ("EU" in self.geo_gate and is_in_eu)

    def trouble_at(self, address: str) -> str:
        """Return in words why mail to this address is of no use, or ""."""
        return next((why for known, why in self.troubles if known == address), "")

    def demands(self, item: str) -> bool:
        return item in self.platform_demands


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """Who hosts the material, and by which channels one may write."""

    key: str
    name: str
    operator: str = ""
    role: str = "host"
    service_status: str = "live"
    ended_on: date | None = None
    tida_coverage: str = "disputed"
    tida_note: str = ""
    has_eu_entity: bool = False
    no_route: Mapping[str, str] | None = None
    channels: tuple[ChannelFacts, ...] = ()

    @classmethod
    def from_catalogue(cls, row: Mapping[str, object]) -> "PlatformFacts":
        """Read a platform with its channels as the catalogue file states it."""
        known = {f.name for f in fields(cls)} - {"channels"}
        values = {key: value for key, value in row.items() if key in known}
        values["has_eu_entity"] = bool(row.get("eu_entity"))
        channels = row.get("channels")
        rows = channels if isinstance(channels, list) else []
        built = tuple(ChannelFacts.from_catalogue(channel) for channel in rows)
        return cls(channels=built, **values)  # type: ignore[arg-type]

    @property
    def is_gone(self) -> bool:
        return self.service_status in ("defunct", "seized")

    def channels_for(self, ground_ids: tuple[str, ...]) -> tuple[ChannelFacts, ...]:
        return tuple(channel for channel in self.channels if channel.serves(ground_ids))


def _tupled(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _inner(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, Mapping) else None


def _span(value: object) -> Span | None:
    if not isinstance(value, Mapping):
        return None
    return Span(int(value["value"]), str(value["unit"]), value.get("calendar"))
