"""Answers that somebody pasted or was told: on a page of theirs, on the phone, by post."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case
from core import blind
from core.errors import RuleBroken
from notices.models import Message, Notice
from notices.reminding import plans
from notices.replies.belonging import refuse_before_sending
from notices.states import Direction, Via


def receive(
    notice: Notice | None,
    actor: User,
    at: datetime,
    *,
    text: str,
    received_at: datetime,
    sender: str = "",
    via: str = Via.MAIL,
    form: str = "",
    **understood: Any,
) -> Message:
    """Store an answer that somebody pasted or was told. What it means is filed in a second step.

    `understood` is what the machine read in it, by the names of the model's fields. `form` is the
    token of the page on which it was written: the same words from it once more, after a double
    click or a lost connection, are the reply that is here already. Two pages make two replies.
    """
    if received_at > at:
        raise RuleBroken(_("This moment has not come yet. When did the answer arrive?"))
    if notice is not None:
        refuse_before_sending(notice, received_at)
    with transaction.atomic():
        if notice is not None:
            Case.objects.select_for_update(no_key=True).only("pk").get(pk=notice.case_id)
        message, is_new = Message.objects.get_or_create(
            form_index=_index(form, actor, notice, received_at, sender, via, text),
            defaults={
                "notice": notice,
                "direction": Direction.RECEIVED,
                "via": via,
                "sender": sender,
                "text": text,
                "received_at": received_at,
                "logged_by": actor,
                "logged_at": at,
                **understood,
            },
        )
        if not is_new:
            return message
        if notice is not None:
            plans.block(notice, at)
            timeline.add(notice.case, "reply.received", actor, at, subject=notice, params={})
        record("reply.received", actor, notice or message, at=at, via=via)
    return message


def _index(form: str, actor: User, notice: Notice | None, *filled_in: object) -> UUID:
    """Return under which value a filled-in form is found again; corrected, it is another one."""
    parts = (form or uuid4(), actor.pk, notice and notice.pk, *filled_in)
    return UUID(blind.exact("form", "\x00".join(map(str, parts)))[:32])
