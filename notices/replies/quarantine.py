"""Mails that could not be read: nothing of them is lost, and a person decides what happens next."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain import record
from core.errors import WrongState
from notices.models import ReceivedMail
from notices.states import MailState
from notices.tasks import nudge_reading


def try_again(mail: ReceivedMail, actor: User, at: datetime) -> None:
    """Let the machine read it once more, with all its tries."""
    fresh = {"attempts": 0, "next_try_at": at, "trouble": ""}
    with transaction.atomic():
        _move(mail, MailState.QUARANTINED, MailState.STORED, actor, at, "mail.tried_again", **fresh)
        transaction.on_commit(nudge_reading, robust=True)


def set_aside(mail: ReceivedMail, actor: User, at: datetime) -> None:
    """Decide that nobody has to read it. It is kept."""
    _move(mail, MailState.QUARANTINED, MailState.SET_ASIDE, actor, at, "mail.set_aside")


def bring_back(mail: ReceivedMail, actor: User, at: datetime) -> None:
    _move(mail, MailState.SET_ASIDE, MailState.QUARANTINED, actor, at, "mail.brought_back")


def _move(
    mail: ReceivedMail,
    old: MailState,
    new: MailState,
    actor: User,
    at: datetime,
    verb: str,
    **changes: Any,
) -> None:
    with transaction.atomic():
        as_seen = ReceivedMail.objects.filter(pk=mail.pk, state=old)
        if as_seen.update(state=new, **changes) != 1:
            raise WrongState(_("Somebody else decided about this mail a moment ago."))
        mail.state = new
        record(verb, actor, mail, at=at)
