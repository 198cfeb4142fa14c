"""The outbox seen from the house: what waits to leave, what is taken back or decided by a person,
and the stop switch. Sending itself is `notices.sending`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.chain import record
from core.addresses import is_address
from core.errors import RuleBroken, WrongState
from notices import archive
from notices.models import Approval, Delivery, Notice
from notices.models.delivery import STILL_WANTED
from notices.sending import settling
from notices.states import NOT_CLAIMED, DeliveryKind, DeliveryState
from notices.tasks import nudge

# Past its moment by this much, a mail that waits is a sign that nobody sends.
DELAYED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Numbers:
    """The outbox in figures, the same for everybody."""

    waiting: int
    in_flight: int
    deferred: int
    unconfirmed: int
    failed: int
    oldest_due_at: datetime | None


def enqueue(notice: Notice, approval: Approval, kind: DeliveryKind, at: datetime) -> Delivery:
    """Put the approved bytes into the outbox, held for the undo minute.

    Call it in the transaction of the approval. There is one row for the same bytes, ever: one that
    failed is held again. Raises RuleBroken where the bytes cannot or need not be sent.
    """
    organisation = Organisation.current()
    if organisation is None:
        raise RuleBroken(_("The organisation is not set up yet, so nothing can be sent."))
    due_at = at + timedelta(seconds=settings.SEND_HOLD_SECONDS)
    earlier = Delivery.objects.select_for_update().filter(message_id=approval.message_id).first()
    if earlier:
        return _held_again(earlier, notice, due_at)
    delivery = Delivery.objects.create(
        notice=notice,
        approval=approval,
        kind=kind,
        seq=Delivery.objects.filter(notice=notice, kind=kind).count() + 1,
        recipient=_recipient(notice, approval),
        archive_recipient=organisation.archive_address,
        message_id=approval.message_id,
        state=DeliveryState.HELD,
        made_at=at,
        due_at=due_at,
        first_due_at=due_at,
    )
    transaction.on_commit(nudge, robust=True)
    return delivery


def decide_left(delivery: Delivery, actor: User, at: datetime) -> None:
    """Take a person's word that an unconfirmed mail left. It counts from the handing over."""
    with transaction.atomic():
        notice, row = _in_state(delivery, DeliveryState.UNCONFIRMED)
        settling.settle(row, notice, at)
        record("delivery.decided_left", actor, notice, at=at, delivery=row.pk)


def decide_send_again(delivery: Delivery, actor: User, at: datetime) -> None:
    """Queue a mail again that failed, or that nobody knows about.

    A copy in the archive proves that it left: then it is sent, and RuleBroken says so.
    """
    known = archive.found([delivery.message_id])
    if delivery.state == DeliveryState.UNCONFIRMED and known:
        settling.found_in_archive(delivery.pk, known[delivery.message_id], at)
        raise RuleBroken(
            _("%(code)s had left: its copy is in the archive. It is marked as sent.")
            % {"code": delivery.code}
        )
    with transaction.atomic():
        notice, row = _in_state(delivery, DeliveryState.UNCONFIRMED, DeliveryState.FAILED)
        settling.requeue(row, notice, at)
        record("delivery.decided_send_again", actor, notice, at=at, delivery=row.pk)
        transaction.on_commit(nudge, robust=True)


def stop_sending(actor: User, at: datetime) -> None:
    """Let nothing more begin to leave. What is on its way at this moment may still arrive."""
    with transaction.atomic():
        going = Organisation.objects.filter(sending_stopped_at=None)
        if going.update(sending_stopped_at=at, sending_stopped_by=actor.name) != 1:
            raise WrongState(_("Sending is stopped already."))
        record("sending.stopped", actor, None, at=at)


def resume_sending(actor: User, at: datetime) -> None:
    with transaction.atomic():
        stopped = Organisation.objects.exclude(sending_stopped_at=None)
        if stopped.update(sending_stopped_at=None, sending_stopped_by="") != 1:
            raise WrongState(_("Sending is not stopped."))
        record("sending.resumed", actor, None, at=at)
        transaction.on_commit(nudge, robust=True)


def is_delayed(at: datetime) -> bool:
    """Tell whether something should have left two minutes ago and nobody stopped it on purpose."""
    return overdue(at).exists() and not is_stopped()


def overdue(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(state__in=NOT_CLAIMED, due_at__lt=at - DELAYED_AFTER)


def is_stopped() -> bool:
    return Organisation.objects.exclude(sending_stopped_at=None).exists()


def numbers() -> Numbers:
    states = DeliveryState
    of_state = {
        "waiting": Q(state__in=[states.HELD, states.QUEUED]),
        "in_flight": Q(state=states.SENDING),
        "deferred": Q(state=states.DEFERRED),
        "unconfirmed": Q(state=states.UNCONFIRMED),
        "failed": Q(state=states.FAILED) & STILL_WANTED,
    }
    rows = Delivery.objects.exclude(state__in=[states.SENT, states.CANCELLED])
    return Numbers(
        **rows.aggregate(
            oldest_due_at=Min("due_at", filter=Q(state__in=NOT_CLAIMED)),
            **{name: Count("pk", filter=condition) for name, condition in of_state.items()},
        )
    )


def _held_again(row: Delivery, notice: Notice, due_at: datetime) -> Delivery:
    if row.state != DeliveryState.FAILED:
        raise WrongState(_("%(code)s is on its way already.") % {"code": notice.code})
    settling.requeue(row, notice, due_at, DeliveryState.HELD)
    return row


def _recipient(notice: Notice, approval: Approval) -> str:
    """Return the address that the approval froze, else the one that the channel has now."""
    channel = notice.channel.current("address") if notice.channel else ""
    recipient = approval.recipient or notice.address or str(channel or "")
    if not is_address(recipient):
        raise RuleBroken(
            _("%(code)s has no e-mail address to go to. Choose another way.")
            % {"code": notice.code}
        )
    return recipient


def _in_state(delivery: Delivery, *states: DeliveryState) -> tuple[Notice, Delivery]:
    """Return notice and delivery as they are now, locked; raise WrongState in any other state."""
    notice, row = settling.locked(delivery.pk)
    if row.state not in states:
        raise WrongState(
            _("%(code)s was decided or sent a moment ago. Look at it again.")
            % {"code": notice.code}
        )
    return notice, row
