"""The parts of which a plan is made: each turns facts into blocks of the letter."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from notices import law
from notices.drafting import letter as kinds
from notices.drafting import saying, words
from notices.drafting.facts import Facts, LinkFact
from notices.drafting.letter import Block
from notices.drafting.phrases import Phrases
from notices.drafting.rendering import begun, check, clean, fill, places
from notices.drafting.values import day_in_words


@dataclass(frozen=True, slots=True)
class Desk:
    """What a part is written from."""

    facts: Facts
    phrases: Phrases
    values: dict[str, str]

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.phrases["labels"])

    def text(self, template: str, key: str, kind: str = kinds.TEXT) -> Block:
        """Return the paragraph, or a missing block where a place of it is not known."""
        check(template, self.values)
        if any(not self.values[name].strip() for name in places(template)):
            return self.missing(key)
        return Block(kind, begun(fill(template, self.values)), key)

    def missing(self, key: str) -> Block:
        part = str(words.short(key))
        return Block(kinds.MISSING, fill(self.labels["missing"], {"part": part}), key)


def paragraph(desk: Desk, name: str, key: str) -> Iterator[Block]:
    if name == "tida_identifiable" and not desk.values["identifiable_by"]:
        return
    yield desk.text(desk.phrases["texts"][name], key)


def statement(desk: Desk, name: str, key: str) -> Iterator[Block]:
    one = saying.in_place_of(name, desk.facts)
    if saying.is_made(one, desk.facts):
        yield desk.text(one.text, saying.element_of(one, desk.facts) or key, kinds.STATEMENT)
    else:
        yield desk.missing(saying.element_of(one, desk.facts) or one.id)


def asked_authority(desk: Desk, _argument: str, _key: str) -> Iterator[Block]:
    if saying.says_authority_because_asked(desk.facts):
        yield from statement(desk, saying.AUTHORITY, saying.AUTHORITY)


def links(desk: Desk, _argument: str, key: str) -> Iterator[Block]:
    rows = tuple(row for n, link in enumerate(desk.facts.links, 1) for row in _link(n, link))
    yield Block(kinds.LINKS, key=key, rows=rows) if rows else desk.missing(key)


def work(desk: Desk, _argument: str, key: str) -> Iterator[Block]:
    name = "dmca_owner" if desk.values["owner"] else "dmca_owner_kept"
    yield desk.text(desk.phrases["texts"]["dmca_work"], key)
    yield desk.text(desk.phrases["texts"][name], "owner_name")


def context(desk: Desk, _argument: str, _key: str) -> Iterator[Block]:
    sentences = saying.context_sentences(desk.facts)
    if sentences:
        yield Block(kinds.TEXT, f"{desk.labels['facts']}: {' '.join(sentences)}", "context_facts")
    elif desk.facts.ground.element("context_facts"):
        yield desk.missing("context_facts")


def offence(desk: Desk, _argument: str, key: str) -> Iterator[Block]:
    forms = desk.phrases["offence"]
    yield desk.text(forms[_offence_form(desk)], key) if desk.values["words"] else desk.missing(key)
    if any(link.seen_on for link in desk.facts.links):
        seen = day_in_words(desk.facts.day_of_facts, desk.phrases)
        yield Block(kinds.TEXT, f"{desk.labels['seen_on']}: {seen}.", key)


def contact(desk: Desk, _argument: str, key: str) -> Iterator[Block]:
    yield _fields(desk, key, ("organisation", "name", "postal", "phone", "email"))


def notifier(desk: Desk, _argument: str, key: str) -> Iterator[Block]:
    yield _fields(desk, key, ("organisation", "postal", "email"))


def requests(desk: Desk, argument: str, _key: str) -> Iterator[Block]:
    yield Block(kinds.LIST, key="requests", items=tuple(desk.phrases["requests"][argument]))


def told(desk: Desk, _argument: str, _key: str) -> Iterator[Block]:
    if desk.values["told_name"]:
        yield desk.text(desk.phrases["texts"]["told"], "told_name")


def signature(desk: Desk, capacity: str, _key: str) -> Iterator[Block]:
    signer = desk.facts.signer
    if not clean(signer.name):
        yield desk.missing("signature")
        return
    own = (clean(signer.role), clean(desk.facts.organisation.name))
    below = (
        ", ".join(part for part in own if part),
        capacity[:1].upper() + capacity[1:],
        day_in_words(desk.facts.on_day, desk.phrases),
    )
    signed = fill(desk.labels["signed"], {"signer": signer.name})
    yield Block(kinds.SIGNATURE, signed, "signature", items=tuple(line for line in below if line))


Part = Callable[[Desk, str, str], Iterator[Block]]
PARTS: dict[str, Part] = {
    "text": paragraph,
    "statement": statement,
    "asked_authority": asked_authority,
    "links": links,
    "work": work,
    "context": context,
    "offence": offence,
    "contact": contact,
    "notifier": notifier,
    "requests": requests,
    "told": told,
    "signature": signature,
}


def write(desk: Desk, parts: Iterable[str], key: str) -> Iterator[Block]:
    for part in parts:
        name, _, argument = part.partition(":")
        yield from PARTS[name](desk, argument, key)


def _offence_form(desk: Desk) -> str:
    if not desk.values["country"]:
        return "union"
    return "national" if desk.values["article"] else "national_words"


def _fields(desk: Desk, key: str, names: Iterable[str]) -> Block:
    organisation = desk.facts.organisation
    known = {
        "organisation": clean(organisation.name),
        "name": clean(desk.facts.signer.name),
        "postal": ", ".join(filter(None, map(clean, organisation.postal.splitlines()))),
        "phone": clean(organisation.phone),
        "email": clean(desk.facts.reply_address),
    }
    if not known["organisation"] or not known["email"]:
        return desk.missing(key)
    rows = tuple((desk.labels[name], known[name]) for name in names if known[name])
    return Block(kinds.FIELDS, key=key, rows=rows)


def _link(number: int, link: LinkFact) -> Iterator[tuple[str, str]]:
    """Yield the numbered location, then what helps to find it."""
    locators = [(clean(label, 60), clean(value, 300)) for label, value in link.locators]
    if link.url:
        yield f"{number}.", clean(link.url)
        yield from locators
    else:
        yield f"{number}.", "; ".join(f"{label}: {value}" for label, value in locators)


def offence_of(facts: Facts) -> law.Offence | None:
    return law.offence_for(facts.ground, facts.country, facts.material, facts.day_of_facts)
