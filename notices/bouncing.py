"""What their mail servers say later of a mail that left: delivered, delayed, or come back.

A notice that came back stays sent, with its own times: that it was sent is true, and what became of
it stands beside. Nothing here moves a clock.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from audit.chain import record
from core.addresses import token_of
from core.logs import redact
from notices import lifecycle, troubles
from notices.answers import Answer
from notices.models import Delivery, DeliveryAttempt, Message, Notice, Outcome
from notices.reading.bounces import Bounce as Report
from notices.sending import returned, settling, telling
from notices.states import DeliveryKind, DeliveryState
from platforms.models import ChannelTrouble, TroubleKind
from platforms.troubles import clear

logger = logging.getLogger(__name__)

RETRY_AFTER = timedelta(days=2)
# The clock of the machine that received the report may be behind the database's.
SLACK = timedelta(minutes=5)
UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
LEFT = (DeliveryState.SENT, DeliveryState.UNCONFIRMED, DeliveryState.SENDING)
REPORTED, FILED = "report", "filed"
NOT_READ, FULL = "bounced_not_read", "bounced_mailbox_full"
Said = Literal[
    "delivered",
    "delayed",
    "bounced_no_such_address",
    "bounced_refused",
    "bounced_mailbox_full",
    "bounced_not_read",
]
KINDS = {
    "bounced_no_such_address": TroubleKind.NO_SUCH_ADDRESS,
    "bounced_refused": TroubleKind.REFUSED,
    FULL: TroubleKind.MAILBOX_FULL,
    NOT_READ: TroubleKind.NOT_READ,
}


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report on one recipient: a code of the answers' bounce family, "delivered" or "delayed".

    `status` is theirs (5.1.1), `words` their server's sentence, `recipient` whom it is about.
    """

    said: Said
    status: str = ""
    words: str = ""
    recipient: str = ""


def heard(report: Report, recipients: Iterable[str], notice: Notice, at: datetime) -> bool:
    """Take in a mail server's report that came by mail; return whether it was about one of ours.

    `notice` is the one that the mail was matched to: a report about another is not believed, nor is
    one that neither keeps to the standard nor names our mail; that one a person files.
    """
    said = _said(report)
    is_clear = report.by_standard or report.message_ids
    delivery = find(report.message_ids, recipients) if said and is_clear else None
    if said is None or delivery is None or delivery.notice_id != notice.pk:
        return False
    note(delivery, Bounce(said, report.status, report.diagnostic, report.recipient), at)
    return True


def find(message_ids: Iterable[str], recipients: Iterable[str] = ()) -> Delivery | None:
    """Return the mail of ours that a report is about, or None.

    Both what the report returns (`message_ids`) and where it was sent (our unguessable reply
    address, among `recipients`) tell; where they tell different things, nobody is believed.
    """
    ids = [one for one in message_ids if one]
    tokens = {token for token in map(token_of, recipients) if token}
    rows = Delivery.objects.select_related("notice", "approval")
    if ids:
        found = rows.filter(message_id__in=ids).order_by("-made_at").first()
        fits = found is not None and (not tokens or found.approval.reply_token in tokens)
        return found if fits else None
    mine = rows.filter(approval__reply_token__in=tokens, handed_over_at__isnull=False)
    return mine.order_by("-handed_over_at").first()


def note(delivery: Delivery, bounce: Bounce, at: datetime, phase: str = REPORTED) -> None:
    """Take in what is said of a mail. `at` is when that was received.

    The same report again, or one about an earlier attempt, changes nothing.
    """
    with transaction.atomic():
        notice, row = settling.locked(delivery.pk)
        if _is_of_archive(row, bounce):
            _tell_of_archive(at)
        elif _is_news(row, bounce, at):
            if row.state != DeliveryState.SENT:  # that it is reported on proves that it left
                settling.settle(row, notice, at)
            settling.log(row, at, phase, bounce.status, _one_line(bounce))
            _take_in(row, notice, bounce, at)
            logger.info("delivery.reported %s %s", row.pk, bounce.said)


def note_filed(message: Message, answer: Answer, actor: User | None) -> None:
    """A person says that a reply is a bounce: the same follows as from a report that was read.

    Call it in the transaction of the filing.
    """
    delivery = _of(message) if answer.family == "bounce" else None
    if delivery is not None and actor is not None:
        words = _("filed by %(name)s") % {"name": actor.name}
        said: Said = answer.code  # type: ignore[assignment]
        if (message.reading.get("bounce") or {}).get("outcome") == "delayed":
            said = "delayed"  # their server still tries: sending again would deliver it twice
        note(delivery, Bounce(said, words=words), message.received_at, FILED)


def take_back(message: Message, actor: User, at: datetime) -> None:
    """Undo what a filing as a bounce did. What a report said by itself stands."""
    delivery = _of(message)
    if delivery is None:
        return
    mine = DeliveryAttempt.objects.filter(delivery=delivery, phase=FILED, at=message.received_at)
    notice, row = settling.locked(delivery.pk)
    if not mine.exists() or not _still_stands(row, message):
        return
    settling.log(row, at, FILED, "", _("taken back by %(name)s") % {"name": actor.name})
    lifecycle.stop_retries(notice)
    _change(row, bounced_at=None, bounce_code="", bounces=max(row.bounces - 1, 0))
    telling.over(notice.pk, at)
    for trouble in ChannelTrouble.objects.filter(
        channel=notice.channel, cleared_at=None, seen_at=message.received_at
    ):
        clear(trouble, actor, at)


def _said(report: Report) -> Said | None:
    """Return what a report means here; a complaint about us is none of a mail that came back."""
    if report.outcome in ("delivered", "relayed"):
        return "delivered"
    if report.outcome == "delayed":
        return "delayed"
    answer = report.answer if report.outcome == "failed" else ""
    return answer if answer in KINDS else None  # type: ignore[return-value]


def _of(message: Message) -> Delivery | None:
    """Return the newest mail that had left when this reply came."""
    if message.notice is None:
        return None
    left = message.notice.deliveries.filter(sent_at__lte=message.received_at)
    return left.order_by("-sent_at").first()


def _is_of_archive(row: Delivery, bounce: Bounce) -> bool:
    about = bounce.recipient.casefold()
    return about == row.archive_recipient.casefold() != row.recipient.casefold()


def _tell_of_archive(at: datetime) -> None:
    organisation = Organisation.current()
    if organisation is not None:
        telling.archive_comes_back(organisation, at)


def _is_news(row: Delivery, bounce: Bounce, at: datetime) -> bool:
    """Tell whether this is said of the newest attempt, and was not known."""
    if row.state not in LEFT or row.handed_over_at is None or at + SLACK < row.handed_over_at:
        return False
    if bounce.said == "delivered":
        return row.delivered_at is None
    return row.bounced_at is None


def _take_in(row: Delivery, notice: Notice, bounce: Bounce, at: datetime) -> None:
    if bounce.said == "delivered":
        _delivered(row, notice, at)
    elif bounce.said == FULL and row.bounces == 0:
        settling.send_again_later(row, at + RETRY_AFTER)
        _change(row, bounces=1)
    elif bounce.said == NOT_READ:
        troubles.found(notice, row, KINDS[NOT_READ], bounce.status, at)
    elif bounce.said in KINDS:
        returned.came_back(row, notice, KINDS[bounce.said], bounce.status, at)


def _delivered(row: Delivery, notice: Notice, at: datetime) -> None:
    _change(row, delivered_at=at)
    if row.kind == DeliveryKind.NOTICE:
        waiting = Outcome.objects.filter(notice=notice, delivered_at=None, sent_at__lte=at)
        waiting.update(delivered_at=at)
    record("delivery.delivered", None, notice, at=at, delivery=row.pk)


def _one_line(bounce: Bounce) -> str:
    """Return their words as one line without addresses: it is shown, and printed."""
    words = f"{bounce.said.removeprefix('bounced_').replace('_', ' ')}: {bounce.words}"
    return redact(UNPRINTABLE.sub(" ", words).strip(" :"))[:200]


def _still_stands(row: Delivery, message: Message) -> bool:
    """Tell whether nothing newer came since: then only what the filing did is undone."""
    return row.bounced_at in (None, message.received_at)


def _change(row: Delivery, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
