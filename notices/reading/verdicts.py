"""Whether a mail comes from whom it names, by what our own mail server says of it (RFC 8601).

Nothing is asked of the net here. What no server of ours vouches for is believed by nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from platforms.recognise import registrable_domain
from platforms.recognise.lookalikes import resembles_any

from .parsed import Parsed

LONGEST_HEADER = 4000
MOST_METHODS = 30
METHODS = ("spf", "dkim", "dmarc")
FAILED = frozenset({"fail", "softfail", "permerror"})


class Genuine(StrEnum):
    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FORGED = "forged"


class Stored(TypedDict):
    """What `Message.verdicts` keeps: a word for each method, the domain that vouches, the signs."""

    spf: str
    dkim: str
    dmarc: str
    domain: str
    signs: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    method: str
    word: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`domain` vouches for the sender where it is verified. `signs` are codes of what is suspect.

    What is forged, or only doubtful, proposes nothing and is not attached by itself.
    """

    genuineness: Genuine
    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    domain: str = ""
    signs: tuple[str, ...] = ()
    is_doubtful: bool = False

    @property
    def is_forged(self) -> bool:
        return self.genuineness == Genuine.FORGED

    @property
    def may_act(self) -> bool:
        """Tell whether it may propose an answer and be attached by itself."""
        return not (self.is_forged or self.is_doubtful)

    def stored(self) -> Stored:
        return {
            "spf": self.spf,
            "dkim": self.dkim,
            "dmarc": self.dmarc,
            "domain": self.domain,
            "signs": list(self.signs),
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """One mail before the judge. `results` is None where our own server said nothing."""

    parsed: Parsed
    domain: str
    known: frozenset[str]
    results: list[Result] | None

    def word(self, method: str) -> str:
        """Return the best word for a method: one good signature is enough."""
        words = [result.word for result in self.results or () if result.method == method]
        return "pass" if "pass" in words else next(iter(words), "")

    @property
    def vouching(self) -> str:
        """Return the domain that vouches for the sender's own, or nothing."""
        passed = {result.domain for result in self.results or () if result.word == "pass"}
        return self.domain if self.domain and self.domain in passed else ""

    @property
    def is_refuted(self) -> bool:
        """Tell whether our server found that the sender's domain did not send it."""
        if self.vouching:
            return False
        against = [r for r in self.results or () if r.word in FAILED]
        return any(r.method == "dmarc" or r.domain in {"", self.domain} for r in against)

    @property
    def is_report(self) -> bool:
        """Mail servers sign no reports; ours are known by the Message-ID that they give back."""
        return self.parsed.report_type in {"delivery-status", "feedback-report"}


def judge(parsed: Parsed, authserv_id: str, platform_domains: Iterable[str]) -> Verdict:
    """Judge a mail. Only the topmost header that our own server signed with its name counts.

    `platform_domains` are the registrable domains of all platforms: who pretends to be one of
    them, in name or by a look-alike, is told by them.
    """
    domain = domain_of(parsed.from_address)
    results = own_results(parsed, authserv_id)
    case = _Case(parsed, domain, frozenset(platform_domains), results)
    signs = tuple(_signs(case))
    doubts = () if signs else tuple(_doubts(case, expects_header=bool(authserv_id)))
    return Verdict(
        genuineness=_genuineness(case, signs),
        spf=case.word("spf"),
        dkim=case.word("dkim"),
        dmarc=case.word("dmarc"),
        domain=case.vouching,
        signs=signs + doubts,
        is_doubtful=bool(doubts),
    )


def domain_of(address: str) -> str:
    """Return the registrable domain of an address, or nothing."""
    host = _host_of(address)
    return registrable_domain(host) if host else ""


def _host_of(address: str) -> str:
    return address.rpartition("@")[2].strip().strip(".>").lower() if "@" in address else ""


def own_results(parsed: Parsed, authserv_id: str) -> list[Result] | None:
    """Return what our own server found, or None where it put no header on this mail."""
    if not authserv_id:
        return None
    for header in parsed.authentication_results:
        name, results = _read(header[:LONGEST_HEADER])
        if name == authserv_id.lower():
            return results
    return None


def _genuineness(case: _Case, signs: tuple[str, ...]) -> Genuine:
    if signs:
        return Genuine.FORGED
    return Genuine.VERIFIED if case.vouching else Genuine.UNVERIFIED


def _signs(case: _Case) -> Iterator[str]:
    """Yield what no honest sender does."""
    if len(set(case.parsed.from_addresses)) > 1:
        yield "several_senders"
    if not case.domain:
        if not case.is_report:
            yield "no_sender"
        return
    if case.domain not in case.known and _is_lookalike(case):
        yield "lookalike"
    named = {registrable_domain(host) for host in _hosts_in(case.parsed.from_name)}
    if (named & case.known) - {case.domain}:
        yield "other_name"
    if case.is_refuted:
        yield "refuted"


def _is_lookalike(case: _Case) -> bool:
    return resembles_any(_host_of(case.parsed.from_address), case.known)


def _doubts(case: _Case, *, expects_header: bool) -> Iterator[str]:
    """Yield what keeps a mail from acting by itself without making it forged."""
    if not case.is_report and not case.vouching:
        if case.results is not None:
            yield "nobody_vouches"
        elif expects_header:
            yield "not_seen"
    if case.domain not in case.known and _is_named_like(case.parsed.from_name, case.known):
        yield "named_like"
    elsewhere = {domain_of(address) for address in case.parsed.reply_to} - {case.domain, ""}
    if elsewhere and not case.vouching:
        yield "answers_elsewhere"


def _hosts_in(name: str) -> Iterator[str]:
    for word in name.lower().replace("@", " ").replace("<", " ").replace(">", " ").split()[:20]:
        plain = word.strip("()[]\"',;:.")
        if "." in plain and len(plain) < 100:
            yield plain


def _is_named_like(name: str, known: frozenset[str]) -> bool:
    words = {word.strip("()[]\"',;:.") for word in name.lower().split()[:20]}
    return any(domain.partition(".")[0] in words for domain in known)


def _read(header: str) -> tuple[str, list[Result]]:
    """Return the server's name and its results. Comments go first; one scan, no backtracking."""
    parts = _without_comments(header).split(";")
    name = parts[0].split()[0].lower() if parts[0].split() else ""
    return name, [found for part in parts[1 : 1 + MOST_METHODS] if (found := _result(part))]


def _result(part: str) -> Result | None:
    words = part.replace("= ", "=").replace(" =", "=").split()
    if not words or "=" not in words[0]:
        return None
    method, _equals, word = words[0].lower().partition("=")
    method = method.partition("/")[0]
    if method not in METHODS:
        return None
    properties = dict(pair.split("=", 1) for pair in words[1:] if "=" in pair)
    return Result(method, word, _vouched_domain(method, properties))


def _vouched_domain(method: str, properties: dict[str, str]) -> str:
    names = {
        "spf": ("smtp.mailfrom",),
        "dkim": ("header.d", "header.i"),
        "dmarc": ("header.from",),
    }[method]
    value = next((properties[name] for name in names if name in properties), "").strip('"<>')
    host = value.rpartition("@")[2].lower().strip(".")
    return registrable_domain(host) if host else ""


def _without_comments(text: str) -> str:
    """Drop what stands in parentheses, nested ones too, but not inside quotes."""
    kept: list[str] = []
    depth = 0
    quoted = False
    for char in text.replace("\\(", " ").replace("\\)", " ").replace('\\"', " "):
        if char == '"' and not depth:
            quoted = not quoted
        elif not quoted and char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
            char = " "
        if not depth:
            kept.append(char)
    return "".join(kept)
