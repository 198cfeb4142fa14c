"""Digests on their way: a row a person and day, claimed by one worker, handed over once.

From just before the final dot a row says `unconfirmed`, and only an answer changes that. So what
is found `sending` after its lease certainly did not leave and is tried again; what is found
`unconfirmed` never is. The stop switch is about notices to platforms: digests to staff go on.
"""

import logging
from datetime import date, datetime, timedelta
from time import monotonic
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db.models import F, Q, QuerySet

from accounts.mail import NoSubmissionServer, submission
from accounts.models import Digest, Organisation, User
from core import clock, faults, keystore
from core.addresses import is_harmless
from insights.digests import saying, timing
from insights.models import DigestMail
from notices.sending.smtp import Connection, Envelope, NotSent, Unknown
from notices.states import DeliveryState

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
# A day's digest is worth nothing the next day: six tries a quarter of an hour apart are enough.
TRY_AGAIN_AFTER = timedelta(minutes=15)
MOST_TRIES = 6
ROUND_SECONDS = 35.0
AT_A_TIME = 200


class _CalledBack(Exception):
    """Before the final dot she lost her seat, wanted no more digests, or another worker took it."""


class _ServerTrouble(Exception):
    """The organisation's own server is the reason: the next digest would fare no better."""


def send_due() -> int:
    """Write down whose digest is due, hand over what waits, and return how many left."""
    organisation = Organisation.current()
    if organisation is None:
        return 0
    _queue(organisation, clock.due_now())
    try:
        server = submission()
    except NoSubmissionServer:
        return 0
    with Connection(server) as connection:
        return _send_all(connection, organisation)


def waiting(at: datetime) -> list[UUID]:
    """Return the ids of digests that may be handed over now."""
    return list(_free(at).order_by("due_at").values_list("pk", flat=True)[:AT_A_TIME])


def _free(at: datetime) -> QuerySet[DigestMail]:
    due = Q(state__in=[DeliveryState.QUEUED, DeliveryState.DEFERRED], due_at__lte=at)
    left_behind = Q(state=DeliveryState.SENDING, lease_until__lt=at)
    return DigestMail.objects.filter(due | left_behind)


def _queue(organisation: Organisation, at: datetime) -> None:
    """Make the rows of this day. Two workers make each once: the database sees to that."""
    users = User.objects.filter(is_active=True).exclude(digest=Digest.NONE)
    recent = DigestMail.objects.filter(day__gte=at.date() - timedelta(days=1))
    known = set(recent.values_list("user_id", "day"))
    due = [(user, timing.day_of(user, at)) for user in users]
    rows = [
        _row(user, day, organisation, at)
        for user, day in due
        if day and (user.pk, day) not in known
    ]
    DigestMail.objects.bulk_create(rows, ignore_conflicts=True)


def _row(user: User, day: date, organisation: Organisation, at: datetime) -> DigestMail:
    domain = organisation.role_mailbox.rpartition("@")[2]
    return DigestMail(
        user=user,
        day=day,
        message_id=f"<{uuid4().hex}@{domain}>",
        state=DeliveryState.QUEUED,
        made_at=at,
        due_at=at,
    )


def _send_all(connection: Connection, organisation: Organisation) -> int:
    ends, sent = monotonic() + ROUND_SECONDS, 0
    for digest_id in waiting(clock.due_now()):
        if monotonic() > ends:
            break
        try:
            with keystore.scope():
                sent += _send(connection, organisation, digest_id)
        except _ServerTrouble:
            break
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # noqa: BLE001 - one bad digest must not keep the others waiting
            logger.exception("digest.stuck %s", digest_id)
            connection.close()
    return sent


def _send(connection: Connection, organisation: Organisation, digest_id: UUID) -> bool:
    at = clock.due_now()
    digest = _claim(digest_id, organisation, at)
    if digest is None:
        return False
    faults.point("digest_claimed")
    content = saying.mail(digest.user, organisation.role_mailbox, digest.message_id, at)
    if content is None:
        _held(digest).update(state=DeliveryState.CANCELLED)
        return False
    return _hand_over(
        connection, digest, Envelope(organisation.role_mailbox, digest.user.email), content
    )


def _claim(digest_id: UUID, organisation: Organisation, at: datetime) -> DigestMail | None:
    """Take one digest, unless it must wait or is over; return it as claimed.

    Another worker may have sent it since it was listed: then it is not free any more.
    """
    digest = _free(at).select_related("user").filter(pk=digest_id).first()
    if digest is None:
        return None
    as_seen = DigestMail.objects.filter(pk=digest_id, state=digest.state, attempts=digest.attempts)
    if _is_over(digest, organisation, at):
        as_seen.update(state=DeliveryState.CANCELLED)
        return None
    if timing.is_quiet(digest.user, at):
        return None
    values = {"state": DeliveryState.SENDING, "lease_until": at + LEASE}
    if as_seen.update(attempts=F("attempts") + 1, **values) != 1:
        return None
    digest.attempts += 1
    return digest


def _is_over(digest: DigestMail, organisation: Organisation, at: datetime) -> bool:
    user = digest.user
    invented = settings.DEMO or organisation.is_demo
    return (
        not user.is_active
        or user.digest == Digest.NONE
        or timing.is_over(user, digest.day, at)
        or digest.attempts >= MOST_TRIES
        or (invented and not is_harmless(user.email))
    )


def _hand_over(
    connection: Connection, digest: DigestMail, envelope: Envelope, content: bytes
) -> bool:
    try:
        connection.hand_over(envelope, content, lambda: _reach_the_dot(digest))
    except NotSent as error:
        _refused(digest, error, clock.due_now())
        if error.is_ours:
            raise _ServerTrouble from error
        return False
    except Unknown:
        logger.warning("digest.unconfirmed %s", digest.pk)
        return False
    except _CalledBack:
        _held(digest).update(state=DeliveryState.CANCELLED)
        return False
    faults.point("digest_accepted")
    values = {"state": DeliveryState.SENT, "sent_at": clock.due_now()}
    DigestMail.objects.filter(pk=digest.pk, attempts=digest.attempts).update(**values)
    logger.info("digest.sent %s", digest.pk)
    return True


def _reach_the_dot(digest: DigestMail) -> None:
    """Commit that nobody can know any more; the last moment at which a seat or a wish ends it."""
    wanted = User.objects.filter(pk=digest.user_id, is_active=True).exclude(digest=Digest.NONE)
    mine = _held(digest).filter(user__in=wanted)
    if mine.update(state=DeliveryState.UNCONFIRMED, lease_until=None) != 1:
        raise _CalledBack


def _refused(digest: DigestMail, error: NotSent, at: datetime) -> None:
    state = DeliveryState.FAILED if error.is_final else DeliveryState.DEFERRED
    mine = DigestMail.objects.filter(pk=digest.pk, attempts=digest.attempts)
    mine.update(state=state, due_at=at + TRY_AGAIN_AFTER, lease_until=None)
    logger.info("digest.refused %s %s %s", digest.pk, error.phase, error.code)


def _held(digest: DigestMail) -> QuerySet[DigestMail]:
    """Return the row while this worker's claim stands."""
    return DigestMail.objects.filter(
        pk=digest.pk, state=DeliveryState.SENDING, attempts=digest.attempts
    )
