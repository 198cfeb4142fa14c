"""From a Vega-Lite specification to an SVG that a strict content policy lets through."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as once
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Spec = dict[str, Any]  # The grammar of Vega-Lite is not worth a hundred TypedDicts.

FONT = "Atkinson Hyperlegible Next"
VEGA_LITE = "6.4"
KEPT_SECONDS = 24 * 60 * 60

CHATTER = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')
LINKED_MARK = re.compile(r'<a xlink:href="([^"]*)"><path aria-label="([^"]*)"')
LABEL = re.compile(r'(<(?:g|path|text|line|rect)\b[^>]*?) aria-label="[^"]*"')
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


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    description: str
    spec: Spec

    @property
    def svg(self) -> SafeString:
        """Drawn once for the same data, words and theme, whoever asks."""
        drawing = json.dumps([self.title, self.description, self.spec], sort_keys=True)
        digest = hashlib.sha256(drawing.encode()).hexdigest()
        found: str | None = cache.get(f"chart:{digest}")
        if found is None:
            found = self._finished(_draw(self.spec), f"c{digest[:10]}")
            cache.set(f"chart:{digest}", found, KEPT_SECONDS)
        return mark_safe(found)  # noqa: S308  Vega escapes every text; the rest is ours.

    def _finished(self, drawn: str, mark: str) -> str:
        """With title and description, ids of its own, and links that name where they lead.

        A picture whose marks are links is a group: a reader of `role="img"` would hide them.
        """
        plain = CHATTER.sub("", drawn)
        linked = LINKED_MARK.sub(r'<a href="\1" aria-label="\2"><path', plain)
        bare = LABEL.sub(r"\1", linked).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
        own = OWN_ID.sub(rf"\g<1>{mark}-\g<2>", bare)
        role = "group" if "<a " in own else "img"
        opening = (
            f'<svg role="{role}" aria-labelledby="{mark}-t" aria-describedby="{mark}-d" '
            'focusable="false"'
        )
        words = (
            f'<title id="{mark}-t">{escape(self.title)}</title>'
            f'<desc id="{mark}-d">{escape(self.description)}</desc>'
        )
        return own.replace("<svg", opening, 1).replace(">", f">{words}", 1)


def _draw(spec: Spec) -> str:
    # Imported late: its engine starts threads, which do not survive a fork of the server.
    import vl_convert

    _register_fonts()
    return str(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))


@once
def _register_fonts() -> None:
    """Text is measured in the page's own typeface; another would put labels out of place."""
    import vl_convert

    vl_convert.register_font_directory(str(settings.BASE_DIR / "static" / "fonts" / "ttf"))
