"""The fixed list of places that a sentence of a letter may use. None is about the person's name
but `owner` and `told_name`, which a mandate must cover and the channel must demand."""

from collections.abc import Mapping
from datetime import date

from notices import law
from notices.drafting.facts import Facts, MandateFacts, Work
from notices.drafting.phrases import Phrases
from notices.drafting.rendering import fill


def values_of(facts: Facts, phrases: Phrases) -> dict[str, str]:
    """Return every place with its value; what is not known is empty."""
    return {
        "code": facts.code,
        "org": facts.organisation.name,
        "signer": facts.signer.name,
        "agent_role": facts.signer.role,
        "law_ref": facts.ground.citation,
        **_material(facts, phrases),
        **_mandate(facts.acting_mandate, phrases),
        **_offence(facts),
        **_earlier(facts, phrases),
        "work": _work(facts, phrases),
        "owner": facts.told("owner.name"),
        "told_name": facts.told("victim.legal_name") or facts.told("requester.identity"),
    }


def day_in_words(day: date, phrases: Phrases, form: str = "") -> str:
    """Return a date in the letter's language, whole or as far as `form` tells it."""
    parts = {
        "day": str(day.day),
        "month": phrases["months"][day.month - 1],
        "year": str(day.year),
        "org": "",
    }
    return fill(form or phrases["date"], parts)


def _material(facts: Facts, phrases: Phrases) -> Mapping[str, str]:
    media = {"media": phrases["media"].get(facts.media, phrases["media"]["other"])}
    marks = [phrases["identifiable_by"].get(mark, "") for mark in facts.identifiable_by]
    depiction = phrases["depiction"].get(facts.material, "")
    return {
        **media,
        "material": fill(phrases["material"].get(facts.material, ""), media),
        "depiction": fill(depiction, media),
        "identifiable_by": "; ".join(mark for mark in marks if mark),
    }


def _mandate(mandate: MandateFacts | None, phrases: Phrases) -> Mapping[str, str]:
    if mandate is None:
        return {"mandate_form": "", "mandate_date": ""}
    return {
        "mandate_form": phrases["mandate_form"].get(mandate.form, ""),
        "mandate_date": day_in_words(mandate.given_on, phrases),
    }


def _offence(facts: Facts) -> Mapping[str, str]:
    offence = law.offence_for(facts.ground, facts.country, facts.material, facts.day_of_facts)
    if offence is None:
        return {"country": "", "words": "", "article": ""}
    country = law.EU_MEMBERS.get(offence.country, "")
    return {"country": country, "words": offence.words, "article": offence.article or ""}


def _earlier(facts: Facts, phrases: Phrases) -> Mapping[str, str]:
    if facts.earlier is None:
        return {"earlier_code": "", "earlier_sent_on": ""}
    sent_on = day_in_words(facts.earlier.sent_on, phrases)
    return {"earlier_code": facts.earlier.code, "earlier_sent_on": sent_on}


def _work(facts: Facts, phrases: Phrases) -> str:
    work = facts.work
    if work is None:
        return ""
    kinds = phrases["works_several" if work.several else "works"]
    if work.kind not in kinds:
        return ""
    words = fill(kinds[work.kind], {"made_on": _made_on(work, facts, phrases)})
    return words + (phrases["unpublished"] if work.unpublished else "")


def _made_on(work: Work, facts: Facts, phrases: Phrases) -> str:
    forms = phrases["made_on"]
    if work.made_on is None:
        return fill(forms["unknown"], {"org": facts.organisation.name})
    return day_in_words(work.made_on, phrases, forms.get(work.precision, forms["day"]))
