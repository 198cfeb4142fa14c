"""The second step: what a stored mail says, tried three times, then put where a person sees it.

Each try is counted and committed before it begins, so that a mail that kills whoever reads it is
not read for ever.
"""

import logging
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
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
from notices.receiving.meaning import Meaning, Office, meaning_of
from notices.receiving.parsing import CannotRead
from notices.reminding import plans
from notices.replies import filing
from notices.states import Direction, MailState, Source, Via

logger = logging.getLogger(__name__)

TRIES = 3
# Longer than any try lasts: whoever began one and is not back by then has died of it.
LEASE = timedelta(seconds=90)
PAUSE = timedelta(seconds=15)
ROUND_SECONDS = 35.0
AT_A_TIME = 50
READ = ("state", "trouble")
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
        office, keys = Office.current(), keystore.opened(waiting.values())
        for mail_id, key_id in waiting.items():
            # Judged by `at`, its lease would be over before a late one is begun.
            if monotonic() >= ends:
                break
            with keystore.scope({key_id: keys[key_id]} if key_id in keys else keystore.NONE):
                read += _one(mail_id, at, office)
    return read


def give_up(at: datetime) -> int:
    """Put into quarantine what was tried often enough and what killed its last reader."""
    rows = ReceivedMail.objects.filter(
        state=MailState.STORED, attempts__gte=TRIES, next_try_at__lte=at
    )
    rows.filter(trouble="").update(trouble="died")
    return rows.update(state=MailState.QUARANTINED)


def _waiting(at: datetime) -> dict[UUID, UUID]:
    """Return the mails to be read, each with its key, in the order in which they are due."""
    rows = ReceivedMail.objects.filter(state=MailState.STORED, next_try_at__lte=at)
    return dict(rows.order_by("next_try_at").values_list("pk", "key_id")[:AT_A_TIME])


def _one(mail_id: UUID, at: datetime, office: Office) -> bool:
    try:
        understand(mail_id, at, office)
    except (OperationalError, SoftTimeLimitExceeded):
        # The database is away or the time is up, not the mail bad.
        raise
    except Exception:  # noqa: BLE001 - one bad mail must not keep the others waiting
        logger.exception("mail.not_understood %s", mail_id)
        _failed(mail_id, "error", at)
        return False
    return True


def understand(mail_id: UUID, at: datetime, office: Office | None = None) -> Message | None:
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
    meaning = meaning_of(parsed, mail.received_at, office or Office.current())
    return _keep(mail, parsed, meaning, at)


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
            cases = Case.objects.select_for_update(no_key=True).only("key_id")
            notice.case = cases.get(pk=notice.case_id)
        states = _locked(mail)
        if states.pop(mail.pk, None) != MailState.STORED:
            return None
        mail.state, mail.trouble = MailState.UNDERSTOOD, ""
        message = _message(mail, parsed, meaning, at)
        if any(_is_same(message, other) for other in _others(states)):
            mail.save(update_fields=READ)
            return None
        message.save(force_insert=True)
        moved = mail.move_to_key(notice.ensure_key()) if notice else []
        mail.save(update_fields=[*READ, *moved])
        if notice is not None:
            references.learn(message, at)
            _hear(message, notice, meaning, parsed, at)
            timeline.add(notice.case, "reply.received", None, at, subject=notice, params={})
            if meaning.files_itself and notice.sent_at is not None:
                filing.file_receipt(message, at)
            else:
                plans.block(notice, at)
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


def _locked(mail: ReceivedMail) -> dict[UUID, str]:
    """Lock a mail and all others with its Message-ID; return the state of each."""
    index = mail.message_id_index
    rows = ReceivedMail.objects.filter(**{"message_id_index": index} if index else {"pk": mail.pk})
    return dict(rows.select_for_update().order_by("pk").values_list("pk", "state"))


def _others(mails: Collection[UUID]) -> Iterable[Message]:
    return Message.objects.select_related("mail").filter(mail__in=mails) if mails else ()


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
