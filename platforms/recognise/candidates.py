"""Where in a line links stand, however they were typed, defanged, wrapped or glued together.

Every scanner here walks the text once: a token is looked at a bounded number of times, whatever
is in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tldextract

from .grammar import Grammar
from .places import MAX_LINK
from .urls import NoLink, ascii_host

_STOPS = '\\s<>"“”„«»`|，。、；！？：【】「」『』（）《》'
_DOT = r"[\[({]\s?(?:\.|dot|punto|point|punkt)\s?[\])}]"
TOKEN = re.compile(rf"[^{_STOPS}]+(?:\s{_DOT}\s[^{_STOPS}]+)*", re.I)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0f\ufeff]"
)
_DEFANGED = (
    (re.compile(rf"\s?{_DOT}\s?", re.I), "."),
    (re.compile(r"[\[({](:?//|:|/)[\])}]"), r"\1"),
    (re.compile(r"\\/"), "/"),
    (re.compile(r"&(?:amp|#38|#x26);", re.I), "&"),
    (
        re.compile(
            r"(?<![A-Za-z0-9/=&%])h(?:tt|xx|xt|tx|\*\*|__)p(s?)(?::[/\\]{1,4}|//|;//)(?=[^/\\]|$)",
            re.I,
        ),
        r"http\1://",
    ),
)
_DISARMED = re.compile(r"[\[({\\&]|(?<![A-Za-z0-9/=&%])h(?!ttps?://[^/])", re.I)
_HINT = re.compile(r"[.:/\\]|[\[({]\s?(?:dot|p)", re.I)  # no link is without one of these
_SCHEME_END = re.compile(r"://|:\\\\|(?<=\btg):|(?<=\bmagnet):", re.I)
_SCHEME_BEFORE = re.compile(r"(?:https?|hxxps?|[a-z][a-z0-9+.-]{0,19})\Z", re.I)
_KNOWN_SCHEME = re.compile(r"h(?:tt|xx)ps?\Z", re.I)
_ENDS = re.compile(r"\]\(|\[/|&(?:quot|lt|gt|nbsp|#0?3[49]);", re.I)
_TRAILING = ".,;:!?'\"*~…’‘”“)]}>\\"
_OPENERS = {")": "(", "]": "[", "}": "{"}
_BRACKET = re.compile(r"[)\]}]")
_LABEL = r"[^\W_](?:[\w-]{0,62})"
_HOST = re.compile(
    rf"(?<![\w@.%-])(?<![^/]/)((?:{_LABEL}\.){{1,10}}[^\W\d_][\w-]{{1,40}})(?::\d{{1,5}})?"
    r"(?=[/?#]|\.?(?:$|[^\w@.-]))"
)
_NOT_A_SITE = frozenset(
    [
        "md",
        "py",
        "sh",
        "pl",
        "rs",
        "zip",
        "mov",
        "ps",
        "ai",
        "app",
        "cc",
        "so",
        "bz",
        "gz",
        "st",
        "pm",
        "name",
    ]
)
_NON_LATIN_RUN = re.compile(r"[\u0590-\u08ff\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af\uff00-\uffef]+")
_RESERVED_TLDS = frozenset({"example", "test", "onion", "i2p"})


@dataclass(frozen=True)
class Candidate:
    """A stretch of the line that reads as a link; `link` is it with a scheme, refanged."""

    start: int
    verbatim: str
    link: str


@dataclass(frozen=True)
class _Token:
    start: int
    raw: str
    work: str

    def piece(self, start: int, end: int, only: bool) -> tuple[int, str]:
        """Where work[start:end] stands in the line, and the same as it was typed."""
        if self.work == self.raw:
            return self.start + start, self.work[start:end]
        return self.start, _trimmed(self.raw.lstrip("([{'*")) if only else self.work[start:end]


def links_in(line: str, grammar: Grammar) -> Iterator[Candidate]:
    if not _HINT.search(line):
        return
    for match in TOKEN.finditer(line):
        raw = match.group()
        if _HINT.search(raw):
            yield from _in_token(_Token(match.start(), raw, refanged(raw)), line, grammar)


def refanged(text: str) -> str:
    """The same without invisible characters, and with the dots and schemes that were disarmed."""
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub("", text)
    if _DISARMED.search(text):
        for pattern, to in _DEFANGED:
            text = pattern.sub(to, text)
    return text


def _in_token(token: _Token, line: str, grammar: Grammar) -> Iterator[Candidate]:
    starts = list(_starts(token.work))
    if not starts:
        yield from _without_scheme(token, line, grammar)
        return
    bounds = [*starts[1:], len(token.work)]
    if len(starts) == 1 and token.work == token.raw:
        link = _column(token.work, starts[0], _cut(token.work[starts[0] :]))
        yield Candidate(token.start + starts[0], link, link)
        return
    shown: str | None = None
    for start, bound in zip(starts, bounds, strict=True):
        link = _column(token.work, start, _cut(token.work[start:bound]))
        end = start + len(link)
        if link == shown:  # Markdown that shows its own goal
            continue
        shown = link if token.work.startswith("](", end) else None
        place, verbatim = token.piece(start, end, only=len(starts) == 1)
        yield Candidate(place, verbatim, link)


def _starts(work: str) -> Iterator[int]:
    """Where links with a scheme begin; one inside another's path or query belongs to that."""
    previous = -1
    if ":" not in work:
        return
    for match in _SCHEME_END.finditer(work):
        before = _SCHEME_BEFORE.search(work, max(0, match.start() - 20), match.start())
        if before is None:
            continue
        start = before.start()
        known = _KNOWN_SCHEME.search(work, start, match.start())
        if known:
            start = known.start()
        if previous < 0 or work[start - 1] in ",;|([{'\"*" or (known and work[start - 1].isalnum()):
            previous = start
            yield start


def _cut(text: str) -> str:
    """The link without what only stands behind it: markup, punctuation, closing brackets."""
    if len(text) > MAX_LINK + 64:
        return text
    end = _ENDS.search(text)
    return _trimmed(text[: end.start()] if end else text)


def _column(work: str, start: int, link: str) -> str:
    """In a row of comma or semicolon separated values the link ends where its column ends."""
    before = work[start - 1 : start]
    return link.partition(before)[0] if before in (",", ";") else link


def _trimmed(text: str) -> str:
    if _BRACKET.search(text):
        text = text[: _first_unopened(text)]
    end = len(text)
    if not end or text[-1] not in _TRAILING:
        return text
    open_count = {closer: text.count(opener) for closer, opener in _OPENERS.items()}
    close_count = {closer: text.count(closer) for closer in _OPENERS}
    while end and text[end - 1] in _TRAILING:
        char = text[end - 1]
        if char in _OPENERS and close_count[char] <= open_count[char]:
            break
        if char in _OPENERS:
            close_count[char] -= 1
        end -= 1
    return text[:end]


def _first_unopened(text: str) -> int:
    """The place of the first closing bracket that nothing opened."""
    depth = dict.fromkeys(_OPENERS, 0)
    closers = {opener: closer for closer, opener in _OPENERS.items()}
    for place, char in enumerate(text):
        if char in closers:
            depth[closers[char]] += 1
        elif char in depth:
            depth[char] -= 1
            if depth[char] < 0:
                return place
    return len(text)


def _without_scheme(token: _Token, line: str, grammar: Grammar) -> Iterator[Candidate]:
    work = token.work
    if len(work) > MAX_LINK * 4 and "." not in work[:MAX_LINK]:
        return
    for match in _HOST.finditer(work):
        if match.start() and work[: match.start()].rstrip("/").endswith(("@", ":/")):
            continue
        host, start = _own_script(match)
        link = _column(work, start, _cut(work[start:]))
        end = start + len(link)
        defanged = work != token.raw
        if _is_site(host, work[match.end() :], defanged, line, token, grammar):
            only = start == 0 or defanged
            place, verbatim = token.piece(start, end, only)
            yield Candidate(place, verbatim, f"https://{link}")
            return


def _own_script(match: re.Match[str]) -> tuple[str, int]:
    """Words of a script without blanks may lead straight into a host: 请看t.me."""
    host = match.group(1)
    last = None
    for last in _NON_LATIN_RUN.finditer(host):  # noqa: B007 - the last one is wanted
        pass
    if last is None or last.end() == len(host) or host[last.end()] == ".":
        return host, match.start(1)
    return host[last.end() :], match.start(1) + last.end()


def _is_site(
    host: str, rest: str, defanged: bool, line: str, token: _Token, grammar: Grammar
) -> bool:
    """Is this dotted word a host, in a text that may be prose?"""
    try:
        ascii_name = ascii_host(host)
    except NoLink:
        return False
    if _is_known(ascii_name, grammar):
        return True
    tld = ascii_name.rpartition(".")[2]
    if tld not in _tlds():
        return False
    if defanged or host.lower().startswith("www.") or rest[:1] in ("/", "?", "#", ":"):
        return True
    return _stands_alone(host, tld, line, token)


def _is_known(host: str, grammar: Grammar) -> bool:
    return bool(grammar.reader_of(host) or host in grammar.short or grammar.clone_of(host))


def _stands_alone(host: str, tld: str, line: str, token: _Token) -> bool:
    """A bare name counts when it is all that the line says, or has three parts in lower case."""
    if tld in _NOT_A_SITE or host != host.lower():
        return False
    return line.strip() == token.raw or host.count(".") > 1


@cache
def _tlds() -> frozenset[str]:
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    return frozenset(suffix.rpartition(".")[2] for suffix in extract.tlds) | _RESERVED_TLDS


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable_domain(host: str) -> str:
    """board.example of www.board.example; the host itself where no suffix is known."""
    found = _extract()(host).top_domain_under_public_suffix
    return found or ".".join(host.split(".")[-2:])
