"""What needs this person today, from all that waits: one list, late things first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from accounts.access import may, reach
from accounts.models import User
from cases import by_hand
from cases.models import Draft, Task
from cases.states import TaskKind
from core.paging import capped_count
from notices.models import Delivery, Message, Notice, NoticeClock
from notices.queue import tab_of
from notices.reminding.showing import proposed
from notices.states import DeliveryState, NoticeStatus

SHOWN = 7
ABOUT_NOTICES = frozenset({TaskKind.ESCALATE, TaskKind.REPLY_UNREAD})


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do. `words` and `code` say what, `url` is where its one button leads."""

    words: str
    code: str
    url: str
    button: str
    due_at: datetime | None = None
    due_kind: str = ""
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: "str | Promise"
    rows: Sequence[Row]
    count: int
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    sections: list[Section] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """Say how much is late and how much is due, or that nothing waits."""
        counts = {section.key: section.count for section in self.sections}
        late, due = counts.get("late", 0), counts.get("due", 0)
        waiting = sum(counts.values()) - late - due
        parts = [
            ngettext("%(n)d thing is late", "%(n)d things are late", late) % {"n": late},
            ngettext("%(n)d is due today", "%(n)d are due today", due) % {"n": due},
            _waits(waiting, is_alone=not late and not due),
        ]
        said = [part for part, n in zip(parts, (late, due, waiting), strict=True) if n]
        return ", ".join(said) + "." if said else ""


def of(user: User, at: datetime) -> Today:
    """Gather the sections that concern this person's role; each costs a fixed few queries."""
    made: Iterable[Section | None] = (maker(user, at) for maker in _MAKERS)
    return Today([section for section in made if section and section.rows])


def _waits(n: int, *, is_alone: bool) -> str:
    """Say how much waits; what it is stands before it in the sentence, or here."""
    if is_alone:
        return ngettext("%(n)d thing waits for you", "%(n)d things wait for you", n) % {"n": n}
    return ngettext("%(n)d waits for you", "%(n)d wait for you", n) % {"n": n}


def end_of_day(at: datetime) -> datetime:
    """Return the midnight that ends this day in the reader's zone, the current time zone."""
    local = timezone.localtime(at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def next_deadline(user: User, at: datetime) -> Notice | None:
    """Return the notice whose limit comes next, for a day on which nothing waits."""
    open_ones: Any = Notice.objects.visible_to(user).unanswered().with_next_clock()
    found: Notice | None = open_ones.filter(due_at__gte=at).order_by("due_at").first()
    return found


def _late(user: User, at: datetime) -> Section | None:
    if not reach(user, "notice.view"):
        return None
    late = Notice.objects.visible_to(user).late(at)
    rows = late.with_next_clock().select_related("platform").order_by(F("due_at"))[:SHOWN]
    url = f"{reverse('notices:index')}?tab=late"
    return Section("late", lazy("Late"), [_sent_row(n) for n in rows], capped_count(late), url)


def _past_target(user: User, at: datetime) -> Section | None:
    """Platforms that only a target of our own binds, and that let it pass."""
    if not reach(user, "notice.view"):
        return None
    silent = Notice.objects.visible_to(user).past_target(at)
    rows = silent.with_next_clock().select_related("platform").order_by(F("due_at"))[:SHOWN]
    url = f"{reverse('notices:index')}?tab=past"
    title = lazy("Past our target")
    return Section("past", title, [_sent_row(n) for n in rows], capped_count(silent), url)


def _due(user: User, at: datetime) -> Section | None:
    if not reach(user, "notice.view"):
        return None
    due: Any = Notice.objects.visible_to(user).unanswered().with_next_clock()
    today = {"due_at__gte": at, "due_at__lt": end_of_day(at)}
    # By the index of the clocks first: to work the next clock out for each open notice takes long.
    ending = NoticeClock.objects.filter(is_limit=True, **today).values("notice")
    due = due.filter(pk__in=ending, **today)
    rows = due.select_related("platform").order_by(F("due_at"))[:SHOWN]
    return Section("due", lazy("Due today"), [_sent_row(n) for n in rows], capped_count(due))


def _sent_row(notice: Notice) -> Row:
    words = _("%(platform)s has not removed everything") % {"platform": notice.platform.name}
    return Row(
        words,
        notice.code,
        notice.get_absolute_url(),
        _("Look"),
        notice.due_at,  # type: ignore[attr-defined]
        notice.due_kind,  # type: ignore[attr-defined]
        notice.sent_at,
    )


def _follow_ups(user: User, at: datetime) -> Section | None:
    if not reach(user, "reminder.send"):
        return None
    count = capped_count(proposed(user))
    words = ngettext("%(n)d follow-up is due", "%(n)d follow-ups are due", count) % {"n": count}
    row = Row(words, "", reverse("notices:chase"), _("Chase"))
    return Section("follow_ups", lazy("Follow-ups"), [row] if count else [], count)


def _approvals(user: User, at: datetime) -> Section | None:
    if not may(user, "notice.approve"):
        return None
    waiting = Notice.objects.visible_to(user).filter(status=NoticeStatus.IN_REVIEW)
    waiting = waiting.exclude(edits__user=user)
    rows = [
        Row(
            _("Notice to %(platform)s") % {"platform": notice.platform.name},
            notice.code,
            reverse("notices:review", args=[notice.code]),
            _("Review"),
        )
        for notice in waiting.select_related("platform").order_by("asked_at")[:SHOWN]
    ]
    url = f"{reverse('notices:index')}?tab=in_review"
    return Section("approve", lazy("Waiting for approval"), rows, capped_count(waiting), url)


def _drafts(user: User, at: datetime) -> Section | None:
    if not reach(user, "notice.edit"):
        return None
    mine = Notice.objects.visible_to(user).filter(status=NoticeStatus.DRAFTED, taken_by=user)
    rows = [
        Row(
            _("Notice to %(platform)s, not finished") % {"platform": notice.platform.name},
            notice.code,
            reverse("notices:edit", args=[notice.code]),
            _("Continue"),
        )
        for notice in mine.select_related("platform").order_by("taken_at")[:SHOWN]
    ]
    return Section("drafts", lazy("Your notices"), rows, capped_count(mine))


def _queue(user: User, at: datetime) -> Section | None:
    if not may(user, "notice.take") or may(user, "notice.approve"):
        return None
    queue = Notice.objects.visible_to(user).in_queue()
    count = capped_count(queue)
    words = ngettext("%(n)d draft waits", "%(n)d drafts wait", count) % {"n": count}
    row = Row(words, "", f"{reverse('notices:index')}?tab=unassigned", _("Open the queue"))
    return Section("queue", lazy("In the queue"), [row] if count else [], count)


def _replies(user: User, at: datetime) -> Section | None:
    if not reach(user, "reply.file"):
        return None
    new = Message.objects.visible_to(user).unread().exclude(notice=None)
    rows = [
        Row(
            _("Reply from %(platform)s") % {"platform": message.notice.platform.name},
            message.notice.code,
            reverse("notices:reply", args=[message.pk]),
            _("File"),
        )
        for message in new.select_related("notice__platform").order_by("received_at")[:SHOWN]
        if message.notice
    ]
    return Section("replies", lazy("New replies"), rows, capped_count(new))


def _by_hand(user: User, at: datetime) -> Section | None:
    """Approved notices that a person has to submit herself."""
    if not reach(user, "notice.send"):
        return None
    ready = Notice.objects.visible_to(user).filter(status=NoticeStatus.APPROVED)
    ready = ready.exclude(channel__medium="email")
    if reach(user, "notice.send") == "own":
        ready = ready.filter(Q(taken_by=user) | Q(prepared_by=user))
    rows = [
        Row(
            _("Submit to %(platform)s") % {"platform": notice.platform.name},
            notice.code,
            reverse("notices:guide", args=[notice.code]),
            _("Submit"),
        )
        for notice in ready.select_related("platform").order_by("approved_at")[:SHOWN]
    ]
    return Section("by_hand", lazy("To submit by hand"), rows, capped_count(ready))


def _deliveries(user: User, at: datetime) -> Section | None:
    if not reach(user, "notice.decide_delivery"):
        return None
    stuck = Delivery.objects.visible_to(user).filter(
        Q(state=DeliveryState.FAILED)
        | Q(state=DeliveryState.UNCONFIRMED, delayed_task_at__isnull=False)
    )
    stuck = stuck.still_wanted()
    rows = [
        Row(
            _("Not delivered") if delivery.state == DeliveryState.FAILED else _("Did it leave?"),
            delivery.notice.code,
            reverse("notices:outbox"),
            _("Decide"),
        )
        for delivery in stuck.select_related("notice").order_by("made_at")[:SHOWN]
    ]
    return Section("stuck", lazy("Stuck in the outbox"), rows, capped_count(stuck))


def _still_online(user: User, at: datetime) -> Section | None:
    """What a platform says is removed, and somebody saw there after that."""
    if reach(user, "notice.view") != "all" or not reach(user, "notice.prepare"):
        return None
    tab = tab_of("still_online", user)
    found = tab.rows(Notice.objects.visible_to(user), user, at)
    rows = [
        Row(
            _("%(platform)s says removed, still online") % {"platform": notice.platform.name},
            notice.code,
            notice.get_absolute_url(),
            _("Look"),
        )
        for notice in found.select_related("platform").order_by("sent_at")[:SHOWN]
    ]
    url = f"{reverse('notices:index')}?tab=still_online"
    return Section("still_online", tab.words, rows, capped_count(found), url)


def _looks(user: User, at: datetime) -> Section | None:
    """Links that wait for a look, for those who said yes to opening live pages."""
    if not user.opens_links or not reach(user, "link.check"):
        return None
    count = capped_count(by_hand.waiting(user, at), by_hand.COUNTED)
    row = Row(by_hand.how_many(count), "", reverse("cases:checks"), _("Look"))
    return Section("looks", lazy("Looks by hand"), [row] if count else [], count)


def _tasks(user: User, at: datetime) -> Section | None:
    open_ones = Task.objects.visible_to(user).due(at).select_related("case").order_by("made_at")
    rows = [
        Row(
            str(task.get_kind_display()),
            task.subject_code,
            _page_of(task, user),
            _("Open"),
        )
        for task in open_ones[:SHOWN]
    ]
    return Section("tasks", lazy("To do"), rows, capped_count(open_ones))


def _page_of(task: Task, user: User) -> str:
    """Return where the task is done: in the queue of looks, at its notice, or in its case."""
    if task.kind == TaskKind.LOOK_NOW and user.opens_links:
        return reverse("cases:checks")
    if task.kind in ABOUT_NOTICES and reach(user, "notice.view"):
        return reverse("notices:detail", args=[task.subject_code])
    return task.case.get_absolute_url() if task.case and reach(user, "case.view") else ""


def _unsaved(user: User, at: datetime) -> Section | None:
    # Version 1 was opened and left without a word.
    drafts = Draft.objects.visible_to(user).open().filter(form="intake", version__gt=1)
    rows = [
        Row(
            _("A report that is not saved yet"),
            "",
            reverse("cases:draft", args=[draft.pk]),
            _("Continue"),
        )
        for draft in drafts.order_by("-saved_at")[:SHOWN]
    ]
    return Section("unsaved", lazy("Drafts"), rows, capped_count(drafts))


_MAKERS: tuple[Callable[[User, datetime], Section | None], ...] = (
    _late,
    _due,
    _past_target,
    _follow_ups,
    _deliveries,
    _approvals,
    _by_hand,
    _drafts,
    _replies,
    _still_online,
    _tasks,
    _looks,
    _queue,
    _unsaved,
)
