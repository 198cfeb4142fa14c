"""What a tick does: send what is due, and clear up what is in doubt."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction

from accounts.mail import NoSubmissionServer, submission
from core import clock, faults, keystore
from notices import archive
from notices.models import Delivery, Notice
from notices.sending import claiming, settling, telling
from notices.sending.claiming import CalledBack, Claim
from notices.sending.smtp import Connection, NotSent, Unknown
from notices.states import NOT_CLAIMED, DeliveryState

logger = logging.getLogger(__name__)

# A round takes no new mail after this; with one whole conversation it stays under a minute.
ROUND_SECONDS = 35.0
TELL_AFTER = timedelta(hours=4)
ASK_AFTER = timedelta(minutes=10)
AT_A_TIME = 200
PATIENCE, MOMENT, WRITE_TRIES = 20, 0.1, 3


def send_due() -> int:
    """Hand over what is due; return how many mails left."""
    with keystore.scope():
        _recover(clock.due_now())
    sent = _send_through_the_server()
    with keystore.scope():
        _tell_delayed(clock.due_now())
    return sent


def reconcile_unconfirmed() -> int:
    """Look the mails in doubt up in the archive; return how many had left."""
    with keystore.scope():
        at = clock.due_now()
        _recover(at)
        rows = Delivery.objects.filter(state=DeliveryState.UNCONFIRMED).order_by("handed_over_at")
        doubtful = list(rows[:AT_A_TIME])
        earliest = min((row.handed_over_at or row.made_at for row in doubtful), default=at)
        known = archive.found([row.message_id for row in doubtful], earliest) if doubtful else {}
        _each(doubtful, lambda row: _reconcile(row, known.get(row.message_id), at))
        return len(known)


def _send_through_the_server() -> int:
    try:
        server = submission()
    except NoSubmissionServer:
        return 0
    with Connection(server) as connection:
        return _send_all(connection)


def _send_all(connection: Connection) -> int:
    ends, sent, stuck = monotonic() + ROUND_SECONDS, 0, set[UUID]()
    while monotonic() < ends:
        with keystore.scope():
            claim = _claim_patiently(stuck)
            if claim is None:
                break
            faults.point("after_claim")
            try:
                has_left = _hand_over(connection, claim)
                if has_left and not sent:
                    telling.server_works(clock.due_now())
                sent += has_left
            except _ServerTrouble:
                break
            except SoftTimeLimitExceeded:
                raise
            except Exception:  # noqa: BLE001 - one bad mail must not keep the others waiting
                logger.exception("delivery.stuck %s", claim.delivery_id)
                connection.close()
    return sent


def _claim_patiently(stuck: set[UUID]) -> Claim | None:
    """Claim what is due. What somebody holds locked is waited for, but only for a moment."""
    for _ in range(PATIENCE):
        busy = set[UUID]()
        claim = claiming.claim(clock.due_now(), busy, stuck)
        if claim or not busy:
            return claim
        sleep(MOMENT)
    return None


class _ServerTrouble(Exception):
    """The organisation's own server is the reason: the next mail would fare no better."""


def _hand_over(connection: Connection, claim: Claim) -> bool:
    try:
        reply = connection.hand_over(
            claim.envelope,
            claim.content,
            lambda: claiming.reach_the_dot(claim, clock.due_now()),
        )
    except NotSent as error:
        logger.info("delivery.refused %s %s %s", claim.delivery_id, error.phase, error.code)
        _write(partial(settling.refused, claim, error))
        if error.is_ours:
            raise _ServerTrouble from error
        return False
    except Unknown:
        logger.warning("delivery.unconfirmed %s", claim.delivery_id)
        _write(partial(settling.unanswered, claim))
        return False
    except CalledBack:
        _write(partial(settling.called_back, claim))
        return False
    faults.point("after_250")
    _write(partial(settling.accepted, claim, reply))
    logger.info("delivery.sent %s", claim.delivery_id)
    return True


def _write(down: Callable[[datetime], None]) -> None:
    """Write down how it ended; wait while somebody holds the rows longer than a lock may last."""
    for _ in range(WRITE_TRIES - 1):
        try:
            return down(clock.due_now())
        except OperationalError:
            logger.warning("delivery.waiting to write down how it ended")
    return down(clock.due_now())


def _recover(at: datetime) -> None:
    """Take the mails of dead workers back into the house's hands."""
    expired = Delivery.objects.filter(state=DeliveryState.SENDING, lease_until__lt=at)
    _each(expired[:AT_A_TIME], lambda row: settling.lease_expired(row.pk, at))


def _tell_delayed(at: datetime) -> None:
    """Tell somebody of what has waited for four hours, once a mail."""
    late = Delivery.objects.filter(
        state__in=NOT_CLAIMED, first_due_at__lt=at - TELL_AFTER, delayed_task_at=None
    )
    _each(late[:AT_A_TIME], lambda row: _tell_of(row, at))


def _tell_of(delivery: Delivery, at: datetime) -> None:
    with transaction.atomic():
        # It may have left since it was listed: then nothing waits any more.
        mine = Delivery.objects.filter(pk=delivery.pk, state__in=NOT_CLAIMED, delayed_task_at=None)
        if mine.update(delayed_task_at=at) == 1:
            telling.delayed(_with_case(delivery.notice_id), at)


def _each(rows: Iterable[Delivery], job: Callable[[Delivery], None]) -> None:
    for row in rows:
        try:
            job(row)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # noqa: BLE001 - one bad row must not keep the others waiting
            logger.exception("delivery.stuck %s", row.pk)


def _reconcile(delivery: Delivery, filed_at: datetime | None, at: datetime) -> None:
    handed_over_at = delivery.handed_over_at or delivery.due_at
    if filed_at:
        settling.found_in_archive(delivery.pk, filed_at, at)
    elif at - handed_over_at >= ASK_AFTER:
        settling.ask(delivery.pk, at)


def _with_case(notice_id: UUID) -> Notice:
    return Notice.objects.select_related("case__advocate").get(pk=notice_id)
