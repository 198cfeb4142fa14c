"""The law as data: grounds, statements and offences of `notices/grounds/*.yaml`, typed."""

from notices.law.addressees import TO_BE_CONFIRMED, ChannelFacts, PlatformFacts
from notices.law.catalogue import (
    context_facts,
    ground,
    grounds,
    offences,
    placeholders,
    statement,
    statements,
)
from notices.law.choosing import EU_COUNTRIES, EU_MEMBERS, offence_for, offence_line, sentences
from notices.law.clocks import Due, clocks_from_moment, clocks_from_sending, counter_dates
from notices.law.model import (
    Clock,
    ContextFact,
    CounterProcedure,
    Element,
    Ground,
    Offence,
    Statement,
    Tick,
)

__all__ = [
    "EU_COUNTRIES",
    "EU_MEMBERS",
    "TO_BE_CONFIRMED",
    "ChannelFacts",
    "Clock",
    "ContextFact",
    "CounterProcedure",
    "Due",
    "Element",
    "Ground",
    "Offence",
    "PlatformFacts",
    "Statement",
    "Tick",
    "clocks_from_moment",
    "clocks_from_sending",
    "context_facts",
    "counter_dates",
    "ground",
    "grounds",
    "offence_for",
    "offence_line",
    "offences",
    "placeholders",
    "sentences",
    "statement",
    "statements",
]
