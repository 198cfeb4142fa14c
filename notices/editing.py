"""The verbs of an author: take a draft from the queue, change it, hand it to approval."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.lifecycle import _move
from cases.models import Case, Link
from core.errors import RuleBroken, WrongState
from notices import checking, lifecycle
from notices.models import Notice, NoticeEdit, Outcome
from notices.states import NoticeStatus
from platforms.models import Channel

TRIES = 5


class Stale(WrongState):
    """Somebody else saved this draft since it was read."""


@dataclass(frozen=True)
class Change:
    """What an author wants to have changed; None leaves a thing as it is."""

    content: Mapping[str, Any] | None = None
    ground: str | None = None
    channel: Channel | None = None
    address: str | None = None
    language: str | None = None
    tone: str | None = None
    links: Collection[UUID] | None = field(default=None)


def take_next(user: User, at: datetime) -> Notice | None:
    """Give this person the draft that has waited longest; two people never get the same one."""
    for _try in range(TRIES):
        waiting = Notice.objects.visible_to(user).in_queue().order_by("prepared_at", "id")
        notice = waiting.select_related("case").first()
        if notice is None:
            return None
        if _take(notice, user, at):
            return notice
    return None


def take(notice: Notice, user: User, at: datetime) -> None:
    """Take this draft. Raises WrongState when somebody else has it."""
    if not _take(notice, user, at):
        raise WrongState(_("Somebody else took %(code)s a moment ago.") % {"code": notice.code})


def pass_on(notice: Notice, user: User, at: datetime) -> None:
    """Put a draft back into the queue. Nobody asks why, and nothing counts it."""
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, taken_by=user, status=NoticeStatus.DRAFTED)
        if mine.update(taken_by=None, taken_at=None) != 1:
            raise WrongState(_("%(code)s is not with you any more.") % {"code": notice.code})
        record("notice.passed_on", user, notice, at=at)
    notice.taken_by = notice.taken_at = None


def save(notice: Notice, change: Change, user: User, version: int, at: datetime) -> bool:
    """Store what the author changed, and tell whether anything did.

    A notice in review or approved becomes a draft again first: an approval is for exact bytes.
    Raises Stale when the draft has changed since `version` was read.
    """
    if notice.version != version:
        raise Stale(_("This draft was changed while you were typing."))
    if not _differs(notice, change):
        return False
    if not (notice.is_open and notice.case.is_open):
        raise RuleBroken(_("%(code)s cannot be changed any more.") % {"code": notice.code})
    with transaction.atomic():
        lifecycle.hold(notice)
        if notice.status != NoticeStatus.DRAFTED:
            lifecycle.take_back(notice, user, at, _comes_back(notice))
        _store(notice, change, at)
        _note_editor(notice, user, at)
    return True


def ask_approval(notice: Notice, user: User, at: datetime) -> None:
    """Hand a complete draft to a reviewer. Raises RuleBroken naming the part that is missing."""
    checking.refuse_closed_case(notice)
    sentence = checking.why_not(notice, at)
    if sentence:
        raise RuleBroken(sentence)
    with transaction.atomic():
        lifecycle.hold(notice)
        notice.changes_asked = ""
        notice.save(update_fields=["changes_asked"])
        _move(
            notice,
            NoticeStatus.IN_REVIEW,
            user,
            at,
            event="notice.asked_approval",
            params=lifecycle.about(notice),
            asked_at=at,
            changed_at=at,
            changes_asked_part="",
        )


def _take(notice: Notice, user: User, at: datetime) -> bool:
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=notice.case_id)
        free = Notice.objects.in_queue().filter(pk=notice.pk)
        if free.update(taken_by=user, taken_at=at, changed_at=at) != 1:
            return False
        timeline.add(notice.case, "notice.taken", user, at, subject=notice)
        record("notice.taken", user, notice, at=at)
    notice.taken_by, notice.taken_at, notice.changed_at = user, at, at
    return True


def _differs(notice: Notice, change: Change) -> bool:
    plain = ("content", "ground", "address", "language", "tone")
    wanted = {name: getattr(change, name) for name in plain}
    if any(value is not None and value != getattr(notice, name) for name, value in wanted.items()):
        return True
    if change.channel is not None and change.channel.pk != notice.channel_id:
        return True
    return change.links is not None and set(change.links) != _link_ids(notice)


def _link_ids(notice: Notice) -> set[UUID]:
    return {pk for pk in notice.outcomes.values_list("link_id", flat=True) if pk}


def _store(notice: Notice, change: Change, at: datetime) -> None:
    changed = ["version", "changed_at"]
    for name in ("content", "ground", "channel", "address", "language", "tone"):
        value = getattr(change, name)
        if value is not None:
            setattr(notice, name, dict(value) if name == "content" else value)
            changed.append(name)
    notice.version += 1
    notice.changed_at = at
    notice.save(update_fields=changed)
    if change.links is not None:
        _set_links(notice, set(change.links))
    notice.outcomes.update(ground=notice.ground, channel=notice.channel)


def _set_links(notice: Notice, wanted: set[UUID]) -> None:
    """Make the notice speak of these links of its case and platform, and of no other."""
    notice.outcomes.exclude(link__in=wanted).delete()
    new = wanted - _link_ids(notice)
    links = list(
        Link.objects.filter(
            Q(platform=notice.platform), pk__in=new, case=notice.case, removed_at=None
        )
    )
    refuse_taken(links, notice.ground, besides=notice)
    for link in links:
        add_link(notice, link)


def add_link(notice: Notice, link: Link, episode: int = 1) -> Outcome:
    return Outcome.objects.create(
        notice=notice,
        link=link,
        platform=notice.platform,
        ground=notice.ground,
        channel=notice.channel,
        episode=episode,
    )


def refuse_taken(links: Collection[Link], ground: str, besides: Notice | None = None) -> None:
    """Raise RuleBroken when one of the links stands in another open notice of this ground.

    Only under the lock of the case: two at once would both see none.
    """
    rows = Outcome.objects.in_open_notices().filter(link__in=links, ground=ground)
    if besides is not None:
        rows = rows.exclude(notice=besides)
    taken = rows.select_related("notice").first()
    if taken is not None and taken.notice is not None:
        sentence = ngettext(
            "This link already stands in %(code)s, on the same ground.",
            "One of these links already stands in %(code)s, on the same ground.",
            len(links),
        )
        raise RuleBroken(sentence % {"code": taken.notice.code})


def _note_editor(notice: Notice, user: User, at: datetime) -> None:
    newest = notice.edits.order_by("-id").first()
    NoticeEdit.objects.create(notice=notice, version=notice.version, user=user, at=at)
    # One entry for a stretch of work, not one for every save while somebody types.
    if newest is None or newest.user_id != user.pk:
        record("notice.edited", user, notice, at=at, version=notice.version)


def _comes_back(notice: Notice) -> str:
    approved = notice.status == NoticeStatus.APPROVED
    return "notice.edited_after_approval" if approved else "notice.taken_back"
