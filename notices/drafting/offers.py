"""Which grounds a notice to this platform may stand on, in which order, and why not the others.

Ranked by: legally certain; facts complete now; a deadline that binds; how fast it was; privacy.
Each step is told as a reason; there is no score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notices import law
from notices.drafting import possible
from notices.drafting.checklist import part_rows
from notices.drafting.facts import Facts
from notices.drafting.rows import blocking
from notices.law import ChannelFacts, Due, Ground
from notices.law.clocks import strictest

Privacy = Literal["low", "medium", "high"]
PRIVACY_ORDER: dict[Privacy, int] = {"low": 0, "medium": 1, "high": 2}
ENOUGH = 10
# Parts that the author fills while writing: lacking them says nothing against a ground.
WRITTEN_LATER = frozenset({"statements", "ticks", "context", "free_text", "earlier"})


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast notices on a ground were here: our median with its n, or a published figure."""

    median_hours: float | None = None
    n: int = 0
    published: str = ""

    @property
    def hours(self) -> float:
        known = self.n >= ENOUGH and self.median_hours is not None
        return self.median_hours or 0.0 if known else float("inf")


@dataclass(frozen=True, slots=True)
class Offer:
    """One ground that is open, with the channel by which it would go."""

    ground_id: str
    name: str
    channel_id: str
    deadline: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    speed: str
    privacy: Privacy
    address_to_confirm: bool


@dataclass(frozen=True, slots=True)
class Closed:
    ground_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Offers:
    recommended: Offer | None
    possible: tuple[Offer, ...]
    closed: tuple[Closed, ...]


def available_grounds(facts: Facts, speeds: Mapping[str, Speed] | None = None) -> Offers:
    """Sort every ground that goes to a platform into recommended, possible and closed.

    `facts` are the case's for this platform; its ground and channel are not looked at.
    """
    ranked: list[tuple[tuple[float, ...], Offer]] = []
    closed = []
    for ground in law.grounds():
        if not ground.is_for_platforms or ground.minors_route:
            continue
        one = replace(facts, ground_id=ground.id, channel=None)
        reason = possible.why_closed(ground, one)
        if reason:
            closed.append(Closed(ground.id, ground.name, reason))
        else:
            ranked.append(_offer(ground, one, (speeds or {}).get(ground.id, Speed())))
    ranked.sort(key=lambda pair: pair[0])
    offers = [offer for _rank, offer in ranked]
    first = next((offer for offer in offers if law.ground(offer.ground_id).default_enabled), None)
    rest = tuple(offer for offer in offers if offer is not first)
    return Offers(first, rest, tuple(closed))


def _offer(ground: Ground, facts: Facts, speed: Speed) -> tuple[tuple[float, ...], Offer]:
    channel = possible.best_channel(ground, facts)
    facts = replace(facts, channel=channel)
    doubts = possible.doubts(ground, facts)
    missing = _missing(facts)
    binding = _binding(ground, channel, facts)
    privacy = privacy_cost(ground, channel)
    offer = Offer(
        ground_id=ground.id,
        name=ground.name,
        channel_id=channel.id,
        deadline=binding.text if binding else _("The law gives no number of hours or days"),
        reasons=(*possible.merits(ground, facts), *doubts, *_privacy_reasons(ground, channel)),
        missing=missing,
        speed=_speed(speed),
        privacy=privacy,
        address_to_confirm=not facts.recipient,
    )
    rank = (
        len(doubts),
        len(missing),
        _strength(ground, binding),
        speed.hours,
        PRIVACY_ORDER[privacy],
    )
    return rank, offer


def _missing(facts: Facts) -> tuple[str, ...]:
    """Return what must still be found out; the address is a coordinator's to confirm."""
    rows = [row for row in blocking(part_rows(facts)) if row.anchor not in WRITTEN_LATER]
    known = (row.short or row.words for row in rows if row.anchor != "channel")
    return tuple(dict.fromkeys(known))


def _binding(ground: Ground, channel: ChannelFacts, facts: Facts) -> Due | None:
    noon = datetime.combine(facts.on_day, time(12), tzinfo=UTC)
    return strictest(law.clocks_from_sending(ground, channel, noon, facts.country))


def _strength(ground: Ground, due: Due | None) -> int:
    """Rank a deadline: the law's, the law's if it has begun, a contract's, none, erasure's month.

    Erasure has a number, but so slow a one that it stands beside another notice, not before it.
    """
    if ground.kind == "data_subject_request":
        return 4
    if due is None:
        return 3
    if due.kind != "statutory":
        return 2
    return 0 if due.certain else 1


def privacy_cost(ground: Ground, channel: ChannelFacts) -> Privacy:
    if ground.disclosed_to_uploader == "usually_full_notice":
        return "high"
    if channel.forwards_complainant_data == "yes" or channel.publishes_owner_name:
        return "high"
    hers = [*channel.platform_demands, *channel.may_demand]
    if any(item.partition(".")[0] in ("victim", "owner", "requester") for item in hers):
        return "medium"
    asks = channel.forwards_complainant_data == "optional"
    return "medium" if asks or ground.victim_identity["name"] != "none" else "low"


def _privacy_reasons(ground: Ground, channel: ChannelFacts) -> Iterable[str]:
    if ground.disclosed_to_uploader == "usually_full_notice":
        yield _(
            "Copyright notices may be passed to the uploader with the signer's name and address,"
            " and may be published"
        )
    elif channel.forwards_complainant_data == "optional":
        yield _("Their form asks whether to pass the report on: say no")
    elif channel.forwards_complainant_data == "yes":
        yield _("This channel passes our data on to the uploader")
    if channel.publishes_owner_name:
        yield _("This platform publishes the copyright owner's name")


def _speed(speed: Speed) -> str:
    if speed.n >= ENOUGH and speed.median_hours is not None:
        hours = ngettext("%(n)d hour", "%(n)d hours", round(speed.median_hours))
        time_ = hours % {"n": round(speed.median_hours)}
        return _("Half were gone within %(time)s (n = %(n)d)") % {"time": time_, "n": speed.n}
    return speed.published or _("No data yet")
