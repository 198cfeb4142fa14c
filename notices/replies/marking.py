"""The text of a mail made safe to look at: as text, no link that opens, the telling phrase marked.

Pure. Nothing here trusts the sender: what turns the direction of writing round is shown as a mark,
since a link written backwards reads as another one.
"""

import re

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from core import defang

_OVERRIDES = str.maketrans(dict.fromkeys("\u202d\u202e", "\ufffd"))
LONGEST_PHRASE = 400


def upright(text: str) -> str:
    """Return the text with a mark in the place of what turns writing round."""
    return text.translate(_OVERRIDES)


def plain(text: str) -> str:
    """Return the text with no address that opens and nothing that turns it round."""
    return defang.defanged(upright(text))


def marked(text: str, phrase: str = "") -> SafeString:
    """Return the text as HTML, with the first place where the phrase stands marked."""
    shown = plain(text)
    found = _where(shown, phrase)
    if found is None:
        return escape(shown)
    start, end = found.span()
    before, said, after = shown[:start], shown[start:end], shown[end:]
    return format_html("{}<mark>{}</mark>{}", before, said, after)


def _where(text: str, phrase: str) -> re.Match[str] | None:
    """Find the phrase whatever its capitals and line breaks."""
    words = plain(phrase[:LONGEST_PHRASE]).split()
    if not words:
        return None
    pattern = r"\s{1,20}".join(re.escape(word) for word in words)
    return re.search(pattern, text, re.IGNORECASE)
