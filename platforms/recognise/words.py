"""Places named in words: handles, and a platform with a group, channel or room in it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from .canonical import place_of
from .grammar import Grammar, Reader
from .places import Place

_HANDLE = re.compile(
    r"(?<![\w@/.])(@[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,38}[A-Za-z0-9_])?(?:@[a-z0-9.-]{3,60}[a-z])?)(?![\w@/])"
)
_SLASHED = re.compile(r"(?<![\w@/.])(/?[ur]/[A-Za-z0-9_-]{2,21})(?![\w/-])")
_ACCOUNT = (
    r"(?:user(?:name)?|handle|account|compte|utente|konto|cuenta|profil[eo]?|name|nome|nom|id)"
)
_SEPARATOR = r"[\s:=–—(-]{0,4}"
_PREPOSITION = r"\s{0,3}(?:\(|(?:on|at|su|sur|op|auf|en|in|bei)\s)?\s{0,3}"
# What a place without a link is called, in the six languages of the portal.
_COMMUNITY = re.compile(
    r"(?i)\b(?:workspaces?|servers?|serveurs?|channels?|canal[ei]?|canaux|kana(?:al|l)|kanalen|"
    r"group(?:e|es|s)?|groep(?:en)?|grupp[eoi]n?|grupos?|chats?|rooms?|salons?|stanz[ae]|board|"
    r"thread|forums?|story|stories|community|comunità|spazio|espace|werkruimte|arbeitsbereich)\b"
    r"|-(?:gruppe|groep|kanal|kanaal|server|chat)\b|(?:^|\s)#\w"
)
_HOUSE = re.compile(r"(?i)\b(?:workspace|server|serveur|servidor|espace de travail|werkruimte|"
                    r"arbeitsbereich|espacio de trabajo|spazio di lavoro)\b")  # fmt: skip
_ROOM = re.compile(r"(?i)(?:^|[\s,])#\w|\b(?:channel|canale?|kana(?:al|l)|salon|room)\b")
_TIME = re.compile(r"\b(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")


LONGEST_LABEL = 120
SHORTEST = 4  # characters of a line that could name a place


def places_in(line: str, grammar: Grammar) -> Iterator[tuple[int, Place]]:
    """Handles of the line, else the line itself where it names a place in words."""
    if len(line) < SHORTEST:
        return
    labelled = _labelled(line, grammar) if len(line) <= LONGEST_LABEL else None
    if labelled:
        yield 0, labelled
        return
    handles = list(handles_in(line, grammar))
    yield from handles
    described = None if handles else _described(line, grammar)
    if described:
        yield 0, described


def handles_in(line: str, grammar: Grammar) -> Iterator[tuple[int, Place]]:
    named = bool(_names(grammar).any.search(line)) if "@" in line or "/" in line else False
    for pattern in (_HANDLE, _SLASHED):
        for match in pattern.finditer(line):
            reader = _reader_beside(match, grammar) if named else None
            place = _handle(match.group(1), reader, grammar)
            if place:
                yield match.start(), place


def _reader_beside(match: re.Match[str], grammar: Grammar) -> Reader | None:
    line, names = match.string, _names(grammar)
    before = names.last_in(line[max(0, match.start() - 60) : match.start()])
    return before or names.first_in(line[match.end() : match.end() + 40])


def _handle(handle: str, reader: Reader | None, grammar: Grammar) -> Place | None:
    if reader:
        return _of_reader(handle, handle, reader, grammar)
    if handle.startswith("@"):
        return _nowhere(handle, handle, None)
    return _certain(handle, grammar)


def _certain(handle: str, grammar: Grammar) -> Place | None:
    for form in grammar.certain:
        if form.pattern.fullmatch(handle):
            return place_of(form.pattern.sub(form.to, handle), grammar).found_as(handle)
    return None


def _labelled(line: str, grammar: Grammar) -> Place | None:
    """A line that is nothing but a platform's name and an account: "Wickr: nightowl77"."""
    match = _names(grammar).label.fullmatch(line)
    if match is None:
        return None
    account = match.group(2)
    if re.fullmatch(r"\+?[\d\s().-]+", account):
        account = re.sub(r"[\s().-]", "", account)
    return _of_reader(account, line.strip(), grammar.called[match.group(1).casefold()], grammar)


def _of_reader(handle: str, verbatim: str, reader: Reader, grammar: Grammar) -> Place:
    for form in reader.handles:
        for spelling in (handle, f"@{handle}"):
            if form.pattern.fullmatch(spelling):
                link = form.pattern.sub(form.to, spelling)
                return place_of(link, grammar).found_as(verbatim)
    return _nowhere(verbatim, handle, reader.key)


def _nowhere(verbatim: str, handle: str | None, platform: str | None) -> Place:
    item = handle.casefold() if handle else None
    return Place(verbatim, None, platform, "place", item=item, warning="without_link")


def _described(line: str, grammar: Grammar) -> Place | None:
    if _COMMUNITY.search(line) is None:
        return None
    named = _names(grammar).mention.search(line)
    if named is None:
        return None
    reader = grammar.called[named.group(1).casefold()]
    exact = all(pattern.search(line) for pattern in (_HOUSE, _ROOM, _TIME))
    return Place(line.strip(), None, reader.key, "place", exact=exact, warning="without_link")


class _Names:
    """What is searched for with the names of all platforms; one letter needs a colon behind it."""

    def __init__(self, grammar: Grammar) -> None:
        names = sorted(grammar.called, key=lambda name: (-len(name), name))
        every = "|".join(re.escape(name) for name in names)
        words = "|".join(re.escape(name) for name in names if len(name) > 2)
        spoken = "|".join(re.escape(name) for name in names if len(name) > 1)
        self.called = grammar.called
        self.any = re.compile(rf"(?i)(?<![\w.])(?:{every})(?!\w)")
        self.label = re.compile(
            rf"(?i)\s*({every})\s?{_ACCOUNT}?\s{{0,2}}[:=]\s{{0,3}}"
            r"(@?[A-Za-z0-9_][A-Za-z0-9_.-]{2,39}|\+?\d[\d\s().-]{6,24}\d)\s*"
        )
        self.before = re.compile(
            rf"(?i)(?:^|[^\w.])(?:({spoken})|({every})\s?(?=:))\s?{_ACCOUNT}?{_SEPARATOR}\Z"
        )
        self.after = re.compile(rf"(?i){_PREPOSITION}({words})\b")
        self.mention = re.compile(rf"(?i)(?<![\w.@/])({words})(?![\w.])")

    def last_in(self, text: str) -> Reader | None:
        match = self.before.search(text)
        return self.called[(match.group(1) or match.group(2)).casefold()] if match else None

    def first_in(self, text: str) -> Reader | None:
        match = self.after.match(text)
        return self.called[match.group(1).casefold()] if match else None


@lru_cache(maxsize=4)
def _names(grammar: Grammar) -> _Names:
    return _Names(grammar)
