"""What the pages about one notice show: facts, checklist, letter, what leaves, what runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property

from cases.models import Link
from notices import checking, clocks, drafting, frozen
from notices.drafting import Facts, Leaving, Letter, Offer, Offers, Row
from notices.facts import of_notice
from notices.law import Due
from notices.models import Notice
from notices.speeds import speeds_of
from platforms.models import Channel


@dataclass
class Desk:
    """One notice on somebody's desk at one moment; each part is worked out when it is asked for."""

    notice: Notice
    at: datetime

    @cached_property
    def facts(self) -> Facts:
        return of_notice(self.notice, self.at)

    @cached_property
    def letter(self) -> Letter:
        return drafting.compose(self.facts)

    @cached_property
    def rows(self) -> list[Row]:
        return checking.rows(self.notice, self.at, self.facts)

    @cached_property
    def parts(self) -> list[Row]:
        """The rows worth a line: elements always, the rest where something is to be done."""
        quiet = {"ready", "not_needed"}
        return [row for row in self.rows if row.group == "element" or row.state not in quiet
                or row.group in ("tick", "standing")]  # fmt: skip

    @cached_property
    def leaves(self) -> list[Leaving]:
        return drafting.leaves(self.facts)

    @property
    def ready(self) -> int:
        return drafting.progress(self.rows)[0]

    @property
    def required(self) -> int:
        return drafting.progress(self.rows)[1]

    @cached_property
    def why_not(self) -> str:
        return drafting.why_not(self.rows)

    @property
    def first_gap(self) -> Row | None:
        return next(iter(drafting.blocking(self.rows)), None)

    @cached_property
    def offers(self) -> Offers:
        return checking.offers(self.facts, speeds_of(self.notice.platform.key, self.at))

    @property
    def offer(self) -> Offer | None:
        """The ground that is chosen, with its reasons; None when it is not open (any more)."""
        return next((o for o in self._open if o.ground_id == self.notice.ground), None)

    @property
    def others(self) -> list[Offer]:
        return [offer for offer in self._open if offer.ground_id != self.notice.ground]

    @property
    def is_recommended(self) -> bool:
        first = self.offers.recommended
        return first is not None and first.ground_id == self.notice.ground

    @property
    def _open(self) -> list[Offer]:
        first = [self.offers.recommended] if self.offers.recommended else []
        return [*first, *self.offers.possible]

    @cached_property
    def expected(self) -> list[Due]:
        """The deadlines that would run if it left now."""
        return clocks.expected(self.notice, self.at)

    @cached_property
    def header(self) -> list[tuple[str, str]]:
        """The lines above the letter: to whom, from whom, about what."""
        return frozen.header(self.facts, self.letter)

    @cached_property
    def links(self) -> list[Link]:
        """Every link of the case on this platform: the author chooses among them."""
        found = Link.objects.filter(
            case=self.notice.case, platform=self.notice.platform, removed_at=None
        )
        return list(found.order_by("number"))

    @cached_property
    def channels(self) -> list[Channel]:
        """The channels of this platform that serve the ground and are open to us."""
        served = self.facts.ground.served_as
        return [
            channel
            for channel in self.notice.platform.channels.prefetch_related("edits", "troubles")
            if not channel.retired
            and set(channel.current("grounds") or ()) & set(served)
            and channel.audience in ("anyone", "members")
        ]

    @cached_property
    def changes(self) -> list[tuple[str, str]]:
        """Words kept, put in and taken out since a reviewer last saw it; empty at first sight."""
        before = self.notice.seen_text
        return list(word_diff(before, self.letter.text)) if before else []

    @property
    def has_changed(self) -> bool:
        return any(kind != "same" for kind, _words in self.changes)


def word_diff(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield runs of words as ("same" | "del" | "ins", text)."""
    old, new = before.split(" "), after.split(" ")
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if a < b:
            yield "del", " ".join(old[a:b])
        if c < d:
            yield "ins", " ".join(new[c:d])
