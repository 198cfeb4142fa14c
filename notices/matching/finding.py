"""Looks up what the signs of a mail point at. The number of queries does not grow with the mail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from cases import indexing
from notices import references
from notices.matching import mangled
from notices.matching.scoring import Choice, choose
from notices.matching.senders import Senders, known_senders
from notices.models import Delivery, Notice, Outcome
from notices.reading.parsed import Parsed
from notices.reading.reading import Reading
from notices.reading.verdicts import Verdict, domain_of
from notices.states import NoticeStatus
from platforms.recognise import recognise

MOST_IDS = 50
MOST_LINKS = 50
MOST_NOTICES = 20
LONGEST_TEXT = 8_000
# What of a notice says whether a mail is its, and what the mail is then kept with.
TELLING = ("key_id", "case", "code", "status", "platform", "address", "reply_token", "sent_at")


@dataclass(frozen=True, slots=True)
class Match:
    """The notice that a mail belongs to: for sure, or as a guess with its confidence.

    `is_from_platform`: the sender's domain is one of the notice's platform.
    """

    notice: Notice | None = None
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    is_sure: bool = False
    is_from_platform: bool = False


@dataclass(frozen=True, slots=True)
class _Mail:
    parsed: Parsed
    reading: Reading
    domain: str
    platforms: frozenset[UUID]
    reply_domain: str


class _Signs:
    """Signs by notice, as they come in."""

    def __init__(self) -> None:
        self.notices: dict[UUID, Notice] = {}
        self.by_notice: dict[UUID, set[str]] = {}

    def add(self, sign: str, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self.notices.setdefault(notice.pk, notice)
            self.by_notice.setdefault(notice.pk, set()).add(sign)

    def choose(self, *, may_act: bool) -> Choice[UUID]:
        signs = {pk: frozenset(found) for pk, found in self.by_notice.items()}
        return choose(signs, may_act=may_act)


def match(
    parsed: Parsed,
    reading: Reading,
    verdict: Verdict,
    senders: Senders | None = None,
    organisation: Organisation | None = None,
) -> Match:
    """Return the notice that a mail belongs to, as far as its signs tell.

    Of the notice comes what a match is made with; the rest is read when it is asked for.
    """
    senders = senders or known_senders()
    organisation = organisation or Organisation.current() or Organisation()
    domain = domain_of(parsed.from_address)
    mail = _Mail(parsed, reading, domain, senders.of(domain), organisation.reply_domain)
    signs = _Signs()
    for sign, notices in _pointed_at(mail):
        signs.add(sign, notices)
    if not signs.notices:
        for sign, notices in _nearly(mail):
            signs.add(sign, notices)
    _of_sender(mail, signs, senders)
    choice = signs.choose(may_act=verdict.may_act)
    if choice.key is None:
        return Match()
    from_platform = "sender_domain" in signs.by_notice[choice.key]
    return Match(
        signs.notices[choice.key], choice.confidence, choice.reasons, choice.is_sure, from_platform
    )


def _pointed_at(mail: _Mail) -> Iterator[tuple[str, Iterable[Notice]]]:
    """Yield each sign that points at a notice, with those it points at."""
    tokens, answered = _tokens(mail)[0], _answered(mail.parsed)
    subject = mangled.notice_codes(mail.parsed.subject)
    text = mangled.notice_codes(f"{mail.reading.new_text}\n{mail.reading.quoted_text}")
    found = _sent(Q(reply_token__in=tokens) | Q(pk__in=answered) | Q(code__in=[*subject, *text]))
    named = {notice.code: notice for notice in found}
    yield "reply_address", (one for one in named.values() if one.reply_token in tokens)
    yield "thread", (one for one in named.values() if one.pk in answered)
    yield "code_in_subject", (named[code] for code in subject if code in named)
    yield "code_in_text", (named[code] for code in text if code in named)
    if mail.reading.tickets:
        for notice in references.notices_with(list(mail.reading.tickets))[:MOST_NOTICES]:
            is_theirs = _is_from(notice, mail)
            yield ("ticket" if is_theirs else "ticket_of_somebody"), [notice]


def _nearly(mail: _Mail) -> Iterator[tuple[str, Iterable[Notice]]]:
    near = {token for broken in _tokens(mail)[1] for token in mangled.near_tokens(broken)}
    if near:
        yield "nearly_reply_address", _sent(reply_token__in=near)
    codes = mangled.near_codes(f"{mail.parsed.subject}\n{mail.reading.new_text}")
    if codes:
        yield "nearly_code", _sent(code__in=codes)


def _of_sender(mail: _Mail, signs: _Signs, senders: Senders) -> None:
    """Add what the sender's domain tells: of the notices found, else of those open there."""
    if not signs.notices and mail.domain:
        opened = list(_open_at(mail, senders).order_by("-sent_at")[:2])
        sign = "one_open_notice" if len(opened) == 1 else "several_open_notices"
        signs.add(sign, opened[:1])
        if len(opened) > 1:
            signs.add("several_open_notices", _linked(mail))
    theirs = [notice for notice in signs.notices.values() if _is_from(notice, mail)]
    signs.add("sender_domain", theirs)
    if theirs and signs.choose(may_act=True).confidence < 1:
        signs.add("link_in_text", (one for one in _linked(mail) if one.pk in signs.notices))


def _open_at(mail: _Mail, senders: Senders) -> QuerySet[Notice]:
    """Return what is open with whoever has this domain; any site by the address of the notice."""
    by_address = Q(address__iendswith=f"@{mail.domain}") | Q(address__iendswith=f".{mail.domain}")
    theirs = Q(platform__in=mail.platforms)
    any_site = Q(platform__in=senders.generic) & by_address
    return _sent(theirs | any_site, status=NoticeStatus.SENT)


def _linked(mail: _Mail) -> list[Notice]:
    """Return the notices of this platform about a link that the mail names."""
    text = f"{mail.reading.new_text}\n{mail.reading.quoted_text}"[:LONGEST_TEXT]
    links = [place.canonical for place in recognise(text)[:MOST_LINKS] if place.canonical]
    if not links:
        return []
    rows = Outcome.objects.filter(
        link__canonical_index__in=[indexing.link(link) for link in links],
        platform__in=mail.platforms,
    )
    return list(_sent(pk__in=rows.values("notice"))[:MOST_NOTICES])


def _is_from(notice: Notice, mail: _Mail) -> bool:
    return notice.platform_id in mail.platforms or (
        bool(mail.domain) and domain_of(notice.address) == mail.domain
    )


def _tokens(mail: _Mail) -> tuple[list[str], list[str]]:
    written = (*mail.parsed.recipients, *mail.parsed.recipients_as_written)
    return mangled.tokens(written, mail.reply_domain)


def _answered(parsed: Parsed) -> set[UUID]:
    """Return the notices whose mails this one answers, or reports about."""
    bounced = parsed.returned.get("message-id", "").strip()
    ids = [*parsed.in_reply_to, *reversed(parsed.references), *filter(None, [bounced])][-MOST_IDS:]
    if not ids:
        return set()
    return set(Delivery.objects.filter(message_id__in=ids).values_list("notice_id", flat=True))


def _sent(*which: Q, **also: object) -> QuerySet[Notice]:
    return Notice.objects.filter(*which, **also).exclude(sent_at=None).only(*TELLING)
