"""Compose a reminder: the earlier notice named, what is still open, and at most one quotation.

It says nothing about the person that the notice did not say, and no more than it needs.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from notices.drafting import letter as kinds
from notices.drafting import parts, phrases
from notices.drafting.facts import Facts
from notices.drafting.letter import Block, Letter
from notices.drafting.parts import Desk
from notices.drafting.rendering import clean, fill
from notices.drafting.values import day_in_words, values_of

MOST_LINES, LONGEST_LINE = 12, 200


@dataclass(frozen=True, slots=True)
class Passed:
    """A deadline of the platform that is really over: by law, by contract, or by its own word."""

    kind: str
    on: date
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The last thing they wrote."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class ReminderFacts:
    """`facts` are those of the notice, with the links that are still open."""

    facts: Facts
    subject: str
    sent_on: date
    numbers: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    is_acknowledged: bool = False
    last: Quoted | None = None


def compose_reminder(known: ReminderFacts) -> Letter:
    words = phrases.in_language(known.facts.language)
    desk = Desk(known.facts, words, values_of(known.facts, words) | _own_values(known, words))
    return Letter(
        code=known.facts.code,
        subject=known.subject,
        language=words["language"],
        blocks=tuple(_blocks(desk, known)),
    )


def _own_values(known: ReminderFacts, words: phrases.Phrases) -> dict[str, str]:
    return {"sent_on": day_in_words(known.sent_on, words)}


def _blocks(desk: Desk, known: ReminderFacts) -> Iterator[Block]:
    own = desk.phrases["reminder"]
    yield Block(kinds.TITLE, fill(own["title"], desk.values))
    yield Block(kinds.SUBTITLE, fill(own["subtitle"], desk.values))
    yield Block(kinds.LEAD, rows=tuple(_lead(desk, known)))
    yield Block(kinds.TEXT, " ".join(_summary(desk, known)))
    yield Block(kinds.TEXT, own["open"])
    yield from parts.links(desk, "", "location")
    yield Block(kinds.LIST, key="requests", items=tuple(own["requests"]))
    yield from _quotation(desk, known)
    yield from _as_in_the_notice(desk, ("contact", "notifier"))
    yield from _as_in_the_notice(desk, ("signature",))


def _lead(desk: Desk, known: ReminderFacts) -> Iterator[tuple[str, str]]:
    facts, labels = known.facts, desk.labels
    yield labels["from"], clean(facts.organisation.name)
    yield labels["to"], clean(facts.platform.operator or facts.platform.name)
    yield labels["date"], day_in_words(facts.on_day, desk.phrases)
    yield labels["our_reference"], clean(facts.code)
    if known.numbers:
        yield labels["their_reference"], "; ".join(clean(one, 80) for one in known.numbers)


def _summary(desk: Desk, known: ReminderFacts) -> Iterator[str]:
    own = desk.phrases["reminder"]
    yield fill(own["summary"], desk.values)
    yield own["no_decision"] if known.is_acknowledged else own["no_receipt"]
    for one in known.passed:
        values = {"basis": _cited(desk, one), "day": day_in_words(one.on, desk.phrases)}
        yield fill(own["passed"][one.kind], values)


def _cited(desk: Desk, one: Passed) -> str:
    """Return the place in the law the way the notice cites it."""
    form = _plan(desk.facts)["cite"]
    return fill(form, {"ref": one.basis}) if form and one.kind == "statutory" else one.basis


def _quotation(desk: Desk, known: ReminderFacts) -> Iterator[Block]:
    if known.last is None:
        return
    values = {"day": day_in_words(known.last.on, desk.phrases)}
    lines = [clean(line, LONGEST_LINE) for line in known.last.text.splitlines()]
    shown = [line for line in lines if line][:MOST_LINES]
    if shown:
        head = fill(desk.phrases["reminder"]["quoted"], values)
        yield Block(kinds.TEXT, "\n".join([head, *(f"> {line}" for line in shown)]))


def _as_in_the_notice(desk: Desk, names: Collection[str]) -> Iterator[Block]:
    """Write a part as this ground's notice has it: the same data of ours, and none besides."""
    for section in _plan(desk.facts)["sections"]:
        for part in section["parts"]:
            if part.partition(":")[0] in names:
                yield from parts.write(desk, [part], part.partition(":")[0])
                return


def _plan(facts: Facts) -> phrases.Plan:
    return phrases.plan_of(facts.ground_id, facts.language)
