"""What must still hold when a mail is about to leave: asked inside the claim, under its locks."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Organisation
from cases import mandates
from cases.models import Mandate
from cases.states import CaseStatus
from core.addresses import is_address, is_harmless
from core.crypto import Unreadable
from core.keystore import KeyDestroyed
from notices import facts
from notices.models import Approval, Delivery, Notice
from notices.reminding import knowing, planning
from notices.states import DeliveryKind, NoticeStatus

READY = {
    DeliveryKind.NOTICE: NoticeStatus.APPROVED,
    DeliveryKind.REMINDER: NoticeStatus.SENT,
    DeliveryKind.ANSWER: NoticeStatus.SENT,
}


def is_over(delivery: Delivery, notice: Notice, at: datetime) -> bool:
    """Tell whether nobody wants this mail to leave any more: withdrawn, or approved no longer.

    A reminder is over, too, when an unread reply, an answer of theirs or a pause stands before it.
    """
    has_left = delivery.sent_at is not None
    wanted = NoticeStatus.SENT if has_left else READY[DeliveryKind(delivery.kind)]
    if notice.status != wanted or delivery.approval.voided_at is not None:
        return True
    return delivery.kind == DeliveryKind.REMINDER and bool(_no_reminder(delivery, notice, at))


def objection(
    delivery: Delivery,
    notice: Notice,
    organisation: Organisation,
    at: datetime,
    content: bytes | None = None,
) -> str:
    """Return the first reason why this mail may not leave, as a sentence, or an empty text.

    `content` is what is about to leave, once it was read; before that it is read here.
    """
    checks: Iterator[Callable[[], str]] = iter(
        (
            lambda: _status(delivery, notice, at),
            lambda: _case(notice),
            lambda: _mandate(delivery.approval, notice, organisation, at),
            lambda: _addresses(delivery, organisation),
            lambda: _bytes(delivery, notice, content),
        )
    )
    return next((sentence for check in checks if (sentence := check())), "")


def _status(delivery: Delivery, notice: Notice, at: datetime) -> str:
    if not is_over(delivery, notice, at):
        return ""
    if delivery.kind == DeliveryKind.REMINDER and notice.status == NoticeStatus.SENT:
        return _no_reminder(delivery, notice, at)
    return _("%(code)s is not approved any more, so it did not leave.") % _code(notice)


def _no_reminder(delivery: Delivery, notice: Notice, at: datetime) -> str:
    known = knowing.picture(notice, at, but=delivery.pk).known
    return planning.objection(known, at)


def _case(notice: Notice) -> str:
    if notice.case.is_minor_pathway:
        return _("%(code)s did not leave: its case goes the under-18 route.") % _code(notice)
    if notice.case.status not in {CaseStatus.NEW, CaseStatus.ACTIVE}:
        return _(
            "%(code)s did not leave: its case is paused or closed. Resume the case, then send "
            "it again."
        ) % _code(notice)
    return ""


def _mandate(approval: Approval, notice: Notice, organisation: Organisation, at: datetime) -> str:
    day = organisation.day_at(at)
    named = Mandate.objects.filter(pk=approval.mandate_id).first() if approval.mandate_id else None
    stands = approval.mandate_id is None or (named and mandates.is_live(named, day))
    if stands and facts.has_needed_mandate(notice, organisation, day):
        return ""
    return _(
        "%(code)s did not leave: no mandate covers it now. Ask the person, record what she agrees "
        "to, then send it again."
    ) % _code(notice)


def _addresses(delivery: Delivery, organisation: Organisation) -> str:
    both = (delivery.recipient, delivery.archive_recipient)
    if not all(is_address(address) for address in both):
        return _("%(code)s did not leave: an address of it cannot be written to.") % _code(
            delivery.notice
        )
    invented = settings.DEMO or organisation.is_demo
    if invented and not all(is_harmless(address) for address in both):
        return _(
            "%(code)s did not leave: with invented cases, mail goes to made-up addresses only."
        ) % _code(delivery.notice)
    return ""


def _bytes(delivery: Delivery, notice: Notice, content: bytes | None) -> str:
    try:
        content = delivery.content if content is None else content
        same = hashlib.sha256(content).hexdigest() == delivery.sha256
    except (KeyDestroyed, Unreadable):
        content, same = b"", False
    if same and content:
        return ""
    return _(
        "%(code)s did not leave: the stored mail is not the one that was approved. Have it "
        "approved again."
    ) % _code(notice)


def _code(notice: Notice) -> dict[str, str]:
    return {"code": notice.code}
