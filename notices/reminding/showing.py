"""What a page says about the follow-ups of one notice, and the list of those that are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.access import may, reach
from accounts.models import User
from core.paging import capped_count
from notices.models import Approval, Delivery, Message, Notice, NoticeClock, Reminder
from notices.models.reminder import ReminderQuerySet
from notices.reminding import knowing, planning
from notices.reminding.planning import BROKEN, PAUSED, UNREAD, WAITS, Known
from notices.states import (
    NOT_CLAIMED,
    PENDING,
    DeliveryKind,
    DeliveryState,
    Direction,
    NoticeStatus,
    ReminderKind,
    ReminderState,
)
from platforms.models import ChannelTrouble, Medium, Platform

# So many are sent at one press; the page says so before.
AT_ONCE = 100


@dataclass(frozen=True)
class FollowUp:
    """How the chasing of one sent notice stands, for its page."""

    known: Known
    limit: NoticeClock | None
    pending: Reminder | None
    held: Delivery | None
    failed: bool
    refusal: str
    at: datetime

    @property
    def is_late(self) -> bool:
        """Past a law or a promise of theirs: our own target is never called so."""
        return self._is_over and self.limit is not None and self.limit.kind != "policy"

    @property
    def is_past_target(self) -> bool:
        return self._is_over and self.limit is not None and self.limit.kind == "policy"

    @property
    def _is_over(self) -> bool:
        return self.known.is_open and self.limit is not None and self.limit.due_at < self.at

    @property
    def is_due(self) -> bool:
        return self.pending is not None and self.pending.state == ReminderState.PROPOSED

    @property
    def words(self) -> str:
        """What comes next, in a sentence to which the page adds the moment."""
        if self.held is not None:
            return _("A reminder is held and leaves at")
        if self.pending is None:
            return self._where_it_is
        if self.pending.state == ReminderState.BLOCKED or self.known.blocked_by:
            return _blocked(self.known.blocked_by)
        if self.pending.kind == ReminderKind.ESCALATE:
            return _("Somebody is asked how to go on:")
        if self.is_due:
            return _("A reminder is due since")
        by_itself = self.known.chase == planning.SEND and self.known.by_mail
        return _("The next reminder leaves by itself:") if by_itself else _("To be reminded:")

    @property
    def _where_it_is(self) -> str:
        if self.failed:
            return _("A reminder was not delivered. Decide about it in the outbox.")
        return _("A reminder is on its way.") if self.known.is_stuck else self.refusal

    @property
    def moment(self) -> datetime | None:
        if self.held is not None:
            return self.held.due_at
        return self.pending.due_at if self.pending and not self.known.blocked_by else None


def follow_up(notice: Notice, at: datetime) -> FollowUp | None:
    """Return how the chasing stands; None for a notice that has not left, or is over."""
    if notice.status != NoticeStatus.SENT:
        return None
    known = knowing.picture(notice, at).known
    mails = Delivery.objects.filter(notice=notice, kind=DeliveryKind.REMINDER)
    return FollowUp(
        known,
        notice.clocks.filter(is_limit=True).first(),
        notice.reminders.filter(state__in=PENDING).first(),
        mails.filter(state__in=NOT_CLAIMED).first(),
        mails.filter(state=DeliveryState.FAILED).exists(),
        planning.objection(known, at),
        at,
    )


@dataclass(frozen=True)
class Due:
    """One line of the chase page. `last_word` is the code of their newest filed answer."""

    notice: Notice
    n: int
    due_at: datetime
    by_mail: bool
    last_word: str
    last_word_at: datetime | None


@dataclass(frozen=True)
class DueList:
    """What a person may send now, at most a hundred of each; `count` tells of all.

    What is due and left out: `unread` for a reply that nobody read, `broken` for an address from
    which mail comes back, at these `broken_at`.
    """

    by_mail: list[Due]
    by_hand: list[Due]
    count: int
    unread: int
    broken: int
    broken_at: list[Platform]

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.by_mail) + len(self.by_hand)


def due_list(user: User) -> DueList:
    """Return the reminders that wait for this person, and what holds the others back."""
    rows, broken = proposed(user), _broken(user)
    lines = list(_lines(rows, user))
    return DueList(
        [line for line in lines if line.by_mail],
        [line for line in lines if not line.by_mail],
        capped_count(rows),
        capped_count(_chases(user, ReminderState.BLOCKED).filter(_is_unread())),
        capped_count(broken),
        list(Platform.objects.filter(pk__in=broken.order_by().values("notice__platform"))),
    )


def proposed(user: User) -> ReminderQuerySet:
    """Return what this person may send. An address may have broken since it was proposed."""
    return _chases(user, ReminderState.PROPOSED).exclude(_comes_back())


def _broken(user: User) -> ReminderQuerySet:
    """Return what would be due but for its address; what waits to be read first is not here."""
    due = _chases(user, ReminderState.PROPOSED, ReminderState.BLOCKED)
    return due.filter(_comes_back()).exclude(_is_unread())


def _chases(user: User, *states: ReminderState) -> ReminderQuerySet:
    if not reach(user, "reminder.send"):
        return Reminder.objects.none()
    return Reminder.objects.visible_to(user).filter(kind=ReminderKind.CHASE, state__in=states)


def _is_unread() -> Exists:
    return Exists(Message.objects.unread().filter(notice=OuterRef("notice")))


def _comes_back() -> Exists:
    """Tell whether an open mark stands against the address that the letter is addressed to."""
    letter = Approval.objects.filter(notice=OuterRef(OuterRef("notice")), voided_at=None)
    marks = ChannelTrouble.objects.filter(
        channel=OuterRef("notice__channel"),
        address__in=letter.values("recipient"),
        cleared_at=None,
    )
    return Exists(marks)


def _lines(rows: ReminderQuerySet, user: User) -> Iterable[Due]:
    filed = Message.objects.filter(notice=OuterRef("notice"), direction=Direction.RECEIVED)
    newest = filed.exclude(answer="").order_by("-received_at", "-id")
    found = rows.annotate(
        last_word=Subquery(newest.values("answer")[:1]),
        last_word_at=Subquery(newest.values("received_at")[:1]),
    )
    found = found.select_related("notice__case", "notice__platform", "notice__channel")
    found = found.prefetch_related("notice__channel__edits").order_by("due_at", "id")
    for row in found[:AT_ONCE]:
        notice = row.notice
        if notice.channel is not None and may(user, "reminder.send", notice):
            by_mail = notice.channel.current("medium") == Medium.EMAIL
            # Annotations, of which the model knows nothing.
            word, at = vars(row)["last_word"], vars(row)["last_word_at"]
            yield Due(notice, row.n, row.due_at, by_mail, word or "", at)


def _blocked(by: str) -> str:
    sentences = {
        PAUSED: _("The case is paused: nobody is reminded until it goes on."),
        UNREAD: _("A reply waits to be filed. Until then nobody is reminded."),
        WAITS: _("They asked us something. Answer that, then the reminders go on."),
        BROKEN: _("Mail to this address comes back. Until it works again nobody is reminded."),
    }
    return sentences.get(by, "")
