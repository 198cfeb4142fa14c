"""The shapes of the law's data files; a field that is not here is refused when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.deadlines import Span


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline of a ground: law, contract, order, a platform's own page, or our own policy."""

    key: str
    kind: str
    value: int = 0
    unit: str = ""
    calendar: str | None = None
    extendable_by: int = 0
    starts: str = ""
    proxy_start: str = ""
    basis: str = ""
    roll: str | None = None
    roll_calendar: str | None = None
    roll_conf: str = ""
    disputed: str = ""
    text: str = ""
    conf: str = ""
    note: str = ""

    @property
    def is_law(self) -> bool:
        return self.kind == "statutory"

    def starts_with(self, moment: str) -> bool:
        """Tell whether `moment` starts this clock, or is the nearest moment that we know."""
        return moment in (self.starts, self.proxy_start)

    def span(self, country: str | None = None) -> Span | None:
        """Return the length, or None where the law has no number.

        `country` fills a roll calendar that is that of the case.
        """
        if not self.unit:
            return None
        calendar = country if self.roll_calendar == "case_country" else self.roll_calendar
        return Span(self.value, self.unit, self.calendar, self.extendable_by, self.roll, calendar)


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a notice must contain, with its place in the law."""

    key: str
    ref: str
    subject: str
    required_by: str
    statement_id: str = ""
    validator: str = ""
    usual_form: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    what: str = ""
    min_items: int = 0
    max_items: int = 0
    exempt_when: str = ""
    filled_from: str = ""
    minimise: bool = False
    pseudonym_ok: bool = False
    never_attach_work: bool = False
    never_through_portal: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """What the author confirms: it blocks, and is never printed."""

    key: str
    ref: str
    conf: str = ""


@dataclass(frozen=True, slots=True)
class CounterProcedure:
    ref: str
    by: str
    restore_earliest: Clock | None = None
    restore_latest: Clock | None = None
    policy_decide_by: Clock | None = None
    stop_condition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The legal or contractual basis of a notice, with inherited elements already in place."""

    id: str
    name: str
    citation: str
    status: str
    jurisdictions: tuple[str, ...]
    nexus: tuple[str, ...]
    kind: str
    covers: tuple[str, ...]
    addressee: str
    senders: tuple[str, ...]
    needs_mandate: str
    delivery: Mapping[str, object]
    default_enabled: bool
    minors_route: bool
    elements: tuple[Element, ...]
    statements: tuple[str, ...]
    victim_identity: Mapping[str, str]
    disclosed_to_uploader: str
    clocks: tuple[Clock, ...]
    conf: str
    source: tuple[str, ...]
    ladder: str | None = None
    seen: date | None = None
    review_after: date | None = None
    in_force_from: date | None = None
    authority: object = None
    handover: str = ""
    opt_in_reason: str = ""
    precondition: Mapping[str, bool] = field(default_factory=dict)
    needs_national_offence: bool = False
    inherits_elements: str = ""
    rides_on: str = ""
    ticks: tuple[Tick, ...] = ()
    portal_stores: tuple[str, ...] = ()
    portal_never_stores: tuple[str, ...] = ()
    url_purge_days: int = 0
    publication_ban: bool = False
    result_state: str = ""
    counter_procedure: CounterProcedure | None = None
    liability_for_false_notice: str | None = None
    no_channel: str = ""
    note: str = ""

    @property
    def is_for_platforms(self) -> bool:
        """Tell whether a notice on it goes to a platform and is ours to send."""
        return self.addressee != "authority" and not self.handover

    @property
    def served_as(self) -> tuple[str, ...]:
        """The ground ids whose channels serve this ground."""
        return (self.id, self.rides_on) if self.rides_on else (self.id,)

    def is_in_force(self, on_day: date) -> bool:
        begun = self.in_force_from is None or self.in_force_from <= on_day
        return self.status == "in_force" and begun

    def element(self, key: str) -> Element | None:
        return next((element for element in self.elements if element.key == key), None)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a notice, our wording, in English."""

    id: str
    ref: str
    text: str
    under_penalty_of_perjury: bool
    translatable_to: tuple[str, ...]
    source: tuple[str, ...]
    perjury_scope: str = ""
    needs: tuple[str, ...] = ()
    only_when: Mapping[str, object] = field(default_factory=dict)
    not_when: Mapping[str, object] = field(default_factory=dict)
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Offence:
    """Which article punished the publication in a country on a day; `until` is the last day."""

    id: str
    country: str
    article: str | None
    law: str
    begins: date
    until: date | None
    covers: tuple[str, ...]
    words: str
    max_penalty: str | None
    conf: str
    source: tuple[str, ...]
    seen: date | None
    review_after: date
    aggravated: str = ""
    warning: str = ""
    boundary: str = ""

    def held_on(self, day: date) -> bool:
        return self.begins <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ContextFact:
    code: str
    text: str
    free_text_max: int = 0
