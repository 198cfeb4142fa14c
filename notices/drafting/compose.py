"""Compose a notice: the parts of its ground's plan, in order, from the facts alone."""

from collections.abc import Iterable, Iterator

from notices.drafting import letter as kinds
from notices.drafting import parts, phrases
from notices.drafting.facts import Facts
from notices.drafting.letter import Block, Letter
from notices.drafting.parts import Desk
from notices.drafting.phrases import Plan, Section
from notices.drafting.rendering import clean, fill
from notices.drafting.values import day_in_words, values_of


def compose(facts: Facts) -> Letter:
    """Return the letter. What the facts lack stands in it as a missing block, never as a gap."""
    words = phrases.in_language(facts.language)
    desk = Desk(facts, words, values_of(facts, words))
    plan = phrases.plan_of(facts.ground_id, facts.language)
    return Letter(
        code=facts.code,
        subject=_subject(desk),
        language=words["language"],
        blocks=tuple(_blocks(desk, plan)),
    )


def _subject(desk: Desk) -> str:
    """Return a neutral subject, or the one by which this channel alone accepts a report."""
    channel = desk.facts.channel
    asked_for = channel.subject_line if channel else ""
    form = desk.phrases["subject_asked_for"] if asked_for else desk.phrases["subject"]
    return fill(form, {"code": desk.facts.code, "asked_for": asked_for})


def _blocks(desk: Desk, plan: Plan) -> Iterator[Block]:
    yield Block(kinds.TITLE, plan["title"])
    yield Block(kinds.SUBTITLE, plan["subtitle"])
    yield Block(kinds.LEAD, rows=tuple(_lead(desk)))
    yield from parts.write(desk, _opening(desk, plan), "opening")
    yield from _earlier(desk)
    for number, section in enumerate(plan["sections"], start=1):
        yield from _section(desk, plan, number, section)
        if desk.facts.tone == "firm" and _asks(section):
            yield from parts.write(desk, [plan["firm"]], "firm")


def _lead(desk: Desk) -> Iterator[tuple[str, str]]:
    facts, labels = desk.facts, desk.labels
    yield labels["from"], clean(facts.organisation.name)
    yield labels["to"], clean(facts.platform.operator or facts.platform.name)
    yield labels["date"], day_in_words(facts.on_day, desk.phrases)
    yield labels["our_reference"], clean(facts.code)
    if facts.earlier and facts.earlier.their_reference:
        yield labels["their_reference"], clean(facts.earlier.their_reference, 80)


def _opening(desk: Desk, plan: Plan) -> list[str]:
    if desk.facts.platform.role == "search_engine" and "opening_search" in plan:
        return plan["opening_search"]
    return plan["opening"]


def _earlier(desk: Desk) -> Iterator[Block]:
    earlier = desk.facts.earlier
    if earlier and earlier.was_removed:
        yield desk.text(desk.phrases["second_again"], "earlier")
        yield from parts.statement(desk, "previously_removed", "earlier")
    elif desk.facts.tone == "second":
        yield desk.text(desk.phrases["second"], "earlier")


def _section(desk: Desk, plan: Plan, number: int, section: Section) -> Iterator[Block]:
    keys = section.get("refs", [])
    yield Block(kinds.HEADING, f"{number}. {section['title']}{_cited(desk, plan, keys)}")
    yield from parts.write(desk, section["parts"], keys[0] if keys else "")


def _asks(section: Section) -> bool:
    return any(part.startswith("requests:") for part in section["parts"])


def _cited(desk: Desk, plan: Plan, keys: Iterable[str]) -> str:
    elements = [desk.facts.ground.element(key) for key in keys]
    refs = dict.fromkeys(element.ref for element in elements if element)
    if not refs or not plan["cite"]:
        return ""
    return f" - {fill(plan['cite'], {'ref': ', '.join(refs)})}"
