"""Put values into sentences. Only `{name}` of a fixed dictionary; a value is never a template."""

import re
import unicodedata
from collections.abc import Mapping

PLACE = re.compile(r"\{([a-z_]+)\}")
# Marks that turn or hide text, line and paragraph separators, the byte order mark.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")
LONGEST = 2000


class TemplateBroken(ValueError):
    """A sentence names a place that does not exist, or has a stray brace."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the sentence with its places filled in one pass. Raises TemplateBroken."""
    check(template, values)
    return PLACE.sub(lambda match: clean(values[match.group(1)]), template)


def check(template: str, known: Mapping[str, object]) -> None:
    unknown = [name for name in PLACE.findall(template) if name not in known]
    if unknown:
        raise TemplateBroken(f"unknown place: {', '.join(unknown)}")
    if re.search(r"[{}]", PLACE.sub("", template)):
        raise TemplateBroken("a brace that is no place")


def places(template: str) -> list[str]:
    return PLACE.findall(template)


def begun(sentence: str) -> str:
    """Return it with a capital at its head: a value may be what stands first."""
    return sentence[:1].upper() + sentence[1:]


def clean(value: str, longest: int = LONGEST) -> str:
    """Return one line of visible text: no controls, no marks that turn or hide what follows."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())[:longest]
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text)
    return " ".join(text.split())[:longest]
