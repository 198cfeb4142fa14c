"""What is new in a mail, apart from what it repeats: quotes, forwards, signatures, our own notice.

Lines are looked at one after the other; a rule sees one line of at most 500 characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .words import blocks, folded

LONGEST_LINE = 500
# So many words in a row of our own letter are no accident.
RUN = 6
MOSTLY = 0.8
HEADERS_WITHIN = 6
LONGEST_LETTER = 200_000
# Beyond this nobody looks for our own words: no more of a mail is read for what it says.
LONGEST_NEW = 20_000
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_OPENERS = ("on ", "le ", "op ", "am ", "il ", "el ", "em ", "den ", "dnia ")
_WROTE = (
    "wrote", "a écrit", "schreef", "schrieb", "ha scritto", "escribió", "escribio", "escreveu",
    "skrev", "napisał",
)  # fmt: skip
_SEPARATOR = re.compile(
    r"[\s*>]{0,8}(?:[-_=]{2,60}\s?(?:original message|original-nachricht|ursprüngliche nachricht"
    r"|weitergeleitete nachricht|message d'origine|message original|message transféré"
    r"|message initial"
    r"|oorspronkelijk bericht|doorgestuurd bericht|messaggio originale|messaggio inoltrato"
    r"|mensaje original|mensaje reenviado|forwarded message|forwarded by.{0,80}|reply message)"
    r"\s?[-_=]{0,60}|_{24,}|begin forwarded message:|début du message (?:réexpédié|transféré)\s?:"
    r"|anfang der weitergeleiteten nachricht:|begin doorgestuurd bericht:"
    r"|inizio messaggio inoltrato:|inicio del mensaje reenviado:"
    r"|-{2,10} ?below this line is a copy of the message\.?|-{4,10} this is a copy of .{0,80})\s*",
    re.I,
)
_HEADER = re.compile(
    r"[\s*]{0,4}(?P<name>from|sent|to|cc|subject|date|von|gesendet|an|betreff|datum|de|envoyé"
    r"|envoyé le"
    r"|à|objet|van|verzonden|aan|onderwerp|da|inviato|a|oggetto|data|enviado|enviado el|para|asunto"
    r"|fecha)\*?\s?:\*?\s*\S.{0,400}",
    re.I,
)
_FIRST_HEADER = frozenset({"from", "von", "de", "van", "da"})
_REPLY_ABOVE = re.compile(
    r"\s*(?:#{2,}|[-=]{3,}).{0,40}(?:above|dessus|boven|sopra|oberhalb|encima).{0,60}", re.I
)
_SIGNATURE = re.compile(r"--\s?|__\s?")
_MOBILE = re.compile(
    r"(?:sent from my|get outlook for|envoyé (?:de|depuis) mon|verzonden vanaf mijn"
    r"|gesendet von mei|von meinem .{2,30} gesendet|inviato da(?:l mio)? |enviado desde mi).{0,60}",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Split:
    """The words of whoever wrote, and what was repeated below, between or above them."""

    new: str
    quoted: str


def split(text: str, our_text: str = "") -> Split:
    """Part a mail's text. Sentences of `our_text` count as repeated even where no mark says so."""
    new: list[str] = []
    quoted: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    number = 0
    while number < len(lines):
        kind, size = _look(lines, number)
        if kind == "rest":
            quoted += lines[number:]
            break
        (new if kind == "new" else quoted).extend(lines[number : number + size])
        number += size
    kept, echoed = _without_echo("\n".join(new).strip("\n"), our_text)
    repeated = "\n".join(part for part in (echoed, "\n".join(quoted).strip("\n")) if part)
    return Split(kept.strip(), repeated)


def repeats(new: str, our_text: str) -> bool:
    """Tell whether what looks new in a mail holds sentences of `our_text`."""
    return bool(_without_echo(new, our_text)[1])


def _look(lines: list[str], number: int) -> tuple[str, int]:
    """Tell what begins at a line (`new`, `quoted` or the `rest`) and how many lines it has."""
    line = lines[number][:LONGEST_LINE].strip()
    if not line:
        return "new", 1
    if line.startswith(">") or _MOBILE.fullmatch(line) or _REPLY_ABOVE.fullmatch(line):
        return "quoted", 1
    if _SEPARATOR.fullmatch(line) or _is_header_block(lines, number):
        return "rest", 0
    if _SIGNATURE.fullmatch(line):
        return "rest", 0
    return _attributed(lines, number, line)


def _attributed(lines: list[str], number: int, line: str) -> tuple[str, int]:
    """Find "On … wrote:" on up to three lines; quoted lines follow, or all the rest is quoted."""
    if not (line.lower().startswith(_OPENERS) or "@" in line):
        return "new", 1
    for size in (1, 2, 3):
        joined = " ".join(part[:LONGEST_LINE].strip() for part in lines[number : number + size])
        if _is_attribution(joined[:LONGEST_LINE]):
            rest = (part.strip() for part in lines[number + size :])
            marked = next((part for part in rest if part), "").startswith(">")
            return ("quoted", size) if marked else ("rest", 0)
    return "new", 1


def _is_attribution(line: str) -> bool:
    """Tell "On 21 November Ann wrote:" and "2026-11-21 Ann <ann@host>:" from a sentence."""
    low = line.lower().rstrip()
    if not low.endswith(":"):
        return False
    has_date = any(char.isdigit() for char in low)
    if any(verb in low for verb in _WROTE):
        return "@" in low or (has_date and low.startswith(_OPENERS))
    return has_date and "@" in low and low.endswith(">:")


def _is_header_block(lines: list[str], number: int) -> bool:
    """Tell whether Outlook's From/Sent/To/Subject, in any language, begins here."""
    first = _HEADER.fullmatch(lines[number][:LONGEST_LINE])
    if first is None or first["name"].lower() not in _FIRST_HEADER:
        return False
    following = lines[number + 1 : number + 1 + HEADERS_WITHIN]
    return sum(_HEADER.fullmatch(line[:LONGEST_LINE]) is not None for line in following) >= 2


def _without_echo(text: str, our_text: str) -> tuple[str, str]:
    """Take out paragraphs and sentences that are our own words, however the lines were broken."""
    ours = _Ours(our_text)
    kept: list[str] = []
    echoed: list[str] = []
    for block in blocks(text[:LONGEST_NEW]) if our_text else ():
        parts = [(part, part in ours) for part in _SENTENCE_ENDS.split(block)]
        kept.append(" ".join(part for part, is_ours in parts if not is_ours))
        echoed.append(" ".join(part for part, is_ours in parts if is_ours))
    if not any(echoed):
        return text, ""
    kept.append(text[LONGEST_NEW:])
    return "\n\n".join(filter(None, kept)), "\n\n".join(filter(None, echoed))


class _Ours:
    """Our own letter: its lines, and every run of six of its words."""

    def __init__(self, text: str) -> None:
        text = text[:LONGEST_LETTER]
        self._lines = frozenset(map(folded, text.split("\n"))) - {""}
        self._runs = frozenset(_runs(_words(text)))

    def __contains__(self, part: str) -> bool:
        words = _words(part[: LONGEST_LINE * 8])
        covered = [False] * len(words)
        for start, run in enumerate(_runs(words)):
            if run in self._runs:
                covered[start : start + RUN] = [True] * RUN
        if len(words) < RUN:
            return folded(part) in self._lines
        return sum(covered) >= MOSTLY * len(words)


def _words(text: str) -> list[str]:
    return folded(text).replace(",", " ").split()


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
