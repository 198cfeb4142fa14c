"""What is safe: when, how and never. An unanswered question counts as "no"."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Person
from cases.states import TaskKind

WAITING = (TaskKind.CALL_BACK, TaskKind.ASK_LATER)
ASK_AGAIN_AFTER = timedelta(days=30)
BLOCK_HOURS = 3
DAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"), gettext_lazy("Friday"), gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)  # fmt: skip
CHANNELS = {
    "phone": gettext_lazy("Phone"),
    "sms": gettext_lazy("SMS"),
    "signal": gettext_lazy("Signal"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "email": gettext_lazy("E-mail"),
    "post": gettext_lazy("Post"),
    "in_person": gettext_lazy("In person"),
    "trusted_person": gettext_lazy("Through a trusted person"),
}
NEVER = {
    "phone": gettext_lazy("Do not phone"),
    "email": gettext_lazy("Do not e-mail"),
    "write": gettext_lazy("Do not write"),
    "any": gettext_lazy("No contact at all"),
}
# What each "never" forbids, whatever else was said: Never wins over Safe.
FORBIDS: dict[str, frozenset[str]] = {
    "phone": frozenset({"phone"}),
    "email": frozenset({"email"}),
    "write": frozenset({"sms", "signal", "whatsapp", "email", "post"}),
    "any": frozenset(CHANNELS),
}


class Bar(NamedTuple):
    """What the bar under the title of a case shows."""

    summary: str
    never: list[str]
    is_old: bool
    nobody_asked: bool
    now: str


def bar(person: Person, at: datetime) -> Bar:
    confirmed = person.safe_confirmed_at
    return Bar(
        summary=person.safe_summary,
        never=[str(NEVER[each]) for each in person.safe.get("never", ()) if each in NEVER],
        is_old=confirmed is None or at - confirmed > ASK_AGAIN_AFTER,
        nobody_asked=confirmed is None,
        now=not_now(person.safe, at),
    )


def safe_channels(safe: Mapping[str, Any]) -> list[str]:
    """Return the channels that were called safe and that no "never" forbids."""
    said = safe.get("channels", {})
    forbidden = frozenset().union(
        *(FORBIDS.get(each, frozenset()) for each in safe.get("never", ()))
    )
    return [key for key in CHANNELS if said.get(key) == "safe" and key not in forbidden]


def contradictions(safe: Mapping[str, Any]) -> list[str]:
    """Return the channels that were called both safe and never. Never holds."""
    said = safe.get("channels", {})
    allowed = safe_channels(safe)
    return [
        str(CHANNELS[key]) for key in CHANNELS if said.get(key) == "safe" and key not in allowed
    ]


def is_safe_time(safe: Mapping[str, Any], at: datetime) -> bool:
    """Tell whether `at` lies in an hour that was called safe; nothing ticked = no hour is known."""
    local = at.astimezone(ZoneInfo(safe.get("zone") or "UTC"))
    return local.hour // BLOCK_HOURS in safe.get("grid", {}).get(str(local.weekday()), ())


def not_now(safe: Mapping[str, Any], at: datetime) -> str:
    """Say why this is no moment for a call, or "" when it is one or when no hours were given."""
    if "any" in safe.get("never", ()):
        return _("No contact at all.")
    if not any(safe.get("grid", {}).values()) or is_safe_time(safe, at):
        return ""
    return _("Not now: safe hours are %(hours)s.") % {"hours": hours(safe)}


def hours(safe: Mapping[str, Any]) -> str:
    """Return the safe hours in words, days with the same hours together."""
    grid = safe.get("grid", {})
    by_hours: dict[str, list[int]] = {}
    for day in range(7):
        if blocks := grid.get(str(day)):
            by_hours.setdefault(_blocks(blocks), []).append(day)
    return "; ".join(f"{_days(days)} {spans}" for spans, days in by_hours.items())


def summary(safe: Mapping[str, Any]) -> str:
    """Return the one line of the bar: how, when, and what never."""
    parts = []
    channels = ", ".join(str(CHANNELS[key]) for key in safe_channels(safe))
    when = hours(safe)
    if channels or when:
        parts.append(", ".join(part for part in (channels, when) if part) + ".")
    if safe.get("quick"):
        parts.append(str(safe["quick"]))
    never = [str(NEVER[each]) for each in safe.get("never", ()) if each in NEVER]
    if never:
        parts.append(". ".join(never) + ".")
    return " ".join(parts)


def _blocks(blocks: Iterable[int]) -> str:
    spans: list[list[int]] = []
    for block in sorted(set(blocks)):
        if spans and spans[-1][1] == block * BLOCK_HOURS:
            spans[-1][1] += BLOCK_HOURS
        else:
            spans.append([block * BLOCK_HOURS, (block + 1) * BLOCK_HOURS])
    return ", ".join(f"{start:02d}:00–{end:02d}:00" for start, end in spans)


def _days(days: Sequence[int]) -> str:
    if list(days) == list(range(7)):
        return _("every day")
    if list(days) == list(range(5)):
        return _("weekdays")
    if list(days) == [5, 6]:
        return _("at the weekend")
    return ", ".join(str(DAYS[day]) for day in days)
