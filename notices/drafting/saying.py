"""Which sentences a notice says, and which of them the author has made."""

from notices import law
from notices.drafting.facts import Facts
from notices.drafting.phrases import in_language
from notices.drafting.rendering import begun, clean, fill
from notices.drafting.values import values_of
from notices.law import Statement

FREE = "other_language_free_60_chars"
AUTHORITY = "authority"


def statements_of(facts: Facts) -> tuple[Statement, ...]:
    """Return the statements of this notice, with the authority where the channel asks for it."""
    state = facts.channel.starts_statutory_clock if facts.channel else None
    chosen = law.sentences(facts.ground, state)
    if says_authority_because_asked(facts):
        chosen += (law.statement(AUTHORITY),)
    return chosen


def says_authority_because_asked(facts: Facts) -> bool:
    asked = facts.channel is not None and facts.channel.demands("notice.authority_explanation")
    return asked and not facts.is_copyright and AUTHORITY not in facts.ground.statements


def in_place_of(statement_id: str, facts: Facts) -> Statement:
    """Return the statement, or the one that takes its place by this channel."""
    one = law.statement(statement_id)
    return next((other for other in statements_of(facts) if other.id == one.instead), one)


def said(one: Statement, facts: Facts) -> str:
    """Return the statement with its places filled, as it is said outside a letter."""
    return begun(fill(one.text, values_of(facts, in_language(facts.language))))


def is_made(one: Statement, facts: Facts) -> bool:
    """Tell whether the author makes it: ticked it, or has the mandate that it speaks of."""
    if "mandate" in one.needs:
        return facts.acting_mandate is not None
    return one.id in facts.ticks or not must_be_ticked(one, facts)


def must_be_ticked(one: Statement, facts: Facts) -> bool:
    """Tell whether it is an element of the notice, which a person makes by a tick."""
    return "mandate" not in one.needs and bool(element_of(one, facts))


def element_of(one: Statement, facts: Facts) -> str:
    """Return the key of the element that the statement is, or ""."""
    return next((e.key for e in facts.ground.elements if e.statement_id == one.id), "")


def context_sentences(facts: Facts) -> tuple[str, ...]:
    """Return the chosen facts in words: from the closed list, and one short phrase of the author's.

    A code that is not on the list says nothing.
    """
    known = law.context_facts()
    chosen = [known[code] for code in facts.context if code in known]
    words = [facts.context_free if one.free_text_max else one.text for one in chosen]
    return tuple(clean(one, free_text_max()) if one == facts.context_free else one
                 for one in words if one.strip())  # fmt: skip


def free_text_max() -> int:
    return law.context_facts()[FREE].free_text_max


def free_text(facts: Facts) -> str:
    """Return the one phrase of the author's own that the letter prints, or ""."""
    return facts.context_free if FREE in facts.context else ""
