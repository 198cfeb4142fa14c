"""What must hold besides the elements: who may send, what the author confirms, which demands."""

from collections.abc import Iterator

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from notices.drafting import elements, saying
from notices.drafting.facts import COVERED_DEMANDS, WRITTEN, Facts
from notices.drafting.rendering import clean
from notices.drafting.rows import Row, State
from notices.law import Tick

OURS = {
    "agent.name": "signer",
    "agent.email": "organisation",
    "agent.contact": "organisation",
    "agent.phone": "organisation",
    "agent.postal": "organisation",
    "org.name": "organisation",
}


def standing_rows(facts: Facts) -> Iterator[Row]:
    if facts.is_copyright:
        answer = elements.owns(facts)
        words = _("The notice speaks for the owner of the copyright: whoever took the picture.")
        short = _("who took the picture")
        yield Row("copyright_owner", "standing", _first_ref(facts), words, "required",
                  answer.state, answer.filler, answer.anchor, short)  # fmt: skip
    if facts.ground.needs_mandate != "none":
        yield _mandate(facts)
    if saying.says_authority_because_asked(facts):
        yield _asked_authority(facts)
    yield from (_tick(tick, facts) for tick in facts.ground.ticks)


def demand_rows(facts: Facts) -> Iterator[Row]:
    """Yield what the channel asks beyond the law: of us it must be there, of her it is a choice."""
    for demand in facts.channel.platform_demands if facts.channel else ():
        if demand in OURS:
            yield _of_us(demand, facts)
        elif demand.partition(".")[0] in ("victim", "owner", "requester"):
            yield from _of_her(demand, facts)


def _mandate(facts: Facts) -> Row:
    one, needed = facts.acting_mandate, facts.ground.needs_mandate
    state: State = "ready" if facts.has_needed_mandate else "missing"
    if one is None:
        told = _("No mandate on record covers this notice")
    elif state == "missing":
        told = _("A spoken mandate is on record; this ground needs a written one")
    else:
        told = _("Given on %(day)s") % {"day": date_format(one.given_on, "j F Y")}
    words = _("A mandate to act for the person.")
    if needed == WRITTEN:
        words = _("A written mandate to act.")
    return Row("mandate", "standing", "", words, "required", state, told, "mandate",
               _("what the person agreed to"))  # fmt: skip


def _asked_authority(facts: Facts) -> Row:
    state: State = "ready" if facts.acting_mandate else "missing"
    words = _("This channel asks by what authority the report is made.")
    told = _("In the letter, word for word")
    if state == "missing":
        told = _("No mandate on record covers this notice")
    return Row("demand.authority", "standing", "", words, "required", state, told, "mandate",
               _("by what authority"))  # fmt: skip


def _tick(tick: Tick, facts: Facts) -> Row:
    asked = {
        "fair_use_considered": _("I have considered whether the use could be fair use."),
        "who_pressed_the_button": _("I have asked who pressed the button."),
    }
    done = tick.key in facts.ticks
    told = _("Confirmed") if done else _("Not confirmed; it is never printed")
    return Row(tick.key, "tick", tick.ref, asked.get(tick.key, tick.key), "required",
               "ready" if done else "missing", told, "ticks", _("a confirmation"))  # fmt: skip


def _of_us(demand: str, facts: Facts) -> Row:
    known = {
        "agent.name": facts.signer.name,
        "agent.email": facts.reply_address,
        "agent.contact": facts.reply_address,
        "agent.phone": facts.organisation.phone,
        "agent.postal": facts.organisation.postal,
        "org.name": facts.organisation.name,
    }
    value = clean(known[demand])
    words = _("Their form always asks for this of us: %(item)s.") % {"item": item(demand)}
    return Row(f"demand.{demand}", "standing", "", words, "required",
               "ready" if value else "missing", value or _("Not set"), OURS[demand],
               item(demand))  # fmt: skip


def _of_her(demand: str, facts: Facts) -> Iterator[Row]:
    if demand == "owner.name" and facts.ground.element("owner_name"):
        return
    told = facts.told(demand)
    words = _("This platform asks for more than the law does: %(item)s.") % {"item": item(demand)}
    filler = _("Told, as the mandate covers it")
    if not told:
        filler = _("Nothing is told. Send without it, ask the person, or use another ground")
    if not told and demand not in COVERED_DEMANDS:
        filler = _("Never sent from here, whatever is asked")
    key = f"demand.{demand}"
    yield Row(key, "standing", "", words, "recommended", "ready" if told else "unsure", filler,
              "disclosed", item(demand), facts.left_out.get(key, ""))  # fmt: skip


def item(demand: str) -> str:
    """Return what a platform demands, in words."""
    words = {
        "agent.name": _("our name"),
        "agent.email": _("our e-mail address"),
        "agent.contact": _("our contact"),
        "agent.phone": _("our telephone number"),
        "agent.postal": _("our postal address"),
        "org.name": _("the organisation's name"),
        "owner.name": _("the name of the copyright's owner"),
        "requester.identity": _("who the person is"),
        "victim.legal_name": _("the person's legal name"),
        "victim.verification_images": _("pictures to verify who the person is"),
        "victim.id_document": _("an identity document"),
    }
    return words.get(demand, demand)


def _first_ref(facts: Facts) -> str:
    one = facts.ground.element("accuracy_authority_statement")
    return one.ref if one else ""
