"""From a Vega-Lite specification to an SVG that a strict content policy lets through."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Spec = dict[str, Any]  # The grammar of Vega-Lite is not worth a hundred TypedDicts.

FONT = "Atkinson Hyperlegible Next"
# To look a typeface up for each word made most of a drawing's cost. This one is found at once, and
# is wider than the page's own, so that what it leaves room for has room.
MEASURED_IN = "sans-serif"
VEGA_LITE = "6.4"
KEPT_SECONDS = 24 * 60 * 60

CHATTER = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')
LINKED_MARK = re.compile(r'<a xlink:href="([^"]*)"><path aria-label="([^"]*)"')
LABEL = re.compile(r'(<(?:g|path|text|line|rect)\b[^>]*?) aria-label="[^"]*"')
VIEW_BOX = re.compile(r' viewBox="[^"]*"')
OWN_ID = re.compile(r'(id="|url\(#)([a-z]+\d+)')


@dataclass(frozen=True, slots=True)
class Table:
    """The same figures as the picture, in words; a row's first cell is its heading."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture without the data that it was drawn from."""

    svg: SafeString


@dataclass(frozen=True)
class Backdrop:
    """What several pictures of one size have behind their own marks: once in the page."""

    spec: Spec

    @cached_property
    def mark(self) -> str:
        return _mark(self.spec)

    @property
    def svg(self) -> SafeString:
        return _kept(self.mark, self._finished)

    def _finished(self) -> str:
        opening, _, drawn = _own(_draw(self.spec), self.mark).partition(">")
        box = VIEW_BOX.search(opening)
        return (
            '<svg class="visually-hidden" aria-hidden="true" width="0" height="0">'
            f'<symbol id="{self.mark}"{box.group() if box else ""}>'
            f"{drawn.removesuffix('</svg>')}</symbol></svg>"
        )


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    description: str
    spec: Spec
    behind: Backdrop | None = None

    @property
    def svg(self) -> SafeString:
        """Drawn once for the same data, words and theme, whoever asks."""
        behind = self.behind.mark if self.behind else ""
        mark = _mark([self.title, self.description, self.spec, behind])
        return _kept(mark, lambda: self._finished(mark, behind))

    def _finished(self, mark: str, behind: str) -> str:
        """With title and description, ids of its own, and links that name where they lead.

        A picture whose marks are links is a group: a reader of `role="img"` would hide them.
        """
        own = _own(_draw(self.spec), mark)
        role = "group" if "<a " in own else "img"
        opening = (
            f'<svg role="{role}" aria-labelledby="{mark}-t" aria-describedby="{mark}-d" '
            'focusable="false"'
        )
        inside = (
            f'<title id="{mark}-t">{escape(self.title)}</title>'
            f'<desc id="{mark}-d">{escape(self.description)}</desc>'
            + (f'<use href="#{behind}" width="100%" height="100%"/>' if behind else "")
        )
        return own.replace("<svg", opening, 1).replace(">", f">{inside}", 1)


def _mark(drawing: object) -> str:
    """The beginning of a picture's ids, which its data, words and theme alone decide."""
    text = json.dumps(drawing, sort_keys=True)
    return f"c{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _kept(mark: str, drawn: Callable[[], str]) -> SafeString:
    found: str | None = cache.get(f"chart:{mark}")
    if found is None:
        found = drawn()
        cache.set(f"chart:{mark}", found, KEPT_SECONDS)
    return mark_safe(found)  # noqa: S308  Vega escapes every text; the rest is ours.


def _own(drawn: str, mark: str) -> str:
    """Without the engine's chatter, in the page's typeface, with ids of its own."""
    plain = CHATTER.sub("", drawn)
    linked = LINKED_MARK.sub(r'<a href="\1" aria-label="\2"><path', plain)
    bare = LABEL.sub(r"\1", linked).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    own = OWN_ID.sub(rf"\g<1>{mark}-\g<2>", bare)
    return own.replace(f'font-family="{MEASURED_IN}"', f'font-family="{FONT}"')


def _draw(spec: Spec) -> str:
    # Imported late: its engine starts threads, which do not survive a fork of the server.
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
