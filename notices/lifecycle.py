"""The verbs by which a notice leaves, comes back to its author, or ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.checker import planning
from cases.lifecycle import _move
from cases.models import Case, Link, Task
from cases.models.links import LinkQuerySet
from cases.states import TaskKind
from core.errors import RuleBroken, WrongState
from notices import checking, clocks, law, references
from notices.models import Approval, Delivery, Disclosure, Notice
from notices.reminding import plans
from notices.states import (
    NOT_CLAIMED,
    DeliveryKind,
    DeliveryState,
    NoticeStatus,
    Phase,
    StopReason,
    Via,
    WithdrawnReason,
)
from platforms.models import Medium

ON_THE_WAY = (DeliveryState.SENDING, DeliveryState.UNCONFIRMED, DeliveryState.SENT)
# Clocks of two machines may differ a little; what is further ahead is a typing mistake.
AHEAD = timedelta(minutes=2)


def mark_sent(
    notice: Notice, sent_at: datetime, actor: User | None = None, *, via: str = Via.MAIL
) -> None:
    """Note that the notice left at `sent_at`: every clock and measured time starts there.

    One transaction. Raises WrongState unless the notice is approved and stands as it was read.
    """
    with transaction.atomic():
        hold(notice)
        held_is_sent(notice, sent_at, actor, via=via)


def held_is_sent(
    notice: Notice, sent_at: datetime, actor: User | None = None, *, via: str = Via.MAIL
) -> None:
    """Do what `mark_sent` does, where case and notice are locked already and read since then."""
    if NoticeStatus.SENT in notice.MOVES[notice.status]:
        notice.outcomes.update(sent_at=sent_at)
        clocks.start(notice, sent_at)
        _write_ledger(notice, sent_at)
    _move(
        notice,
        NoticeStatus.SENT,
        actor,
        sent_at,
        event="notice.sent",
        params={**about(notice), "via": via},
        sent_at=sent_at,
        changed_at=sent_at,
    )
    planning.look_now(links_of(notice), sent_at)
    plans.replan_held(notice, sent_at)


def confirm_submission(
    notice: Notice,
    actor: User,
    at: datetime,
    *,
    submitted_at: datetime,
    reference: str = "",
    unexpected: str = "",
) -> None:
    """Note that a person submitted the form, or posted the letter: that is the sending."""
    if notice.status != NoticeStatus.APPROVED:
        raise WrongState(_("%(code)s is not approved, so it cannot be sent.") % _code(notice))
    if goes_by_mail(notice):
        raise RuleBroken(_("This notice leaves by e-mail; it is not submitted by hand."))
    checking.refuse_closed_case(notice)
    checking.refuse_without_yes(notice, at)
    approval = standing_approval(notice)
    if submitted_at > at + AHEAD:
        raise RuleBroken(_("This moment has not come yet. When was it submitted?"))
    if submitted_at < approval.at.replace(second=0, microsecond=0):
        raise RuleBroken(
            _("It was approved later than that. Only the approved text counts as sent.")
        )
    submitted_at = min(max(submitted_at, approval.at), at)
    via = Via.POST if notice.channel and notice.channel.medium == Medium.POSTAL else Via.PORTAL
    with transaction.atomic():
        hold(notice)
        if reference:
            references.note(notice, reference, at)
        if unexpected:
            _ask_coordinators(notice, unexpected, at)
        mark_sent(notice, submitted_at, actor, via=via)


def take_back(
    notice: Notice, actor: User | None, at: datetime, event: str = "notice.taken_back"
) -> None:
    """Make a draft of it again. What was approved is void; what was held does not leave.

    Raises RuleBroken when it is leaving at this moment or has left.
    """
    with transaction.atomic():
        hold(notice)
        stop_deliveries(notice)
        void_approval(notice, at)
        _move(
            notice,
            NoticeStatus.DRAFTED,
            actor,
            at,
            event=event,
            params=about(notice),
            changed_at=at,
            asked_at=None,
            approved_at=None,
        )


def undo_approval(notice: Notice, actor: User, at: datetime) -> None:
    """Take an approval back while nothing has begun to leave. Raises RuleBroken once it has."""
    if notice.status != NoticeStatus.APPROVED:
        raise WrongState(_("%(code)s is not approved (any more).") % _code(notice))
    take_back(notice, actor, at, "notice.undone")


def withdraw(
    notice: Notice,
    actor: User | None,
    at: datetime,
    reason: str = WithdrawnReason.NOT_NEEDED,
    event: str = "notice.withdrawn",
) -> None:
    """End a notice. One that has left cannot be recalled; its links are no longer followed."""
    with transaction.atomic():
        hold(notice)
        if notice.status == NoticeStatus.SENT:
            stop_following(notice, at, StopReason.WE_STOPPED)
            plans.stop(notice, at)
            stop_retries(notice)
        else:
            stop_deliveries(notice)
        void_approval(notice, at)
        _move(
            notice,
            NoticeStatus.WITHDRAWN,
            actor,
            at,
            event=event,
            params={**about(notice), "reason": reason},
            withdrawn_at=at,
            withdrawn_reason=reason,
            changed_at=at,
        )


def finish(notice: Notice, actor: User | None, at: datetime) -> None:
    """Put a sent notice away: nothing more is expected of it."""
    with transaction.atomic():
        hold(notice)
        stop_following(notice, at, StopReason.WE_STOPPED)
        plans.stop(notice, at)
        stop_retries(notice)
        _move(
            notice,
            NoticeStatus.DONE,
            actor,
            at,
            event="notice.done",
            params=about(notice),
            done_at=at,
            changed_at=at,
        )


def hold(notice: Notice) -> None:
    """Lock the case and the notice until the transaction ends, in this order.

    From then on the notice has its case as it is now. Raises WrongState unless the notice stands
    as it was read.
    """
    rows = Case.objects.select_for_update(no_key=True, of=("self",)).select_related("advocate")
    notice.case = rows.get(pk=notice.case_id)
    as_read = Notice.objects.select_for_update().filter(
        pk=notice.pk, status=notice.status, version=notice.version
    )
    if not as_read.exists():
        raise WrongState(
            _("%(code)s was changed by somebody else a moment ago. Look at it again.")
            % _code(notice)
        )


def goes_by_mail(notice: Notice) -> bool:
    return notice.channel is not None and notice.channel.medium == Medium.EMAIL


def standing_approval(notice: Notice, *, without: Iterable[str] = ()) -> Approval:
    """Return the approval that nothing has voided. Raises RuleBroken when there is none."""
    approval = notice.approvals.filter(voided_at=None).defer(*without).first()
    if approval is None:
        raise RuleBroken(_("%(code)s has no approval that still holds.") % _code(notice))
    return approval


def stop_deliveries(notice: Notice) -> None:
    """Cancel what has not been claimed. Raises RuleBroken when it is leaving or has left."""
    rows = Delivery.objects.filter(notice=notice, kind=DeliveryKind.NOTICE)
    rows.filter(state__in=NOT_CLAIMED).update(state=DeliveryState.CANCELLED)
    if rows.filter(state__in=ON_THE_WAY).exists():
        raise RuleBroken(
            _("%(code)s is leaving at this moment or has left; it cannot be taken back.")
            % _code(notice)
        )


def stop_retries(notice: Notice) -> None:
    """Let nothing of this notice leave a second time; what left once stays sent."""
    left = Delivery.objects.filter(notice=notice, sent_at__isnull=False, state__in=NOT_CLAIMED)
    left.update(state=DeliveryState.SENT, phase=Phase.DONE)


def void_approval(notice: Notice, at: datetime) -> None:
    """End the standing approval; its text stays, to show the next reviewer what changed."""
    approval = notice.approvals.filter(voided_at=None).first()
    if approval is None:
        return
    notice.seen_text = approval.text
    notice.save(update_fields=["seen_text"])
    notice.approvals.filter(pk=approval.pk).update(voided_at=at)


def stop_following(notice: Notice, at: datetime, reason: str) -> None:
    followed = notice.outcomes.filter(first_seen_gone_at=None, stopped_at=None)
    followed.update(stopped_at=at, stop_reason=reason)
    planning.replan(links_of(notice), at)


def links_of(notice: Notice) -> LinkQuerySet:
    return Link.objects.filter(outcomes__notice=notice)


def about(notice: Notice) -> dict[str, object]:
    """Return what the timeline's sentence about a notice needs."""
    return {
        "platform": notice.platform.name,
        "ground": law.ground(notice.ground).name,
        "links": notice.outcomes.count(),
    }


def _write_ledger(notice: Notice, at: datetime) -> None:
    approval = standing_approval(notice, without=("mime", "pdf", "text", "fields"))
    Disclosure.objects.create(
        notice=notice,
        at=at,
        items=approval.items,
        about_person=approval.about_person,
        mandate_id=approval.mandate_id,
    )


def _ask_coordinators(notice: Notice, text: str, at: datetime) -> None:
    Task.objects.create(
        case=notice.case,
        kind=TaskKind.OTHER,
        subject_id=notice.pk,
        subject_code=notice.code,
        text=text,
        role="coordinator",
        made_at=at,
    )


def _code(notice: Notice) -> dict[str, str]:
    return {"code": notice.code}
