"""To which notice a reply belongs: said by a person, or undone where a machine said it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from cases import timeline
from core.errors import RuleBroken, WrongState
from notices.models import Message, Notice


def match(message: Message, notice: Notice, actor: User, at: datetime) -> None:
    """Say to which notice an answer belongs; from then on the case's key seals it."""
    refuse_before_sending(notice, message.received_at)
    with transaction.atomic():
        free = Message.objects.select_for_update().filter(pk=message.pk, notice=None)
        if not free.exists():
            raise WrongState(_("Somebody else matched this reply a moment ago."))
        sealed = (message.sender, message.subject, message.text, message.details)
        message.notice, message.key_id = notice, notice.ensure_key()
        message.sender, message.subject, message.text, message.details = sealed
        message.save()
        timeline.add(notice.case, "reply.received", actor, at, subject=notice, params={})
        record("reply.matched", actor, notice, at=at)


def refuse_before_sending(notice: Notice, received_at: datetime) -> None:
    if notice.sent_at is None:
        raise RuleBroken(_("%(code)s has not been sent, so it has no answer.") % _code(notice))
    # Minutes are typed without seconds.
    if received_at < notice.sent_at.replace(second=0, microsecond=0):
        raise RuleBroken(
            _("%(code)s was sent later than that. When did the answer arrive?") % _code(notice)
        )


def _code(notice: Notice) -> dict[str, str]:
    return {"code": notice.code}
