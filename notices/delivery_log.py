"""The delivery log of a notice: what was handed over, and what their servers said of it.

It answers "we never received it", so it may leave the house: it holds moments, codes and the words
of mail servers, and nothing about a person, neither the one concerned nor one of ours.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from accounts.models import Organisation
from notices import archive, bouncing
from notices.letters import pdf
from notices.models import Delivery, DeliveryAttempt, Notice

# So much fits on the one page that is printed.
MOST_MAILS, MOST_LINES, LONGEST_WORDS = 4, 16, 90
PHASES = {
    "connect": lazy("Connection"),
    "starttls": lazy("Protection of the connection"),
    "auth": lazy("Sign-in at our mail server"),
    "mail": lazy("Sender"),
    "rcpt": lazy("Recipient"),
    "data": lazy("Text"),
    "dot": lazy("Handing over"),
    "archive": lazy("Copy in our archive"),
    "claimed": lazy("Begun"),
    bouncing.REPORTED: lazy("Report of a mail server"),
    bouncing.FILED: lazy("Answer"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment, as it is printed: in UTC and in the organisation's zone."""

    utc: str
    local: str

    @classmethod
    def of(cls, at: datetime, zone: ZoneInfo) -> "Moment":
        return cls(
            f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
            f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}",
        )


@dataclass(frozen=True, slots=True)
class Line:
    at: Moment
    what: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail with its lines. `is_archived`: a copy was found, or None where nobody can look."""

    what: str
    recipient: str
    message_id: str
    sha256: str
    sent: Moment | None
    is_archived: bool | None
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Log:
    code: str
    platform: str
    organisation: str
    zone: str
    printed: Moment
    mails: list[Mail]


def of(notice: Notice, at: datetime) -> Log:
    """Gather the log, the archive included: it is read file by file, so not on every page."""
    organisation = Organisation.current() or Organisation()
    zone = organisation.local_zone()
    left = notice.deliveries.exclude(attempts=0).select_related("approval", "reminder")
    deliveries = _fitting(left.prefetch_related("log").order_by("made_at"))
    filed = _archived(deliveries)
    most = max(2, MOST_LINES // max(1, len(deliveries)))
    return Log(
        code=notice.code,
        platform=notice.platform.name,
        organisation=organisation.name,
        zone=str(zone),
        printed=Moment.of(at, zone),
        mails=[_mail(row, filed, zone, most) for row in deliveries],
    )


def pdf_of(notice: Notice, at: datetime) -> bytes:
    """Return the log as one page, in English as the letters are. Raises PdfFailed."""
    with override("en"):
        log = of(notice, at)
        return pdf.print_html(render_to_string("letters/delivery_log.html", {"log": log}))


def file_name(notice: Notice) -> str:
    return f"delivery-log-{notice.code}.pdf"


def phase_words(phase: str) -> str:
    return str(PHASES.get(phase, phase))


def _fitting(rows: Iterable[Delivery]) -> list[Delivery]:
    """Return the first mail, which is the notice, and the newest of the others."""
    known = list(rows)
    return known if len(known) <= MOST_MAILS else [known[0], *known[1 - MOST_MAILS :]]


def _archived(deliveries: Collection[Delivery]) -> set[str] | None:
    if not settings.ARCHIVE_MAILDIR:
        return None
    handed = [row.sent_at or row.handed_over_at or row.made_at for row in deliveries]
    return set(archive.found([row.message_id for row in deliveries], min(handed, default=None)))


def _mail(row: Delivery, filed: set[str] | None, zone: ZoneInfo, most: int) -> Mail:
    lines = [_line(attempt, zone) for attempt in row.log.all()]
    if len(lines) > most:
        lines = [lines[0], *lines[1 - most :]]
    return Mail(
        what=row.get_kind_display(),
        recipient=row.recipient,
        message_id=row.message_id,
        sha256=row.sha256,
        sent=Moment.of(row.sent_at, zone) if row.sent_at else None,
        is_archived=None if filed is None else row.message_id in filed,
        lines=lines,
    )


def _line(attempt: DeliveryAttempt, zone: ZoneInfo) -> Line:
    words = attempt.reason[:LONGEST_WORDS]
    if attempt.phase == bouncing.FILED:  # who of us filed it is nobody else's business
        words = _("noted in our office")
    return Line(Moment.of(attempt.at, zone), phase_words(attempt.phase), attempt.code, words)
