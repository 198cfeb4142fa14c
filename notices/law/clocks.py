"""When a notice's deadlines are due. Our own targets are never worded as law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import deadlines
from core.deadlines import ELAPSED_HOURS, Span
from notices.law.addressees import ChannelFacts
from notices.law.model import Clock, Ground

SUBMITTED = "submitted_at"
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline. `at` is when it is over, None where the law has no number.

    `last_day` is set where days count. `certain` is False where the time may not have begun.
    """

    key: str
    kind: str
    at: datetime | None
    basis: str
    text: str
    last_day: date | None = None
    certain: bool = True


def clocks_from_sending(
    ground: Ground,
    channel: ChannelFacts | None,
    sent_at: datetime,
    country: str | None,
    zone: ZoneInfo = UTC_ZONE,
) -> list[Due]:
    """Return the deadlines that start when the notice leaves, the platform's own among them.

    Days are those of `zone`; `country` is the person's, for the holidays of a rolled deadline.
    """
    state = (channel.starts_statutory_clock if channel else None) or "unknown"
    dues = [
        _due(clock, sent_at, country, zone, certain=not clock.is_law or state == "yes")
        for clock in ground.clocks
        if _runs_from_sending(clock) and not (clock.is_law and state == "no")
    ]
    if channel and channel.self_declared_clock:
        dues.append(_self_declared(channel.self_declared_clock, sent_at, zone))
    return dues


def clocks_from_moment(
    ground: Ground, moment: str, at: datetime, country: str | None, zone: ZoneInfo = UTC_ZONE
) -> list[Due]:
    """Return the deadlines that a later moment starts, such as `informed_of_decision`."""
    return [
        _due(clock, at, country, zone)
        for clock in ground.clocks
        if clock.unit and clock.starts_with(moment) and not _runs_from_sending(clock)
    ]


def counter_dates(
    ground: Ground, copy_received_on: date, override: Span | None = None
) -> dict[str, date]:
    """Return the first and last day on which a counter-notice lets the platform restore, and ours.

    512(g)(2)(C) leaves the term undefined: the earlier reading of the first, the later of the
    last. `override` is a platform's own shorter first day; the law's last day stays.
    """
    procedure = ground.counter_procedure
    if procedure is None or procedure.restore_earliest is None:
        return {}
    clocks = (procedure.restore_earliest, procedure.restore_latest, procedure.policy_decide_by)
    windows = {
        clock.key: deadlines.last_days(copy_received_on, span)
        for clock in clocks
        if clock and (span := clock.span())
    }
    dates = {key: window.earliest for key, window in windows.items()}
    dates["restore_latest"] = windows["restore_latest"].latest
    if override:
        own = deadlines.last_days(copy_received_on, override).earliest
        dates["restore_earliest"] = min(own, dates["restore_earliest"])
    return dates


def strictest(dues: Iterable[Due]) -> Due | None:
    """Return the deadline that binds the platform first; ours and undated ones do not bind it."""
    binding = [due for due in dues if due.at and due.kind != "policy"]
    return min(binding, key=lambda due: (due.kind != "statutory", due.at), default=None)


def length(span: Span) -> str:
    """Return a span in words."""
    words = {
        "elapsed_hours": ngettext("%(n)d hour", "%(n)d hours", span.value),
        "calendar_days": ngettext("%(n)d day", "%(n)d days", span.value),
        "business_days": ngettext("%(n)d business day", "%(n)d business days", span.value),
        "us_business_days": ngettext("%(n)d business day", "%(n)d business days", span.value),
        "months": ngettext("%(n)d month", "%(n)d months", span.value),
    }
    return words[span.unit] % {"n": span.value}


def _runs_from_sending(clock: Clock) -> bool:
    return clock.kind == "none" or clock.starts_with(SUBMITTED)


def _due(
    clock: Clock, start: datetime, country: str | None, zone: ZoneInfo, *, certain: bool = True
) -> Due:
    basis = "" if clock.kind == "policy" else clock.basis
    span = clock.span(country)
    if span is None:
        words = _("The law gives no number: “%(words)s”") % {"words": clock.text}
        return Due(clock.key, clock.kind, None, basis, words)
    words = _worded(clock, span)
    if not certain:
        words = _("%(words)s. The statutory time may not have started.") % {"words": words}
    return Due(clock.key, clock.kind, _at(start, span, zone), basis, words,
               _last_day(start, span, zone), certain)  # fmt: skip


def _worded(clock: Clock, span: Span) -> str:
    forms = {
        "statutory": _("%(time)s by law (%(basis)s)"),
        "contractual": _("%(time)s by contract (%(basis)s)"),
        "order": _("%(time)s as ordered (%(basis)s)"),
        "policy": _("Our own target: %(time)s"),
    }
    words = forms[clock.kind] % {"time": length(span), "basis": clock.basis}
    if clock.disputed:
        words = _("%(words)s; disputed: %(doubt)s") % {"words": words, "doubt": clock.disputed}
    return words


def _self_declared(span: Span, start: datetime, zone: ZoneInfo) -> Due:
    words = _("The platform's own page says %(time)s") % {"time": length(span)}
    at, day = _at(start, span, zone), _last_day(start, span, zone)
    return Due("self_declared", "self_declared", at, "", words, day)


def _at(start: datetime, span: Span, zone: ZoneInfo) -> datetime:
    return deadlines.due_at(start, span, zone)


def _last_day(start: datetime, span: Span, zone: ZoneInfo) -> date | None:
    if span.unit == ELAPSED_HOURS:
        return None
    return deadlines.last_days(deadlines.day_in(start, zone), span).latest
