"""Answers that somebody pasted or was told: on a page of theirs, on the phone, by post."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from cases.models import Case
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
    **understood: Any,
) -> Message:
    """Store an answer that somebody pasted or was told. What it means is filed in a second step.

    `understood` is what the machine read in it, by the names of the model's fields.
    """
    if received_at > at:
        raise RuleBroken(_("This moment has not come yet. When did the answer arrive?"))
    if notice is not None:
        refuse_before_sending(notice, received_at)
    with transaction.atomic():
        if notice is not None:
            Case.objects.select_for_update(no_key=True).only("pk").get(pk=notice.case_id)
        message = Message.objects.create(
            notice=notice,
            direction=Direction.RECEIVED,
            via=via,
            sender=sender,
            text=text,
            received_at=received_at,
            logged_by=actor,
            logged_at=at,
            **understood,
        )
        if notice is not None:
            plans.block(notice, at)
            timeline.add(notice.case, "reply.received", actor, at, subject=notice, params={})
        record("reply.received", actor, notice or message, at=at, via=via)
    return message
