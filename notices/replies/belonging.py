"""To which notice a reply belongs: said by a person, or undone where somebody was wrong."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case
from core import keystore
from core.errors import RuleBroken, WrongState
from notices import references
from notices.models import Message, Notice, ReceivedMail, Reference
from notices.reminding import plans

UNDO_WITHIN = timedelta(minutes=10)


def match(message: Message, notice: Notice, actor: User, at: datetime) -> None:
    """Say to which notice an answer belongs; from then on the case's key seals it."""
    refuse_before_sending(notice, message.received_at)
    with transaction.atomic():
        _hold(notice)
        waiting = message.as_read().filter(notice=None, set_aside_at=None)
        if waiting.update(notice=notice, matched_at=at, matched_by_machine=False) != 1:
            raise WrongState(_("Somebody else decided about this reply a moment ago."))
        message.notice, message.matched_at, message.matched_by_machine = notice, at, False
        own = _seal_with(message, notice.ensure_key())
        transaction.on_commit(lambda: _destroy(own), robust=True)
        references.learn(message, at)
        plans.replan(notice, at)
        timeline.add(notice.case, "reply.received", actor, at, subject=notice, params={})
        record("reply.matched", actor, notice, at=at)


def accept_guess(message: Message, actor: User, at: datetime) -> Notice:
    """Say yes to the notice that is proposed."""
    if message.guess is None:
        raise RuleBroken(_("No notice is proposed for this reply (any more)."))
    match(message, message.guess, actor, at)
    return message.guess


def reject_guess(message: Message, actor: User, at: datetime) -> None:
    """Say that the proposed notice is not the one. What was proposed is kept for the undo."""
    guess = message.guess
    if guess is None:
        raise RuleBroken(_("No notice is proposed for this reply (any more)."))
    turned_down = {
        "notice": str(guess.pk), "confidence": message.confidence,
        "reasons": message.reasons, "at": at.isoformat(),
    }  # fmt: skip
    message.reading = {**message.reading, "turned_down": turned_down}
    with transaction.atomic():
        _replace_guess(message, guess, None, None, [])
        message.save(update_fields=["reading"])
        record("reply.guess_rejected", actor, guess, at=at)


def bring_back_guess(message: Message, actor: User, at: datetime) -> None:
    """Take "not this one" back within ten minutes."""
    turned_down = message.reading.get("turned_down")
    if not turned_down or at - datetime.fromisoformat(turned_down["at"]) > UNDO_WITHIN:
        raise RuleBroken(_("That was more than ten minutes ago. Write the code instead."))
    guess = Notice.objects.filter(pk=turned_down["notice"]).first()
    message.reading = {k: v for k, v in message.reading.items() if k != "turned_down"}
    with transaction.atomic():
        _replace_guess(
            message, None, guess, turned_down["confidence"], turned_down["reasons"]
        )  # fmt: skip
        message.save(update_fields=["reading"])
        record("reply.guess_brought_back", actor, guess or message, at=at)


def detach(message: Message, actor: User, at: datetime) -> None:
    """Undo a match: a machine's until the reply is filed, a person's for ten minutes.

    The reply waits to be matched again, sealed with a key of its own.
    """
    notice = message.notice
    if notice is None:
        raise WrongState(_("This reply belongs to no notice (any more)."))
    if not may_be_detached(message, at):
        raise RuleBroken(_("This was matched more than ten minutes ago, or is filed already."))
    own_key = keystore.create()
    with transaction.atomic():
        _hold(notice)
        as_seen = message.as_read().filter(filed_at=None)
        changes: dict[str, Any] = {"matched_at": None, "matched_by_machine": False}
        if message.matched_by_machine:
            changes |= {"guess": None, "confidence": None, "reasons": []}
        if as_seen.update(notice=None, **changes) != 1:
            raise WrongState(_("Somebody else filed or moved this reply a moment ago."))
        Reference.objects.filter(message=message).delete()
        _seal_with(message, own_key)
        plans.replan(notice, at)
        timeline.add(notice.case, "reply.detached", actor, at, subject=notice, params={})
        record("reply.detached", actor, notice, at=at)
    message.refresh_from_db()


def may_be_detached(message: Message, at: datetime) -> bool:
    """Tell whether a match can be undone with one click. A pasted reply was put there by hand."""
    if message.notice_id is None or message.filed_at or message.matched_at is None:
        return False
    return message.matched_by_machine or at - message.matched_at <= UNDO_WITHIN


def refuse_before_sending(notice: Notice, received_at: datetime) -> None:
    if notice.sent_at is None:
        raise RuleBroken(_("%(code)s has not been sent, so it has no answer.") % _code(notice))
    # Minutes are typed without seconds.
    if received_at < notice.sent_at.replace(second=0, microsecond=0):
        raise RuleBroken(
            _("%(code)s was sent later than that. When did the answer arrive?") % _code(notice)
        )


def _hold(notice: Notice) -> None:
    """Lock the case first, as every verb does: two people at one reply wait, and none for ever."""
    Case.objects.select_for_update(no_key=True).get(pk=notice.case_id)


def _replace_guess(
    message: Message,
    old: Notice | None,
    new: Notice | None,
    confidence: float | None,
    reasons: list[str],
) -> None:
    as_seen = message.as_read().filter(notice=None, guess=old)
    if as_seen.update(guess=new, confidence=confidence, reasons=reasons) != 1:
        raise WrongState(_("Somebody else decided about this reply a moment ago."))
    message.guess, message.confidence, message.reasons = new, confidence, reasons


def _seal_with(message: Message, key_id: UUID) -> set[UUID]:
    """Close the reply, and the mail it came in, under another key; return the keys of before."""
    rows: tuple[Message | ReceivedMail | None, ...] = (message, message.mail)
    before = set()
    for row in rows:
        if row is not None:
            before.add(row.ensure_key())
            row.save(update_fields=row.move_to_key(key_id))
    return before - {key_id}


def _destroy(keys: set[UUID]) -> None:
    """Let no backup of an earlier day open a reply whose case was erased since."""
    for key_id in keys:
        keystore.destroy(key_id)


def _code(notice: Notice) -> dict[str, str]:
    return {"code": notice.code}
