"""The lists of notices: whose turn it is, what is late, what waits for an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import may
from accounts.models import User
from notices.models import Notice, Outcome
from notices.models.notice import NoticeQuerySet
from notices.states import NoticeStatus

Rows = NoticeQuerySet
Filter = Callable[[Rows, User, datetime], Rows]


@dataclass(frozen=True)
class Tab:
    """One list. `moment` orders it; oldest first where somebody waits longest there."""

    key: str
    words: "str | Promise"
    rows: Filter
    moment: str = "changed_at"
    ascending: bool = False


def _mine(rows: Rows, user: User, at: datetime) -> Rows:
    mine = Q(taken_by=user) | Q(taken_by=None, prepared_by=user)
    return rows.filter(mine).exclude(status__in=[NoticeStatus.DONE, NoticeStatus.WITHDRAWN])


def _unassigned(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(Notice.waiting_in_queue())


def _in_review(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(status=NoticeStatus.IN_REVIEW)


def _approved(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(status=NoticeStatus.APPROVED)


def _late(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(pk__in=Notice.objects.late(at).values("pk"))


def _past(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(pk__in=Notice.objects.past_target(at).values("pk"))


def _waiting(rows: Rows, user: User, at: datetime) -> Rows:
    open_ = Outcome.objects.filter(
        notice=OuterRef("pk"), answered_at=None, first_seen_gone_at=None, stopped_at=None
    )
    return rows.filter(status=NoticeStatus.SENT).filter(Exists(open_))


def _still_online(rows: Rows, user: User, at: datetime) -> Rows:
    """Notices whose platform says "removed" of a link that was seen online after that."""
    return rows.filter(pk__in=Outcome.objects.said_gone_but_online().values("notice"))


def _silent(rows: Rows, user: User, at: datetime) -> Rows:
    return rows.filter(pk__in=Outcome.objects.gone_without_a_word().values("notice"))


def _all(rows: Rows, user: User, at: datetime) -> Rows:
    return rows


TABS = (
    Tab("mine", _("Mine"), _mine),
    Tab("unassigned", _("Unassigned"), _unassigned, "prepared_at", ascending=True),
    Tab("in_review", _("In review"), _in_review, "asked_at", ascending=True),
    Tab("approved", _("Approved"), _approved, "approved_at", ascending=True),
    Tab("late", _("Late"), _late, "sent_at", ascending=True),
    Tab("past", _("Past our target"), _past, "sent_at", ascending=True),
    Tab("waiting", _("Waiting for answer"), _waiting, "sent_at", ascending=True),
    Tab("still_online", _("Says removed, still online"), _still_online, "sent_at", ascending=True),
    Tab("silent", _("Gone without a word"), _silent, "sent_at"),
    Tab("all", _("All"), _all),
)


def tab_of(key: str, user: User) -> Tab:
    """Return the tab that was asked for, else the one where this person's work is."""
    known = {tab.key: tab for tab in TABS}
    if key in known:
        return known[key]
    writes_them = may(user, "notice.take") and not may(user, "notice.approve")
    return known["mine" if writes_them else "in_review"]


def rows_of(tab: Tab, user: User, at: datetime) -> Rows:
    """Return the notices of a tab as one query, with what each line shows."""
    rows = tab.rows(Notice.objects.visible_to(user), user, at).with_next_clock()
    counted = {"links": _count(), "gone": _count(first_seen_gone_at__isnull=False)}
    return rows.select_related("case", "platform", "channel", "taken_by").annotate(**counted)


def _count(**narrowed: bool) -> Coalesce:
    """Count the links of a row: for the rows of the page alone, as a join would not."""
    links = Outcome.objects.filter(notice=OuterRef("pk"), **narrowed).order_by().values("notice")
    return Coalesce(Subquery(links.annotate(n=Count("pk")).values("n")), 0)


def next_in_review(user: User, after: Notice | None = None) -> Notice | None:
    """Return the notice that has waited longest for a reviewer who did not edit it."""
    rows = Notice.objects.visible_to(user).filter(status=NoticeStatus.IN_REVIEW)
    if after is not None:
        rows = rows.exclude(pk=after.pk)
    return rows.exclude(edits__user=user).order_by("asked_at", "id").first()
