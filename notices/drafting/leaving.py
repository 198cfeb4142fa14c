"""What leaves this system with a notice, and who may see it then."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from notices.drafting.facts import COVERED_DEMANDS, Facts
from notices.drafting.rendering import clean

Fate = Literal["not_sent", "sent", "possible"]


@dataclass(frozen=True, slots=True)
class Leaving:
    """One item of data. `code` is for the disclosure ledger; `about_person` is what matters."""

    code: str
    item: str
    to_platform: Fate
    uploader: Fate
    public: Fate
    about_person: bool
    note: str = ""

    @property
    def stays_here(self) -> bool:
        return self.to_platform == "not_sent"


def leaves(facts: Facts) -> list[Leaving]:
    """Return the table of what leaves: hers first, all of it staying here unless she agreed."""
    return [*_hers(facts), *_places(facts), *_ours(facts)]


def sent_codes(facts: Facts) -> list[str]:
    """Return the codes of what leaves, for the ledger."""
    return [row.code for row in leaves(facts) if row.to_platform == "sent"]


def _hers(facts: Facts) -> Iterator[Leaving]:
    yield _her_name(facts)
    never = {
        "person.alias": _("The name used for the person here"),
        "person.contact": _("The person's e-mail, phone and address"),
        "person.signature": _("The person's signature"),
        "person.age": _("A statement of age"),
        "person.accounts": _("The person's own account names"),
        "person.fingerprints": _("Fingerprints of the material"),
        "person.material": _("The material itself"),
    }
    for code, item in never.items():
        yield Leaving(code, item, "not_sent", "not_sent", "not_sent", about_person=True)


def _her_name(facts: Facts) -> Leaving:
    told = any(facts.told(demand) for demand in COVERED_DEMANDS)
    item = _("The person's name")
    if not told:
        asked = any(facts.channel and facts.channel.demands(d) for d in COVERED_DEMANDS)
        note = _("They ask for it; it is not told without a mandate") if asked else ""
        return Leaving("person.name", item, "not_sent", "not_sent", "not_sent", True, note)
    public: Fate = "not_sent"
    if facts.channel and facts.channel.publishes_owner_name:
        public = "sent"
    elif facts.is_copyright:
        public = "possible"
    return Leaving("person.name", item, "sent", _uploader(facts), public, True, _agreed(facts))


def _agreed(facts: Facts) -> str:
    one = facts.acting_mandate
    if one is None:
        return ""
    form = _("in writing") if one.form == "written" else _("by word of mouth")
    return _("Agreed on %(day)s, %(form)s") % {"day": one.given_on.isoformat(), "form": form}


def _places(facts: Facts) -> Iterator[Leaving]:
    fate: Fate = "sent" if facts.links else "not_sent"
    public: Fate = "possible" if facts.is_copyright and facts.links else "not_sent"
    uploader: Fate = "possible" if facts.links else "not_sent"
    yield Leaving("links", _("The links"), fate, uploader, public, about_person=False)
    if facts.is_copyright:
        sent: Fate = "sent" if facts.work else "not_sent"
        yield Leaving("work", _("What kind of work it is"), sent, _uploader(facts), public, False)
    if facts.context:
        yield Leaving("context", _("Facts about the lack of consent"), "sent", _uploader(facts),
                      public, about_person=True)  # fmt: skip


def _ours(facts: Facts) -> Iterator[Leaving]:
    ours = {
        "org.name": (_("The organisation's name"), facts.organisation.name),
        "agent.name": (_("Our signer's name and role"), facts.signer.name),
        "org.postal": (_("The organisation's address"), facts.organisation.postal),
        "org.phone": (_("The organisation's telephone number"), facts.organisation.phone),
        "agent.email": (_("Our reply address"), facts.reply_address),
    }
    public: Fate = "possible" if facts.is_copyright else "not_sent"
    for code, (item, value) in ours.items():
        if clean(value):
            yield Leaving(code, item, "sent", _uploader(facts), public, about_person=False)
        else:
            yield Leaving(code, item, "not_sent", "not_sent", "not_sent", about_person=False)


def _uploader(facts: Facts) -> Fate:
    """Tell whether the uploader may see what this platform was told."""
    forwards = facts.channel.forwards_complainant_data if facts.channel else "unknown"
    if forwards == "yes":
        return "sent"
    if forwards == "no" or facts.ground.disclosed_to_uploader == "never":
        return "not_sent"
    return "possible"
