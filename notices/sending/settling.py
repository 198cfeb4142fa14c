"""Writing down how a conversation with the mail server ended. Each function is one transaction.

Rows are locked in the order case, notice, delivery. What is written here later than the lease
allows finds the row in other hands and is only noted, except that a mail which left stays a mail
which left.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from audit.chain import record
from core import faults
from notices import lifecycle
from notices.models import Delivery, DeliveryAttempt, Notice
from notices.reminding import plans
from notices.sending import returned, telling
from notices.sending.claiming import Claim
from notices.sending.smtp import NotSent, Reply
from notices.states import DeliveryKind, DeliveryState, NoticeStatus, Phase
from platforms.models import TroubleKind

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60))
GIVE_UP_AFTER = timedelta(days=5)


def accepted(claim: Claim, reply: Reply, at: datetime) -> None:
    """The server took the mail and its copy for the archive."""
    with transaction.atomic():
        notice, delivery = locked(claim.delivery_id)
        log(delivery, at, "dot", reply.code, reply.text)
        if delivery.state != DeliveryState.SENT:
            settle(delivery, notice, at)
        faults.point("before_commit")


def found_in_archive(delivery_id: UUID, filed_at: datetime, at: datetime) -> None:
    """The archive has its copy, so the server had accepted both.

    In a restored database nobody knows any more when it was handed over: then the filing counts.
    """
    with transaction.atomic():
        notice, delivery = locked(delivery_id)
        if delivery.state == DeliveryState.UNCONFIRMED:
            log(delivery, at, "archive", "", "found in the archive")
            delivery.handed_over_at = delivery.handed_over_at or min(filed_at, at)
            settle(delivery, notice, at)


def ask(delivery_id: UUID, at: datetime) -> None:
    """Neither answer nor archive told whether it left: a person decides, and is told once."""
    with transaction.atomic():
        notice, delivery = locked(delivery_id)
        if delivery.state == DeliveryState.UNCONFIRMED:
            telling.unconfirmed(notice, at)


def refused(claim: Claim, error: NotSent, at: datetime) -> None:
    """The mail certainly did not leave: it is tried again, or somebody is told."""
    with transaction.atomic():
        notice, delivery = locked(claim.delivery_id)
        log(delivery, at, error.phase, error.code, error.text)
        if not _is_still(claim, delivery):
            return
        if error.is_final or at - delivery.first_due_at >= GIVE_UP_AFTER:
            _fail(delivery, notice, error, at)
        else:
            _defer(delivery, error, at)
    organisation = Organisation.current()
    if organisation and error.is_ours and not _may_pass(error):
        telling.server_trouble(organisation, error.phase, at)


def unanswered(claim: Claim, at: datetime) -> None:
    """The final dot went out and no answer came: nobody can know from here."""
    with transaction.atomic():
        _notice, delivery = locked(claim.delivery_id)
        log(delivery, at, "dot", "", "no answer")
        if _is_still(claim, delivery):
            _change(delivery, state=DeliveryState.UNCONFIRMED, lease_until=None, last_code="")


def called_back(claim: Claim, at: datetime) -> None:
    """It was withdrawn or stopped before the dot. The next claim finds out which."""
    with transaction.atomic():
        _notice, delivery = locked(claim.delivery_id)
        log(delivery, at, "data", "", "called back")
        if _is_still(claim, delivery) and delivery.phase == Phase.CLAIMED:
            _queue(delivery, at)


def lease_expired(delivery_id: UUID, at: datetime) -> None:
    """Its worker died. Before the dot nothing left; from there on it is looked up."""
    with transaction.atomic():
        _notice, delivery = locked(delivery_id)
        if delivery.state != DeliveryState.SENDING or not _is_expired(delivery, at):
            return
        log(delivery, at, delivery.phase, "", "the worker died")
        if delivery.phase == Phase.CLAIMED:
            _queue(delivery, at)
        else:
            _change(delivery, state=DeliveryState.UNCONFIRMED, lease_until=None)


def locked(delivery_id: UUID) -> tuple[Notice, Delivery]:
    """Return notice and delivery as they are now, locked after their case."""
    notice = plans.locked(Notice.objects.only("case_id").get(deliveries=delivery_id))
    return notice, Delivery.objects.select_for_update().get(pk=delivery_id)


def settle(delivery: Delivery, notice: Notice, at: datetime) -> None:
    """Count the mail as sent, from its first handing over; the notice moves with it."""
    is_first = delivery.sent_at is None
    sent_at = delivery.sent_at or delivery.handed_over_at or at
    _change(
        delivery,
        state=DeliveryState.SENT,
        phase=Phase.DONE,
        sent_at=sent_at,
        lease_until=None,
        last_reason="",
    )
    telling.over(notice.pk, at)
    if not is_first:
        return
    if delivery.kind != DeliveryKind.NOTICE:
        plans.has_left(delivery, notice, sent_at, at)
        return
    if notice.status == NoticeStatus.APPROVED:
        lifecycle.held_is_sent(notice, sent_at)
    elif notice.sent_at is None:
        telling.left_late(notice, at)
        record("delivery.left_late", None, notice, at=at, delivery=delivery.pk)


def requeue(
    delivery: Delivery,
    notice: Notice,
    due_at: datetime,
    state: DeliveryState = DeliveryState.QUEUED,
) -> None:
    """Start over, as if it had just been approved: a person decided so."""
    _queue(delivery, due_at)
    _change(delivery, state=state, first_due_at=due_at, delayed_task_at=None)
    telling.over(notice.pk, due_at)


def send_again_later(delivery: Delivery, due_at: datetime) -> None:
    """Let the same bytes leave once more: their server had no room for them."""
    _queue(delivery, due_at, DeliveryState.DEFERRED)
    _change(delivery, first_due_at=due_at, delayed_task_at=None)


def _queue(
    delivery: Delivery, due_at: datetime, state: DeliveryState = DeliveryState.QUEUED
) -> None:
    _change(
        delivery,
        state=state,
        phase=Phase.NONE,
        due_at=due_at,
        lease_until=None,
        handed_over_at=None,
    )


def _defer(delivery: Delivery, error: NotSent, at: datetime) -> None:
    wait = RETRY_AFTER[min(delivery.attempts, len(RETRY_AFTER)) - 1]
    _change(
        delivery,
        state=DeliveryState.DEFERRED,
        phase=Phase.NONE,
        due_at=at + wait,
        lease_until=None,
        last_code=error.code,
        last_reason=error.text,
    )


def _fail(delivery: Delivery, notice: Notice, error: NotSent, at: datetime) -> None:
    if delivery.sent_at is not None:  # the second try of one that came back
        _change(delivery, state=DeliveryState.SENT, phase=Phase.DONE, lease_until=None)
        kind = TroubleKind.REFUSED if error.is_final else TroubleKind.MAILBOX_FULL
        returned.came_back(delivery, notice, kind, error.code, at)
        return
    _change(
        delivery,
        state=DeliveryState.FAILED,
        lease_until=None,
        last_code=error.code,
        last_reason=error.text,
    )
    words = _(
        "%(code)s was not delivered: their mail server refused it (%(answer)s). Choose another way."
    )
    if not error.is_final:
        words = _("%(code)s was not delivered in five days (%(answer)s). Choose another way.")
    values = {"code": notice.code, "answer": error.code or _("no answer")}
    telling.not_delivered(notice, words % values, at)


def log(delivery: Delivery, at: datetime, phase: str, code: str, reason: str) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=DeliveryAttempt.objects.filter(delivery=delivery).count() + 1,
        at=at,
        phase=phase,
        code=code,
        reason=reason,
    )


def _change(delivery: Delivery, **values: object) -> None:
    for name, value in values.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=list(values))


def _is_still(claim: Claim, delivery: Delivery) -> bool:
    """Tell whether the row is still in the hands of this claim."""
    return delivery.state == DeliveryState.SENDING and delivery.attempts == claim.number


def _is_expired(delivery: Delivery, at: datetime) -> bool:
    return delivery.lease_until is not None and delivery.lease_until < at


def _may_pass(error: NotSent) -> bool:
    """Tell whether the trouble is of the kind that goes by itself: busy, or silent for a while."""
    return error.code.startswith("4") or (error.phase == "connect" and not error.code)
