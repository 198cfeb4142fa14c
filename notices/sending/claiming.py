"""Taking one mail out of the outbox, so that exactly one worker holds it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction

from accounts.models import Organisation
from core.addresses import reply_address
from notices.models import Delivery, Notice
from notices.reminding import plans
from notices.sending import recheck, telling
from notices.sending.smtp import Envelope
from notices.states import NOT_CLAIMED, DeliveryKind, DeliveryState, Phase

logger = logging.getLogger(__name__)

# Longer than any conversation lasts: whoever holds a claim beyond it has died.
LEASE = timedelta(seconds=60)


WITH_CASE = ("notice__case", "notice__platform")
# A mail leaves without these; the letter as PDF alone may be a megabyte.
UNUSED = ("approval__pdf", "approval__text", "approval__fields")
READ_ALREADY = (*UNUSED, "approval__mime")


class _Stuck(Exception):
    """Of one mail it cannot be told whether it may leave."""

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__(delivery_id)
        self.delivery_id = delivery_id


class CalledBack(Exception):
    """Between the claim and the final dot the mail was withdrawn, stopped, or claimed anew."""


@dataclass(frozen=True)
class Claim:
    """A mail in one worker's hands. `number` counts the attempts, and so tells claims apart."""

    delivery_id: UUID
    notice_id: UUID
    number: int
    envelope: Envelope
    content: bytes


def claim(at: datetime, busy: set[UUID], stuck: set[UUID]) -> Claim | None:
    """Return the next mail to hand over, its claim committed, or None when nothing is due.

    `busy` collects the cases that somebody holds locked at this moment, `stuck` the mails at which
    something fails that nobody foresaw: they stay where they are, and keep no other mail waiting.
    """
    found: Claim | bool = True
    while found is True:
        try:
            with transaction.atomic():
                found = _next(at, busy, stuck)
        except _Stuck as error:
            logger.exception("delivery.stuck %s", error.delivery_id)
            stuck.add(error.delivery_id)
    return found or None


def _next(at: datetime, busy: set[UUID], stuck: set[UUID]) -> Claim | bool:
    """Claim the next mail; True: this one was passed over, look further; False: nothing is due.

    The organisation's row is locked first: the stop switch writes it, so that no claim commits
    after the stop did. A withdrawal locks case, notice, delivery in this order and a claim comes
    from the other end: it waits for none of them.
    """
    organisation = Organisation.objects.select_for_update(no_key=True).first()
    if organisation is None or organisation.sending_stopped_at is not None:
        return False
    delivery = _due(at, busy, stuck)
    if delivery is None:
        return False
    try:
        return _taken(delivery, organisation, at, busy)
    except (OperationalError, SoftTimeLimitExceeded):
        # The database is away or the time is up, not the mail bad.
        raise
    except Exception as error:
        # Whatever it is, it is logged with its mail, once what this try locked is free again.
        raise _Stuck(delivery.pk) from error


def _taken(
    delivery: Delivery, organisation: Organisation, at: datetime, busy: set[UUID]
) -> Claim | bool:
    notice = _unlocked(delivery.notice_id)
    if notice is None:
        busy.add(Notice.objects.only("case_id").get(pk=delivery.notice_id).case_id)
        return True
    delivery.notice = notice
    sentence = recheck.objection(delivery, notice, organisation, at)
    if sentence:
        _drop_out(delivery, notice, sentence, at)
        return True
    return _begun(delivery, organisation, at)


def reach_the_dot(claim: Claim, at: datetime) -> None:
    """Commit that the final dot is about to be sent; raise CalledBack if it may not be any more.

    This is the last moment at which a withdrawal or the stop switch wins.
    """
    ours = Delivery.objects.filter(
        pk=claim.delivery_id,
        state=DeliveryState.SENDING,
        attempts=claim.number,
        phase=Phase.CLAIMED,
    )
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update(no_key=True).first()
        if organisation is None or organisation.sending_stopped_at is not None:
            raise CalledBack
        delivery = ours.select_related(*WITH_CASE, "approval").defer(*READ_ALREADY).first()
        if delivery is None:
            raise CalledBack
        if recheck.objection(delivery, delivery.notice, organisation, at, claim.content):
            raise CalledBack
        values = {"phase": Phase.DATA, "handed_over_at": at, "lease_until": at + LEASE}
        if ours.update(**values) != 1:
            raise CalledBack


def _due(at: datetime, busy: set[UUID], stuck: set[UUID]) -> Delivery | None:
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("approval").defer(*UNUSED)
    due = rows.filter(state__in=NOT_CLAIMED, due_at__lte=at)
    return due.exclude(notice__case__in=busy).exclude(pk__in=stuck).order_by("due_at").first()


def _unlocked(notice_id: UUID) -> Notice | None:
    """Return the notice locked together with its case, or None while somebody changes either."""
    rows = Notice.objects.select_for_update(skip_locked=True, no_key=True, of=("self", "case"))
    return rows.select_related("case", "platform").filter(pk=notice_id).first()


def _drop_out(delivery: Delivery, notice: Notice, sentence: str, at: datetime) -> None:
    over = recheck.is_over(delivery, notice, at)
    if over and delivery.kind == DeliveryKind.REMINDER and delivery.sent_at is None:
        plans.call_back(delivery, sentence, at)
        plans.replan(notice, at)
        return
    state = DeliveryState.CANCELLED if over else DeliveryState.FAILED
    if delivery.sent_at is not None:  # it left once, and does not leave again
        state = DeliveryState.SENT
    Delivery.objects.filter(pk=delivery.pk).update(state=state, last_code="", last_reason=sentence)
    telling.not_delivered(notice, sentence, at)


def _begun(delivery: Delivery, organisation: Organisation, at: datetime) -> Claim | bool:
    number = delivery.attempts + 1
    as_seen = Delivery.objects.filter(
        pk=delivery.pk, state=delivery.state, attempts=delivery.attempts
    )
    changed = as_seen.update(
        state=DeliveryState.SENDING,
        phase=Phase.CLAIMED,
        attempts=number,
        lease_until=at + LEASE,
        handed_over_at=None,
    )
    if changed != 1:
        return True
    sender = reply_address(delivery.approval.reply_token, organisation.reply_domain)
    envelope = Envelope(sender, delivery.recipient, delivery.archive_recipient)
    return Claim(delivery.pk, delivery.notice_id, number, envelope, delivery.content)
