"""What the page of a case shows, at the same number of queries however much there is."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import background, contact, mandates, sentences, standing, tasklist
from cases.models import Case, Draft, Link, TimelineEvent
from cases.standing import Missing
from cases.states import EventShape, Purpose
from core import keystore
from core.paging import KeysetPage

CHIPS: dict[str, "tuple[str | Promise, frozenset[str]]"] = {
    "": (gettext_lazy("All"), frozenset()),
    "sent": (gettext_lazy("Sent"), frozenset({EventShape.SENT})),
    "received": (gettext_lazy("Received"), frozenset({EventShape.RECEIVED})),
    "links": (gettext_lazy("Links"), frozenset({EventShape.LINK, EventShape.GONE})),
    "contact": (gettext_lazy("Contact"), frozenset({EventShape.CONTACT})),
    "internal": (gettext_lazy("Internal"), frozenset({EventShape.INTERNAL, EventShape.DEADLINE})),
}
EVENTS_ON_A_PAGE = 30
LINKS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Entry:
    event: TimelineEvent
    said: sentences.Said


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    entries: list[Entry]


def of(case: Case, user: User, at: datetime, *, show: str = "", cursor: str = "") -> dict[str, Any]:
    links = links_of(case)
    states = [link.state for link in links]
    agreed = list(case.mandates.all())
    page = KeysetPage(_events(case, show), "at", cursor, size=EVENTS_ON_A_PAGE)
    tasks = list(case.tasks.open().order_by("made_at", "id"))
    return {
        "case": case,
        "at": at,
        "links": links,
        "counts": standing.count(states),
        "status_sentence": standing.sentence(states, paused=case.paused_at is not None),
        "safe": contact.bar(case.person, at),
        "missing": missing(case, agreed, bool(links), at),
        "tasks": [(task, tasklist.words_of(task)) for task in tasks],
        "waits_for_person": any(task.kind in contact.WAITING for task in tasks),
        "to_look_at": _unread_lines(case, user),
        "shared": shared_count(case),
        "background": list(background.pairs(case)),
        "page": page,
        "days": days(page.rows),
        "chips": [(key, words, key == show) for key, (words, _shapes) in CHIPS.items()],
        "show": show,
    }


def links_of(case: Case) -> list[Link]:
    found = (
        case.links.current().with_state_facts().select_related("platform", "community", "material")
    )
    links = list(found[:LINKS_SHOWN])
    for link in links:
        link.case = case
    keystore.prime(link.community.key_id for link in links if link.community)
    return links


def days(events: Any) -> list[Day]:
    """Group entries by the day on which the reader lived them."""
    entries = [
        Entry(event, sentences.say(event.kind, event.params, event.subject_code))
        for event in events
    ]
    by_day = groupby(entries, key=lambda entry: timezone.localtime(entry.event.at).date())
    return [Day(on, list(of_day)) for on, of_day in by_day]


def missing(case: Case, agreed: list[Any], has_links: bool, at: datetime) -> list[Missing]:
    """Return the four things that a case needs before anything can leave, done or not."""
    on = timezone.localtime(at).date()
    asked = any(mandates.answer(agreed, purpose, on) for purpose in Purpose.values)
    return [
        Missing(_("Safe contact"), "contact", bool(case.person.safe_confirmed_at)),
        Missing(_("What was agreed"), "mandates", asked),
        Missing(_("Links"), "add_links", has_links),
        Missing(_("Under 18?"), "under_18", bool(case.under_18)),
    ]


def shared_count(case: Case) -> int:
    """Count the links that stand in another case too; in which is nobody's business."""
    return len(shared_indexes(case, case.links.current().values("canonical_index")))


def shared_indexes(case: Case, indexes: Any) -> set[str]:
    others = Link.objects.current().exclude(case=case).exclude(canonical_index="")
    found = others.filter(canonical_index__in=indexes)
    return set(found.values_list("canonical_index", flat=True).distinct())


def _events(case: Case, show: str) -> QuerySet[TimelineEvent]:
    shapes = CHIPS.get(show, CHIPS[""])[1]
    return case.events.filter(shape__in=shapes) if shapes else case.events.all()


def _unread_lines(case: Case, user: User) -> Draft | None:
    mine = Draft.objects.visible_to(user).open().filter(form="paste", subject_code=case.code)
    return mine.order_by("-saved_at").first()
