"""From a pasted text to rows that somebody looks at before they become links. No database."""

from collections import Counter
from collections.abc import Iterable
from typing import NotRequired, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import RuleBroken
from platforms.recognise import Place, recognise_lines

MAX_LINES = 500
MAX_PLACES = 1000
MAX_BYTES = 1_000_000
MAX_NOTE = 2000


class Row(TypedDict):
    """One place of the text, as a draft keeps it. `same_as`: an earlier row of the same place."""

    line: int
    verbatim: str
    canonical: str
    platform: str
    kind: str
    item: str
    exact: bool
    problem: str
    warning: str
    same_as: int | None
    place: NotRequired[dict[str, str]]


def rows_of(text: str) -> list[Row]:
    """Read every line; what cannot be understood becomes a row too, so that nothing is lost.

    Raises RuleBroken with a sentence when the text is too much for one go.
    """
    _refuse_too_much(text)
    rows: list[Row] = []
    first: dict[str, int] = {}
    for line in recognise_lines(text):
        places = line.places or (_note(line.text),)
        for place in places:
            same_as = first.setdefault(place.identity, len(rows))
            rows.append(_row(line.number, place, same_as if same_as < len(rows) else None))
    if len(rows) > MAX_PLACES:
        raise RuleBroken(
            _("This holds %(n)d links. Paste at most %(most)d at once.")
            % {"n": len(rows), "most": MAX_PLACES}
        )
    return rows


def is_link(row: Row) -> bool:
    """Tell whether the row can be added as it stands."""
    understood = bool(row["canonical"]) or row["kind"] not in {"note", ""}
    return understood and not row["problem"] and row["same_as"] is None


def needs_a_look(row: Row) -> bool:
    return not is_link(row) and row["same_as"] is None


def summary(rows: Iterable[Row], names: dict[str, str]) -> str:
    """Say what was found: "3 links recognised: X 2, Telegram 1 · 1 line to look at"."""
    rows = list(rows)
    good = [row for row in rows if is_link(row)]
    unclear = sum(1 for row in rows if needs_a_look(row))
    parts = []
    if good:
        parts.append(_recognised(good, names))
    if unclear:
        parts.append(
            ngettext("%(n)d line to look at", "%(n)d lines to look at", unclear) % {"n": unclear}
        )
    return " · ".join(parts)


def _recognised(good: list[Row], names: dict[str, str]) -> str:
    other = _("Other website")
    counts = Counter(names.get(row["platform"], other) for row in good)
    listed = ", ".join(f"{name} {n}" for name, n in counts.most_common())
    words = ngettext(
        "%(n)d link recognised: %(listed)s", "%(n)d links recognised: %(listed)s", len(good)
    )
    return words % {"n": len(good), "listed": listed}


def _refuse_too_much(text: str) -> None:
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise RuleBroken(_("This is over one megabyte of text. Paste it in parts."))
    lines = sum(1 for line in text.splitlines() if line.strip())
    if lines > MAX_LINES:
        raise RuleBroken(
            _("This has %(n)d lines. Paste at most %(most)d at once.")
            % {"n": lines, "most": MAX_LINES}
        )


def _note(text: str) -> Place:
    return Place(verbatim=text.strip()[:MAX_NOTE], canonical=None, platform=None, kind="note")


def _row(line: int, place: Place, same_as: int | None) -> Row:
    return Row(
        line=line,
        verbatim=place.verbatim,
        canonical=place.canonical or "",
        platform=place.platform or "",
        kind=place.kind,
        item=place.item or "",
        exact=place.exact,
        problem=place.problem or "",
        warning=place.warning or "",
        same_as=same_as,
    )
