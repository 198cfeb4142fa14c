"""What nobody has to file: advertising, mail that is not for us. It is kept, and can come back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from core.errors import WrongState
from notices.models import Message
from notices.reminding import plans


def set_aside(message: Message, actor: User, at: datetime) -> None:
    """Take a reply out of every list of what waits. It changes no clock and no link."""
    with transaction.atomic():
        if message.notice is not None:
            plans.locked(message.notice)
        waiting = message.as_read().filter(filed_at=None, set_aside_at=None)
        if waiting.update(set_aside_at=at, set_aside_by=actor) != 1:
            raise WrongState(_("Somebody else filed this reply or set it aside a moment ago."))
        message.set_aside_at, message.set_aside_by = at, actor
        if message.notice is not None:
            plans.replan(message.notice, at)
        record("reply.set_aside", actor, message.notice or message, at=at)


def bring_back(message: Message, actor: User, at: datetime) -> None:
    """Put a reply back among those that wait, whenever somebody finds that it matters."""
    with transaction.atomic():
        if message.notice is not None:
            plans.locked(message.notice)
        aside = message.as_read().exclude(set_aside_at=None)
        if aside.update(set_aside_at=None, set_aside_by=None) != 1:
            raise WrongState(_("Somebody else brought this reply back a moment ago."))
        message.set_aside_at, message.set_aside_by = None, None
        if message.notice is not None:
            plans.replan(message.notice, at)
        record("reply.brought_back", actor, message.notice or message, at=at)
