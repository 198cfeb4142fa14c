"""Everything that a notice may use, and nothing else.

No field holds the person's alias, legal name or contacts; `disclosed` alone may carry what a
mandate covers for this platform, and only what the channel demands of it is ever printed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from notices import law
from notices.law import ChannelFacts, Ground, PlatformFacts

YES = "yes"
WRITTEN = "written"
ENGLISH = "en"
# What a channel may demand of her, and the mandate field that covers it. Images and identity
# documents are never sent by this program, whatever is demanded.
COVERED_DEMANDS = {
    "victim.legal_name": "legal_name",
    "requester.identity": "legal_name",
    "owner.name": "owner_name",
}


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str = ""
    postal: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class LinkFact:
    """One place. `exact`: may be a notice's only location, as recognising judged it.

    `locators` are (label, value) pairs for a place without a URL, or beside one.
    """

    url: str = ""
    kind: str = "url"
    exact: bool = False
    warns: bool = False
    locators: tuple[tuple[str, str], ...] = ()
    workspace: str = ""
    seen_on: date | None = None
    problem: str = ""
    is_private: bool = False
    looks_gone: bool = False
    in_open_notice: bool = False


@dataclass(frozen=True, slots=True)
class MandateFacts:
    form: str
    given_on: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.given_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The notice that this one follows; `was_removed`: the same material came back."""

    code: str
    sent_on: date
    their_reference: str = ""
    was_removed: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """The copyrighted work, chosen from a list, never described.

    `precision` says how much of `made_on` is known: day, month or year.
    """

    kind: str
    made_on: date | None = None
    precision: str = "day"
    unpublished: bool = True
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    code: str
    ground_id: str
    platform: PlatformFacts
    channel: ChannelFacts | None
    on_day: date
    organisation: Organisation
    signer: Signer
    reply_address: str
    links: tuple[LinkFact, ...] = ()
    address: str = ""
    country: str | None = None
    material: str = "ncii_authentic"
    media: str = "photo"
    identifiable_by: tuple[str, ...] = ()
    mandate: MandateFacts | None = None
    self_taken: str = ""
    owner_mandate: MandateFacts | None = None
    work: Work | None = None
    context: tuple[str, ...] = ()
    context_free: str = ""
    language: str = ENGLISH
    tone: str = "standard"
    earlier: Earlier | None = None
    ticks: frozenset[str] = frozenset()
    opted_in: bool = False
    is_minor: bool = False
    hours_since_last: int | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    disclosed: Mapping[str, str] = field(default_factory=dict)

    @property
    def ground(self) -> Ground:
        return law.ground(self.ground_id)

    @property
    def is_copyright(self) -> bool:
        return bool(self.ground.precondition.get("copyright_owner"))

    @property
    def is_in_eu(self) -> bool:
        return self.country in law.EU_COUNTRIES

    @property
    def day_of_facts(self) -> date:
        """The first day on which the material was seen, which decides the law that punished it."""
        return min((link.seen_on for link in self.links if link.seen_on), default=self.on_day)

    @property
    def acting_mandate(self) -> MandateFacts | None:
        """The mandate on which this notice stands: the copyright owner's, or hers."""
        one = self.mandate
        if self.is_copyright and self.self_taken != YES:
            one = self.owner_mandate
        return one if one and one.holds_on(self.on_day) else None

    @property
    def has_needed_mandate(self) -> bool:
        needed, one = self.ground.needs_mandate, self.acting_mandate
        if needed == "none":
            return True
        return one is not None and (needed != WRITTEN or one.form == WRITTEN)

    @property
    def owns_copyright(self) -> str:
        """`yes`, `no` or `unsure`: may the notice say that it speaks for the copyright's owner?"""
        if self.self_taken == YES:
            return YES
        if self.owner_mandate and self.owner_mandate.form == WRITTEN:
            return YES
        return "no" if self.self_taken == "no" else "unsure"

    @property
    def recipient(self) -> str:
        """Where it goes: the address found for this notice, else the channel's own; "" unknown."""
        known = self.channel is not None and self.channel.address_is_known
        return self.address or (self.channel.address if self.channel and known else "")

    def told(self, demand: str) -> str:
        """Return what of her is sent because the channel demands it and the mandate covers it."""
        if self.channel is None or not self.channel.demands(demand):
            return ""
        key = COVERED_DEMANDS.get(demand, "")
        if key == "owner_name" and self.self_taken == YES:
            key = "legal_name"
        return self.disclosed.get(key, "")


def only_mandated(values: Mapping[str, str], covered: Collection[str]) -> dict[str, str]:
    """Return the values of the fields that the mandate covers: all that Facts may be given."""
    return {key: value for key, value in values.items() if key in covered and value}
