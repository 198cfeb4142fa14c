"""For each element of a ground: is it there, and what fills it?"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.addresses import is_address
from notices import law
from notices.drafting import parts, saying, words
from notices.drafting.facts import YES, Facts
from notices.drafting.rendering import clean
from notices.drafting.rows import Level, Row, State
from notices.law import Element


@dataclass(frozen=True, slots=True)
class Answer:
    state: State
    filler: str
    anchor: str


def element_rows(facts: Facts) -> list[Row]:
    return [_row(element, facts) for element in facts.ground.elements]


def _row(element: Element, facts: Facts) -> Row:
    answer = _answer(element, facts)
    return Row(
        key=element.key,
        group="element",
        ref=element.ref,
        words=words.full(facts.ground, element.key),
        level=_level(element),
        state=answer.state,
        filler=answer.filler,
        anchor=answer.anchor,
        short=words.short(element.key),
        reason=facts.left_out.get(element.key, ""),
    )


def _level(element: Element) -> Level:
    """The law's elements block, and a form's own; what a form asks about her never does."""
    asks_about_her = element.subject in ("victim", "owner") and element.required_by != "law"
    return "recommended" if asks_about_her else "required"


def _answer(element: Element, facts: Facts) -> Answer:
    if element.statement_id:
        return _statement(element, facts)
    return FILLED[element.key](facts)


def _statement(element: Element, facts: Facts) -> Answer:
    one = law.statement(element.statement_id)
    needs_mandate = "mandate" in one.needs
    if saying.is_made(one, facts) and (facts.has_needed_mandate or not needs_mandate):
        return Answer("ready", _("In the letter, word for word"), "statements")
    if needs_mandate:
        return Answer("missing", _("No mandate on record covers this notice"), "mandate")
    return Answer("missing", _("Not ticked by the person who writes"), "statements")


def _signature(facts: Facts) -> Answer:
    name = clean(facts.signer.name)
    if not name:
        return Answer("missing", _("Nobody is named as the signer"), "signer")
    if "@" in name or name.casefold() in _unsigned(facts):
        return Answer(
            "missing", _("A role or an organisation cannot sign: name a person"), "signer"
        )
    return Answer("ready", _("Typed: %(name)s") % {"name": name}, "signer")


def _unsigned(facts: Facts) -> set[str]:
    """What would make the signature that of a role or of a house."""
    return {clean(facts.organisation.name).casefold(), clean(facts.signer.role).casefold()}


def _location(facts: Facts) -> Answer:
    exact = [link for link in facts.links if link.exact and not link.problem]
    if not facts.links:
        return Answer("missing", _("No link is chosen"), "links")
    if not exact:
        return Answer("missing", _("No link leads to the item itself"), "links")
    count = len(facts.links)
    told = ngettext("%(n)d exact link", "%(n)d exact links", len(exact)) % {"n": len(exact)}
    if len(exact) < count:
        return Answer("unsure", _("%(exact)s of %(n)d") % {"exact": told, "n": count}, "links")
    return Answer("ready", told, "links")


def _contact(facts: Facts) -> Answer:
    element = facts.ground.element("contact")
    if not clean(facts.organisation.name):
        return Answer("missing", _("The organisation's name is not set"), "organisation")
    if not is_address(facts.reply_address):
        return Answer("missing", _("No reply address"), "organisation")
    lacking = [name for name in _lacking(facts) if element and name in element.usual_form]
    if lacking:
        told = _("Usual, and not set: %(what)s") % {"what": _named(lacking)}
        return Answer("unsure", told, "organisation")
    return Answer("ready", facts.reply_address, "organisation")


def _lacking(facts: Facts) -> list[str]:
    known = {"postal": facts.organisation.postal, "phone": facts.organisation.phone}
    return [name for name, value in known.items() if not clean(value)]


def _named(names: list[str]) -> str:
    words_of = {"postal": _("postal address"), "phone": _("telephone number")}
    return ", ".join(words_of[name] for name in names)


def _notifier(facts: Facts) -> Answer:
    answer = _contact(facts)
    if answer.state == "missing":
        return answer
    told = f"{clean(facts.organisation.name)}, {facts.reply_address}"
    return Answer("ready", told, "organisation")


def _context(facts: Facts) -> Answer:
    element = facts.ground.element("context_facts")
    most = element.max_items if element else 2
    sentences = saying.context_sentences(facts)
    if not sentences:
        return Answer("missing", _("No fact is chosen"), "context")
    if len(sentences) > most:
        told = _("At most %(n)d facts: no story is told") % {"n": most}
        return Answer("missing", told, "context")
    return Answer("ready", " ".join(sentences), "context")


def _work(facts: Facts) -> Answer:
    if facts.work is None or not facts.work.kind:
        return Answer("missing", _("The work is not chosen"), "work")
    if facts.work.made_on is None:
        return Answer("unsure", _("Chosen, without a date"), "work")
    return Answer("ready", _("Chosen from the list; no copy is attached"), "work")


def _owner_name(facts: Facts) -> Answer:
    if facts.told("owner.name"):
        return Answer("ready", _("Told, as the mandate covers it"), "disclosed")
    if facts.channel and facts.channel.demands("owner.name"):
        told = _("Their form asks for it; the law does not. Nothing is told without a mandate")
        return Answer("unsure", told, "disclosed")
    return Answer("not_needed", _("The law does not ask for it"), "disclosed")


def _illegality(facts: Facts) -> Answer:
    offence = parts.offence_of(facts)
    if offence is None:
        told = _("No law is known that punishes this kind of material; choose another ground")
        return Answer("missing", told, "country")
    if offence.warning:
        return Answer("unsure", offence.warning, "country")
    return Answer("ready", f"{offence.words} ({offence.article})", "country")


def _data_subject(facts: Facts) -> Answer:
    told = _("The person depicted at the location, without a name")
    return Answer("ready" if facts.links else "missing", told, "links")


def _rule(_facts: Facts) -> Answer:
    return Answer("ready", _("Intimate images shared without consent"), "ground")


FILLED: dict[str, Callable[[Facts], Answer]] = {
    "signature": _signature,
    "location": _location,
    "contact": _contact,
    "notifier_name_email": _notifier,
    "context_facts": _context,
    "work_identification": _work,
    "owner_name": _owner_name,
    "illegality_explanation": _illegality,
    "data_subject_link": _data_subject,
    "rule_broken": _rule,
}


def owns(facts: Facts) -> Answer:
    """Answer who pressed the button: copyright belongs to whoever took the picture."""
    known = facts.owns_copyright
    if known == YES:
        by_her = facts.self_taken == YES
        told = _("The person depicted took it") if by_her else _("The owner mandated in writing")
        return Answer("ready", told, "work")
    told = _("Not asked yet who pressed the button")
    if known == "no":
        told = _("Somebody else took it, and no written mandate of that person is on record")
    return Answer("missing", told, "work")
