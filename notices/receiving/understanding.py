"""The second step: what a stored mail says, tried three times, then put where a person sees it.

Each try is counted and committed before it begins, so that a mail that kills whoever reads it is
not read for ever.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import F

from audit.chain import record
from cases import timeline
from cases.models import Case
from core import clock, faults, keystore
from core.keystore import KeyDestroyed
from notices import bouncing, references
from notices.models import Message, Notice, ReceivedMail
from notices.reading.bounces import Outcome
from notices.reading.parsed import Parsed
from notices.receiving import parsing, texts
from notices.receiving.meaning import Meaning, meaning_of
from notices.receiving.parsing import CannotRead
from notices.reminding import plans
from notices.states import Direction, MailState, Source, Via

logger = logging.getLogger(__name__)

TRIES = 3
# Longer than any try lasts: whoever began one and is not back by then has died of it.
LEASE = timedelta(seconds=90)
PAUSE = timedelta(seconds=15)
ROUND_SECONDS = 35.0
AT_A_TIME = 50
# A mail server gives a mail up after five days; a clock that is further behind is wrong.
LONGEST_JOURNEY = timedelta(days=7)
# Clocks of two machines differ a little.
AHEAD = timedelta(minutes=2)


def understand_stored() -> int:
    """Understand what waits; return how many mails were read."""
    ends, read = monotonic() + ROUND_SECONDS, 0
    while monotonic() < ends:
        at = clock.due_now()
        give_up(at)
        waiting = _waiting(at)
        if not waiting:
            break
        for mail_id in waiting:
            # Judged by `at`, its lease would be over before a late one is begun.
            if monotonic() >= ends:
                break
            read += _one(mail_id, at)
    return read


def give_up(at: datetime) -> int:
    """Put into quarantine what was tried often enough and what killed its last reader."""
    rows = ReceivedMail.objects.filter(
        state=MailState.STORED, attempts__gte=TRIES, next_try_at__lte=at
    )
    rows.filter(trouble="").update(trouble="died")
    return rows.update(state=MailState.QUARANTINED)


def _waiting(at: datetime) -> list[UUID]:
    rows = ReceivedMail.objects.filter(state=MailState.STORED, next_try_at__lte=at)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:AT_A_TIME])


def _one(mail_id: UUID, at: datetime) -> bool:
    try:
        with keystore.scope():
            understand(mail_id, at)
    except OperationalError:
        # The database is away, not the mail bad.
        raise
    except Exception:  # noqa: BLE001 - one bad mail must not keep the others waiting
        logger.exception("mail.not_understood %s", mail_id)
        _failed(mail_id, "error", at)
        return False
    return True


def understand(mail_id: UUID, at: datetime) -> Message | None:
    """Try to read one stored mail; return its message, or None when there is none to make.

    None: somebody else reads it, it cannot be read (yet), or it came before by another way.
    """
    waiting = ReceivedMail.objects.filter(
        pk=mail_id, state=MailState.STORED, attempts__lt=TRIES, next_try_at__lte=at
    )
    if waiting.update(attempts=F("attempts") + 1, next_try_at=at + LEASE) != 1:
        return None
    faults.point("mail_attempt")
    mail = ReceivedMail.objects.get(pk=mail_id)
    try:
        parsed = _parsed(mail)
    except CannotRead as error:
        _failed(mail_id, error.word, at)
        return None
    return _keep(mail, parsed, meaning_of(parsed, mail.received_at), at)


def _failed(mail_id: UUID, word: str, at: datetime) -> None:
    tried = ReceivedMail.objects.filter(pk=mail_id, state=MailState.STORED)
    tried.update(trouble=word[:60], next_try_at=at + PAUSE)
    tried.filter(attempts__gte=TRIES).update(state=MailState.QUARANTINED)
    logger.warning("mail.unreadable %s %s", mail_id, word)


def _parsed(mail: ReceivedMail) -> Parsed:
    """Return the mail's fields; the addresses of its envelope are recipients as well."""
    parsed = parsing.parse(mail.stripped)
    to = [address for address in mail.envelope.get("to", []) if address not in parsed.recipients]
    return replace(
        parsed,
        recipients=(*parsed.recipients, *to),
        dropped=tuple(texts.stub(each) for each in mail.dropped),
    )


def _keep(mail: ReceivedMail, parsed: Parsed, meaning: Meaning, at: datetime) -> Message | None:
    notice = meaning.notice if meaning.is_sure else None
    own_key = mail.key_id
    with transaction.atomic():
        if notice is not None:
            Case.objects.select_for_update(no_key=True).get(pk=notice.case_id)
        others = _others(mail)
        ours = ReceivedMail.objects.filter(pk=mail.pk, state=MailState.STORED)
        if ours.update(state=MailState.UNDERSTOOD, trouble="") != 1:
            return None
        message = _message(mail, parsed, meaning, at)
        if any(_is_same(message, other) for other in others):
            return None
        message.save(force_insert=True)
        if notice is not None:
            mail.save(update_fields=mail.move_to_key(notice.ensure_key()))
            references.learn(message, at)
            _hear(message, notice, meaning, parsed, at)
            plans.block(notice, at)
            timeline.add(notice.case, "reply.received", None, at, subject=notice, params={})
            transaction.on_commit(lambda: keystore.destroy(own_key), robust=True)
        record("reply.received", None, notice or message, at=at, via=Via.MAIL)
        faults.point("mail_understood")
    return message


def _hear(message: Message, notice: Notice, meaning: Meaning, parsed: Parsed, at: datetime) -> None:
    """Take in a mail server's report. One that all went well asks nobody to read it."""
    report = meaning.report
    if report is None or message.mail is None:
        return
    is_ours = bouncing.heard(report, parsed.recipients, notice, message.mail.received_at)
    if is_ours and report.outcome in (Outcome.DELIVERED, Outcome.RELAYED):
        Message.objects.filter(pk=message.pk).update(set_aside_at=at)


def _others(mail: ReceivedMail) -> list[Message]:
    """Return the messages of mails with the same Message-ID, all such mails locked."""
    if not mail.message_id_index:
        return []
    rows = ReceivedMail.objects.filter(message_id_index=mail.message_id_index)
    locked = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    others = [pk for pk in locked if pk != mail.pk]
    found = Message.objects.select_related("mail").filter(mail__in=others)
    return list(found) if others else []


def _is_same(message: Message, other: Message) -> bool:
    """Tell whether a mail came before, by another of its addresses: only its journey differs."""
    if message.mail is None or other.mail is None or message.mail.dropped != other.mail.dropped:
        return False
    names = ("sender", "subject", "text", "quoted")
    try:
        return all(getattr(message, name) == getattr(other, name) for name in names)
    except KeyDestroyed:
        return False


def _message(mail: ReceivedMail, parsed: Parsed, meaning: Meaning, at: datetime) -> Message:
    notice = meaning.notice if meaning.is_sure else None
    received_at, claimed_at = moment_of(parsed.date, mail, notice)
    return Message(
        key_id=notice.ensure_key() if notice else mail.key_id,
        mail=mail,
        notice=notice,
        direction=Direction.RECEIVED,
        via=Via.MAIL,
        sender=f"{parsed.from_name} <{parsed.from_address}>".strip(),
        subject=parsed.subject,
        text=meaning.text,
        quoted=meaning.quoted,
        received_at=received_at,
        claimed_at=claimed_at,
        logged_at=at,
        guess=None if meaning.is_sure else meaning.notice,
        confidence=meaning.confidence,
        reasons=meaning.reasons,
        matched_at=at if notice else None,
        matched_by_machine=notice is not None,
        genuineness=meaning.genuineness,
        verdicts=meaning.verdicts,
        proposed=meaning.proposed,
        reading=meaning.reading,
    )


def moment_of(
    claimed: datetime | None, mail: ReceivedMail, notice: Notice | None
) -> tuple[datetime, datetime | None]:
    """Return when the mail counts as received, and their moment where theirs cannot be true.

    Nobody answers before we wrote, and no mail arrives before it was written.
    """
    arrived = mail.received_at
    began = notice.sent_at if notice and notice.sent_at else None
    earliest = None if mail.source == Source.FILES else arrived - LONGEST_JOURNEY
    bounds = [bound.replace(microsecond=0) for bound in (began, earliest) if bound is not None]
    is_true = claimed is not None and all(bound <= claimed for bound in bounds)
    ahead = claimed - arrived if claimed else timedelta(0)
    received_at = claimed if claimed and is_true and ahead <= timedelta(0) else arrived
    received_at = max(received_at, began) if began else received_at
    return received_at, None if is_true and ahead <= AHEAD else claimed
