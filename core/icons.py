"""Small line drawings that repeat a word; never alone, and hidden from screen readers."""

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_STROKES = {
    "circle": '<circle cx="8" cy="8" r="5.5"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>',
    "tick": '<path d="m3 8.5 3.5 3.5L13 4.5"/>',
    "bang": '<path d="M8 3v6M8 12.5v.01"/>',
    "loop": '<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3"/>',
    "question": '<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9.2 8 10M8 12.5v.01"/>',
    "pause": '<path d="M5.5 4v8M10.5 4v8"/>',
    "pencil": '<path d="M3 13v-2.5L10.5 3 13 5.5 5.5 13z"/>',
    "eye": '<path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z"/>'
    '<circle cx="8" cy="8" r="1.7"/>',
    "arrow": '<path d="M2.5 8h11M9.5 4l4 4-4 4"/>',
    "cross": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "dash": '<path d="M4 8h8"/>',
    "box": '<path d="M2.5 5h11v8h-11zM2.5 5l2-2h7l2 2M6.5 8h3"/>',
    "lock": '<path d="M4 7.5h8v5.5H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"/>',
    "copy": '<path d="M5.5 5.5h7.5V13H5.5zM3 10.5V3h7.5"/>',
}
NAMES = frozenset(_STROKES)
_MIRRORED = frozenset({"arrow"})


@cache
def svg(name: str) -> SafeString:
    """Return the drawing as inline SVG in the colour of the text around it."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 16 16" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        " icon-mirror" if name in _MIRRORED else "",
        mark_safe(_STROKES[name]),  # noqa: S308 (a constant of this module)
    )
