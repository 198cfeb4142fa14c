"""The verbs of a reviewer. An approval freezes exact bytes; nothing is rendered after it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.lifecycle import _move
from core.errors import RuleBroken, WrongState
from notices import checking, delivery, drafting, frozen, lifecycle
from notices.facts import of_notice
from notices.models import Approval, Notice
from notices.states import DeliveryKind, DeliveryState, NoticeStatus, WithdrawnReason

WHOLE = "notice"


def approve(notice: Notice, approver: User, at: datetime, *, send: bool = True) -> Approval:
    """Say yes to this version, and let its mail leave after the hold unless `send` is False.

    Everything is rendered before the transaction begins. Raises RuleBroken where the approver
    edited it, a required part is missing, or nothing may be sent for this case.
    """
    _refuse(notice, approver, at)
    approval = frozen.approval_of(notice, approver, at)
    with transaction.atomic():
        lifecycle.hold(notice)
        approval.save(force_insert=True)
        if send and lifecycle.goes_by_mail(notice):
            delivery.enqueue(notice, approval, DeliveryKind.NOTICE, at)
        _move(
            notice,
            NoticeStatus.APPROVED,
            approver,
            at,
            event="notice.approved",
            params=lifecycle.about(notice),
            approved_at=at,
            changed_at=at,
        )
    return approval


def send(notice: Notice, actor: User, at: datetime) -> None:
    """Let an approved mail leave that was approved without being sent."""
    if notice.status != NoticeStatus.APPROVED or not lifecycle.goes_by_mail(notice):
        raise WrongState(_("%(code)s is not waiting to be sent.") % {"code": notice.code})
    checking.refuse_closed_case(notice)
    checking.refuse_without_yes(notice, at)
    with transaction.atomic():
        lifecycle.hold(notice)
        approval = lifecycle.standing_approval(notice)
        waiting = notice.deliveries.exclude(
            state__in=[DeliveryState.CANCELLED, DeliveryState.FAILED]
        )
        if waiting.exists():
            raise WrongState(_("%(code)s is on its way already.") % {"code": notice.code})
        delivery.enqueue(notice, approval, DeliveryKind.NOTICE, at)


def ask_changes(notice: Notice, reviewer: User, at: datetime, part: str, comment: str) -> None:
    """Send it back to its author, with what should change."""
    if notice.status != NoticeStatus.IN_REVIEW:
        raise WrongState(_("%(code)s is not in review.") % {"code": notice.code})
    seen = drafting.compose(of_notice(notice, at)).text
    with transaction.atomic():
        lifecycle.hold(notice)
        notice.changes_asked, notice.seen_text = comment, seen
        notice.save(update_fields=["changes_asked", "seen_text"])
        _move(
            notice,
            NoticeStatus.DRAFTED,
            reviewer,
            at,
            event="notice.changes_asked",
            params={**lifecycle.about(notice), "part": part},
            changes_asked_part=part or WHOLE,
            asked_at=None,
            changed_at=at,
        )


def refuse(notice: Notice, reviewer: User, at: datetime, reason: str) -> None:
    """End a notice in review, with the reason for its author."""
    if notice.status != NoticeStatus.IN_REVIEW:
        raise WrongState(_("%(code)s is not in review.") % {"code": notice.code})
    with transaction.atomic():
        lifecycle.hold(notice)
        notice.changes_asked = reason
        notice.save(update_fields=["changes_asked"])
        lifecycle.withdraw(notice, reviewer, at, WithdrawnReason.REFUSED, "notice.refused")


def why_not(notice: Notice, user: User, at: datetime) -> str:
    """Return why this person cannot approve this notice now, or ""."""
    if notice.status != NoticeStatus.IN_REVIEW:
        return _("%(code)s is not in review.") % {"code": notice.code}
    if notice.was_edited_by(user):
        return _("You edited this notice. Somebody who did not has to approve it.")
    return checking.closed_sentence(notice.case) or checking.why_not(notice, at)


def _refuse(notice: Notice, approver: User, at: datetime) -> None:
    sentence = why_not(notice, approver, at)
    if sentence and notice.status != NoticeStatus.IN_REVIEW:
        raise WrongState(sentence)
    if sentence:
        raise RuleBroken(sentence)
    checking.refuse_without_yes(notice, at)
