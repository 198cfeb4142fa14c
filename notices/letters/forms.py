"""The same notice as the fields of a platform's own form, to be copied one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from notices.drafting import saying
from notices.drafting.facts import COVERED_DEMANDS, Facts
from notices.drafting.letter import STATEMENT, Letter
from notices.drafting.rendering import clean
from notices.drafting.standing import item
from notices.law import ChannelFacts


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to copy. An empty value is to be left empty; `why` says what it is for."""

    label: str
    value: str
    why: str


def form_fields(letter: Letter, facts: Facts, channel: ChannelFacts) -> list[Field]:
    """Return what goes into the form, in the usual order of such forms."""
    return [
        *_choices(channel),
        *_places(facts),
        *_who(facts, channel),
        *_hers(facts, channel),
        *_words(letter, facts),
        *_end(letter, facts),
    ]


def _choices(channel: ChannelFacts) -> Iterator[Field]:
    if channel.category:
        yield Field(_("Kind of report"), channel.category, _("The category that fits"))
    if channel.form:
        yield Field(_("Form"), channel.form, _("The form's own number or name"))
    if channel.forwards_complainant_data == "optional":
        why = channel.rule or _("Nothing about us goes to the person who published it")
        yield Field(_("Pass the report on?"), _("No"), why)


def _places(facts: Facts) -> Iterator[Field]:
    for number, link in enumerate(facts.links, start=1):
        label = _("Link %(n)d") % {"n": number} if len(facts.links) > 1 else _("Link")
        if link.url:
            yield Field(label, clean(link.url), _("The exact location"))
        for name, value in link.locators:
            yield Field(f"{label}: {clean(name, 60)}", clean(value), _("Helps to find it"))


def _who(facts: Facts, channel: ChannelFacts) -> Iterator[Field]:
    organisation, needed = facts.organisation, _contact_asked(facts, channel)
    yield Field(_("Name"), clean(facts.signer.name), _("Ours: the person who signs"))
    yield Field(_("Organisation"), clean(organisation.name), _("Ours"))
    yield Field(_("E-mail"), facts.reply_address, _("Ours: answers come back to this notice"))
    if "postal" in needed:
        yield Field(_("Address"), clean(organisation.postal), _("Ours: their form asks for it"))
    if "phone" in needed:
        yield Field(_("Telephone"), clean(organisation.phone), _("Ours: their form asks for it"))
    relation = _("Authorised representative of the person depicted")
    if facts.is_copyright:
        relation = _("Authorised agent of the copyright owner")
    elif facts.acting_mandate is None:
        relation = _("Organisation that reports on its own behalf")
    yield Field(_("Relation to the person"), relation, _("By what right we write"))


def _contact_asked(facts: Facts, channel: ChannelFacts) -> set[str]:
    """Return which of our further contacts the form or the statute usually wants."""
    element = facts.ground.element("contact")
    asked = {d.removeprefix("agent.") for d in channel.platform_demands if d.startswith("agent.")}
    return asked | set(element.usual_form if element else ())


def _hers(facts: Facts, channel: ChannelFacts) -> Iterator[Field]:
    for demand in channel.platform_demands:
        if demand.partition(".")[0] not in ("victim", "owner", "requester"):
            continue
        told = facts.told(demand) if demand in COVERED_DEMANDS else ""
        why = _("The mandate covers it")
        if not told:
            why = _("Leave it empty: the law does not ask for it, and no mandate covers it")
        yield Field(item(demand), clean(told), why)


def _words(letter: Letter, facts: Facts) -> Iterator[Field]:
    work = letter.part("work_identification")
    if work:
        yield Field(_("The work"), work, _("Which work it is, without describing it"))
    reasons = letter.part("illegality_explanation")
    if reasons:
        yield Field(_("Why it is illegal"), reasons, _("The explanation that the law asks for"))
    facts_told = " ".join(saying.context_sentences(facts))
    if facts_told:
        yield Field(_("Further information"), facts_told, _("Shows that there was no consent"))
    for block in letter.blocks:
        if block.kind == STATEMENT:
            yield Field(_("Statement"), block.text, _("Word for word; tick theirs if it is there"))


def _end(letter: Letter, facts: Facts) -> Iterator[Field]:
    yield Field(_("Signature"), clean(facts.signer.name), _("Typed"))
    yield Field(_("Our reference"), letter.code, _("If there is a field for it"))
    yield Field(_("Everything in one text"), letter.text, _("Where the form has one large field"))
