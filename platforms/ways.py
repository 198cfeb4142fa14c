"""One way to reach a platform as its page shows it: what holds now, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platforms import words
from platforms.catalogue import Source, sources
from platforms.catalogue.brief import GroundBrief, grounds_in_brief
from platforms.models import LOOKED_UP, TO_BE_CONFIRMED, Channel, ChannelEdit, ChannelTrouble

VERIFIED = ("high", "medium")
FIELD_WORDS: dict[str, str | Promise] = {
    "address": _("Address"),
    "email": _("E-mail beside it"),
    "form": _("Form"),
    "category": _("Choose in the form"),
    "subject_line": _("Subject line"),
    "postal": _("Postal address"),
    "rule": _("What to do or to expect"),
    "note": _("Note"),
}


class Change(NamedTuple):
    field: str
    before: str
    after: str


class Proposal(NamedTuple):
    edit: ChannelEdit
    changes: list[Change]


@dataclass(frozen=True)
class Way:
    """A channel on a day, fetched with edits and troubles; nothing here asks the database."""

    channel: Channel
    on: date

    @cached_property
    def edit(self) -> ChannelEdit | None:
        return self.channel.standing_edit()

    @cached_property
    def now(self) -> dict[str, Any]:
        """The facts that hold now: the catalogue's, and over them a confirmed edit's."""
        changes = self.edit.changes if self.edit else {}
        return {**self.channel.facts, "address": self.channel.address, **changes}

    @property
    def purpose(self) -> str:
        return words.said(words.PURPOSES, self.channel.purpose)

    @property
    def medium(self) -> str:
        return words.said(words.MEDIA, self.channel.medium)

    @property
    def audience(self) -> str:
        """Who may use it, where not everybody may."""
        if self.channel.audience == "anyone":
            return ""
        return words.said(words.AUDIENCES, self.channel.audience)

    @property
    def is_to_be_confirmed(self) -> bool:
        return bool(self.now["address"] == TO_BE_CONFIRMED)

    @property
    def is_looked_up(self) -> bool:
        return bool(self.now["address"] == LOOKED_UP)

    @property
    def is_page(self) -> bool:
        return str(self.now["address"]).startswith("https://")

    @property
    def is_mail(self) -> bool:
        return self.channel.medium == "email" and not (self.is_to_be_confirmed or self.is_looked_up)

    @cached_property
    def trouble(self) -> ChannelTrouble | None:
        """What stands against the address that holds now, or against one looked up for a link."""
        known = self.channel.open_troubles()
        mine = (one for one in known if self.is_looked_up or one.address == self.now["address"])
        return next(mine, None)

    @property
    def is_unverified(self) -> bool:
        return self.edit is None and self.channel.conf not in VERIFIED

    @property
    def is_due_for_review(self) -> bool:
        return self.channel.is_due_for_review(self.on)

    @property
    def confidence(self) -> str:
        return words.said(words.CONFIDENCE, self.channel.conf)

    @property
    def seen_on(self) -> date | None:
        """The day on which somebody last looked: at the source, or to confirm an edit."""
        if self.edit is not None and self.edit.confirmed_at is not None:
            return self.edit.confirmed_at.date()
        return self.channel.seen

    @property
    def sources(self) -> list[Source]:
        known = sources()
        return [known[code] for code in self.now.get("source", ()) if code in known]

    @property
    def grounds(self) -> list[GroundBrief]:
        known = grounds_in_brief()
        return [known[key] for key in self.channel.grounds if key in known]

    @property
    def clock_may_not_start(self) -> bool:
        return self.channel.starts_statutory_clock in ("no", "unknown")

    @property
    def own_promise(self) -> str:
        clock = self.now.get("self_declared_clock")
        return words.span(clock["value"], clock["unit"]) if clock else ""

    @property
    def most_items(self) -> int | None:
        limit = self.now.get("max_items_per_notice")
        return int(limit["value"]) if limit else None

    @property
    def asked_codes(self) -> list[str]:
        return [*self.now.get("platform_demands", ()), *self.now.get("may_demand", ())]

    @property
    def demands(self) -> list[str]:
        return [words.said(words.DEMANDS, code) for code in self.now.get("platform_demands", ())]

    @property
    def may_demand(self) -> list[str]:
        return [words.said(words.DEMANDS, code) for code in self.now.get("may_demand", ())]

    @property
    def asks_about_her(self) -> bool:
        return any(code.startswith(words.ABOUT_HER) for code in self.asked_codes)

    @property
    def forwards(self) -> bool:
        return self.now.get("forwards_complainant_data") in ("yes", "optional")

    @property
    def forwarding(self) -> str:
        return words.said(words.FORWARDS, self.now.get("forwards_complainant_data", "unknown"))

    @property
    def scope(self) -> str:
        return words.said(words.SCOPES, self.now["scope"]) if "scope" in self.now else ""

    @property
    def proposals(self) -> list[Proposal]:
        pending = (edit for edit in self.channel.edits.all() if edit.is_pending())
        return [Proposal(edit, list(self._changes(edit))) for edit in pending]

    def _changes(self, edit: ChannelEdit) -> Iterator[Change]:
        for name, after in edit.changes.items():
            before = str(self.now.get(name) or "")
            if before != after:
                yield Change(words.said(FIELD_WORDS, name), before, after)
