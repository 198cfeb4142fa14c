"""From one link, as found, to its place: platform, kind, item and canonical form."""

import re
from dataclasses import replace

from . import lookalikes
from .grammar import NO_FORM, Grammar, Kind, Reader, Step
from .places import MAX_LINK, Place
from .urls import NoLink, Url, is_address, is_own_network, parse, parse_app_link, without_unseen

MOST_UNWRAPS = 3
DANGEROUS = ("javascript", "data", "file", "vbscript")
_CARRIED = re.compile(rf"(?:h(?:tt|xx)ps?://[^/?#]|(?:{'|'.join(DANGEROUS)}):)", re.I)


def place_of(text: str, grammar: Grammar) -> Place:
    """Read one link, scheme included. Never raises: what is no link comes back as a problem."""
    if len(text) > MAX_LINK:
        return _no_link(text, "too_long")
    link = without_unseen(text)
    try:
        return _followed(link, grammar, MOST_UNWRAPS).found_as(text)
    except NoLink as no:
        if no.problem == "other_scheme":
            return _other_scheme(link).found_as(text)
        return _no_link(text, no.problem)


def _followed(link: str, grammar: Grammar, unwraps: int) -> Place:
    if unwraps < 0:
        raise NoLink("wrapped")
    scheme = link.partition(":")[0].lower()
    if scheme in DANGEROUS:
        raise NoLink("dangerous_scheme")
    if scheme in grammar.app_schemes:
        app = grammar.readers[grammar.app_schemes[scheme]]
        return _on_platform(parse_app_link(link, scheme), app, grammar, unwraps)
    url = _without_tracking(parse(link, grammar.schemes), grammar)
    if url.has_userinfo:
        return _unknown(url, grammar, "userinfo")
    if url.host in grammar.short:
        return _shortened(url, grammar)
    reader = grammar.reader_of(url.host)
    if reader is None or url.port:
        return _elsewhere(url, grammar)
    return _on_platform(url, reader, grammar, unwraps)


def _on_platform(url: Url, reader: Reader, grammar: Grammar, unwraps: int) -> Place:
    inner = _unwrapped(url, reader)
    if inner:
        return _followed(inner, grammar, unwraps - 1)
    canonical = str(_rewritten(url, reader, grammar))
    kind, item = _form(canonical, reader, grammar)
    return Place(
        verbatim=url.given,
        canonical=canonical,
        platform=reader.key,
        kind=kind.name,
        item=item,
        exact=kind.exact or (kind.name == NO_FORM and not reader.forms),
        warning=_warning(kind, bool(reader.forms)),
    )


def _unwrapped(url: Url, reader: Reader) -> str | None:
    """The link that a redirecting link carries, where one of the platform's steps names it."""
    for step in reader.steps:
        if step.unwrap and step.unwrap.match(url.before_query):
            inner = without_unseen(url.parameter(step.param) or "")
            if _CARRIED.match(inner):
                return inner
    return None


def _rewritten(url: Url, reader: Reader, grammar: Grammar) -> Url:
    url = _tidied(url, reader)
    text = str(url)
    for step in reader.steps:
        after = _replaced(url, text, step, grammar) if step.pattern else _rehosted(url, step)
        if after is not url:
            url, text = after, str(after)
    return _tidied(url, reader)


def _replaced(url: Url, text: str, step: Step, grammar: Grammar) -> Url:
    match = step.pattern.match(text) if step.pattern else None
    if match is None:
        return url
    changed = match.expand(step.to) + text[match.end() :]
    return url if changed == text else parse(changed.rstrip("?&"), grammar.schemes)


def _rehosted(url: Url, step: Step) -> Url:
    if step.params is not None and url.scheme == "https":
        return _only(url, step.params)
    return replace(url, host=step.to) if url.host in step.hosts else url


def _only(url: Url, names: tuple[str, ...]) -> Url:
    found: dict[str, str] = {}
    for name, part in url.parameters():
        found.setdefault(name, part)
    return url.with_parameters([found[name] for name in names if name in found])


def _tidied(url: Url, reader: Reader) -> Url:
    """Without a trailing slash, and without a fragment unless the host keeps the place in it."""
    path = url.path.rstrip("/") or url.path[:1]
    fragment = url.fragment if url.host in reader.fragment_hosts else None
    if (path, fragment) == (url.path, url.fragment):
        return url
    return replace(url, path=path, fragment=fragment)


def _form(canonical: str, reader: Reader, grammar: Grammar) -> tuple[Kind, str | None]:
    for kind, pattern in reader.forms:
        match = pattern.fullmatch(canonical)
        if match:
            return kind, match.groupdict().get("id")
    return grammar.kinds[NO_FORM], None


def _warning(kind: Kind, has_forms: bool) -> str | None:
    if kind.name == NO_FORM:
        return "unread_form" if has_forms else "no_form"
    if kind.warns or kind.name == "shortened":
        return kind.name
    return None if kind.exact else "community"


def _without_tracking(url: Url, grammar: Grammar) -> Url:
    parts = [part for name, part in url.parameters() if name not in grammar.dropped]
    return url.with_parameters(parts)


def _shortened(url: Url, grammar: Grammar) -> Place:
    url = replace(url, path=url.path.rstrip("/") or "/", fragment=None)
    platform = grammar.short[url.host]
    return Place(url.given, str(url), platform, "shortened", warning="shortened")


def _elsewhere(url: Url, grammar: Grammar) -> Place:
    clone = grammar.clone_of(url.host)
    if clone:
        return Place(url.given, str(url), clone.key, "clone", exact=True, warning="clone")
    if is_own_network(url.host):
        return _unknown(url, grammar, "private_address")
    if is_address(url.host) or grammar.reader_of(url.host):
        return _unknown(url, grammar, None)
    return _unknown(url, grammar, lookalikes.problem_of(url.host, grammar))


def _unknown(url: Url, grammar: Grammar, problem: str | None) -> Place:
    canonical = str(replace(url, has_userinfo=False))
    return Place(
        url.given,
        canonical,
        None,
        NO_FORM,
        problem=problem,
        exact=not problem,
        warning="unknown_site",
    )


def _other_scheme(link: str) -> Place:
    scheme, colon, rest = link.partition(":")
    return Place("", scheme.lower() + colon + rest, None, NO_FORM, problem="other_scheme")


def _no_link(text: str, problem: str) -> Place:
    return Place(text, None, None, "note", problem=problem)
