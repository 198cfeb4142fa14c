"""What is already known about pasted rows: in this case, in another, as a community."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import indexing
from cases.indexing import handle_of
from cases.link_states import LinkState
from cases.models import Case, Link
from cases.pasting import Row, is_link
from core import blind
from platforms.models import Community

KINDS: "dict[str, str | Promise]" = {
    "post": gettext_lazy("Post"),
    "message": gettext_lazy("Message"),
    "video": gettext_lazy("Video"),
    "file": gettext_lazy("File"),
    "folder": gettext_lazy("Folder"),
    "cdn": gettext_lazy("The file itself"),
    "profile": gettext_lazy("Account"),
    "channel": gettext_lazy("Community"),
    "invite": gettext_lazy("Invitation"),
    "search": gettext_lazy("Search result"),
    "shortened": gettext_lazy("Shortened link"),
    "clone": gettext_lazy("Clone of a seized site"),
    "url": gettext_lazy("Page"),
    "place": gettext_lazy("Place without a link"),
    "note": gettext_lazy("Text"),
}
PROBLEMS: "dict[str, str | Promise]" = {
    "dangerous_scheme": gettext_lazy("This would run a program. It is not a link."),
    "other_scheme": gettext_lazy("This is no link that opens on the web."),
    "userinfo": gettext_lazy("The part before @ hides where this leads."),
    "lookalike": gettext_lazy("This looks like a known platform, but it is another site."),
    "homograph": gettext_lazy("This uses letters that look like others."),
    "private_address": gettext_lazy("This is an address inside a private network."),
    "bad_host": gettext_lazy("This has no address that a site could have."),
    "too_long": gettext_lazy("This is longer than any platform's link."),
}
WARNINGS: "dict[str, str | Promise]" = {
    "community": gettext_lazy("A whole community: add the single posts if you know them."),
    "shortened": gettext_lazy("Shortened: paste the long link if you have it."),
    "unread_form": gettext_lazy("A form we do not know: look whether it is complete."),
    "folder": gettext_lazy("A folder: name the files inside if you can."),
    "cdn": gettext_lazy("The file itself: add the post that shows it if you know it."),
    "clone": gettext_lazy("A clone of a seized site."),
}


@dataclass(slots=True)
class Flagged:
    """A row with all that is known about it. `existing`: the link of this case that it is."""

    n: int
    row: Row
    flags: list[str] = field(default_factory=list)
    existing: Link | None = None
    is_back: bool = False
    is_elsewhere: bool = False
    community: Community | None = None
    platform_name: str = ""
    same_line: int = 0

    @property
    def kind(self) -> str:
        return str(KINDS.get(self.row["kind"], self.row["kind"]))

    @property
    def is_unknown_site(self) -> bool:
        return bool(self.row["canonical"]) and not self.row["platform"]

    @property
    def is_text(self) -> bool:
        """Whether it is no link: it can be kept as a place, or dropped."""
        return self.row["same_as"] is None and not is_link(self.row)

    @property
    def can_be_added(self) -> bool:
        return self.row["same_as"] is None and (self.existing is None or self.is_back)

    @property
    def is_ticked(self) -> bool:
        return is_link(self.row) and self.can_be_added


def flagged(case: Case, rows: Sequence[Row], names: Mapping[str, str]) -> list[Flagged]:
    """Look every row up at once: the number of queries does not grow with the rows."""
    marks = [_marks(row) for row in rows]
    wanted = {mark for pair in marks for mark in pair if mark}
    here = _here(case, wanted)
    elsewhere = _elsewhere(case, wanted)
    communities = _communities(rows, wanted)
    made = []
    for n, (row, pair) in enumerate(zip(rows, marks, strict=True)):
        one = Flagged(n, row, platform_name=names.get(row["platform"], ""))
        one.same_line = rows[row["same_as"]]["line"] if row["same_as"] is not None else 0
        one.existing = next((here[mark] for mark in pair if mark in here), None)
        one.is_back = one.existing is not None and one.existing.state == LinkState.GONE
        is_new = row["same_as"] is None and one.existing is None
        one.is_elsewhere = is_new and any(mark in elsewhere for mark in pair)
        one.community = next(
            (communities[m] for m in (*pair, _name(row)) if m in communities), None
        )
        one.flags = [str(word) for word in _words(row)]
        made.append(one)
    return made


def _words(row: Row) -> list["str | Promise"]:
    words: list[str | Promise] = []
    if row["problem"]:
        words.append(PROBLEMS.get(row["problem"], row["problem"]))
    elif row["warning"] in WARNINGS:
        words.append(WARNINGS[row["warning"]])
    elif row["kind"] == "note":
        words.append(_("Not a link"))
    return words


def _marks(row: Row) -> tuple[str, str]:
    values = indexing.values(
        platform=row["platform"] or None,
        kind=row["kind"],
        item=row["item"] or None,
        canonical=row["canonical"] or None,
    )
    return values["canonical_index"], values["item_index"]


def _name(row: Row) -> str:
    name = handle_of(row["kind"], row["item"] or None, row["canonical"] or None)
    return blind.index("community", name) if name else ""


def _same(wanted: set[str]) -> Q:
    return Q(canonical_index__in=wanted) | Q(item_index__in=wanted)


def _here(case: Case, wanted: set[str]) -> dict[str, Link]:
    found: dict[str, Link] = {}
    for link in case.links.current().with_state_facts().filter(_same(wanted)):
        link.case = case
        found.update({mark: link for mark in (link.canonical_index, link.item_index) if mark})
    return found


def _elsewhere(case: Case, wanted: set[str]) -> set[str]:
    """Return the marks that stand in other cases: that they do, never where."""
    others = Link.objects.current().exclude(case=case).filter(_same(wanted))
    pairs = others.values_list("canonical_index", "item_index").distinct()
    return {mark for pair in pairs for mark in pair if mark in wanted}


def _communities(rows: Sequence[Row], wanted: set[str]) -> dict[str, Community]:
    names = {_name(row) for row in rows} - {""}
    found = {each.name_index: each for each in Community.objects.filter(name_index__in=names)}
    linked = Link.objects.exclude(community=None).filter(_same(wanted)).select_related("community")
    for link in linked[:200]:
        for mark in (link.canonical_index, link.item_index):
            if mark and link.community:
                found[mark] = link.community
    return found
