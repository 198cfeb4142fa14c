"""Many replies at once, each for itself: one that fails stops no other, and each result is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleBroken
from notices import answers
from notices.models import Message
from notices.replies import aside, filing
from notices.replies.proposing import details_read, proposal_of

AT_MOST = 100
RECEIPTS = "auto_receipt"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one reply, in words."""

    message: Message
    words: str
    is_done: bool


def file_many(messages: Iterable[Message], actor: User, at: datetime) -> list[Result]:
    """File the replies in which an automatic receipt is read, as that; leave every other one."""

    def file(message: Message) -> str:
        proposed = proposal_of(message)
        if proposed is None or proposed.family != RECEIPTS:
            raise RuleBroken(_("No automatic receipt is read in it. File it by itself."))
        filing.file(message, proposed.code, actor, at, details=details_read(message))
        return _("Filed: %(what)s.") % {"what": answers.answer(proposed.code).label}

    return _each(messages, file)


def set_many_aside(messages: Iterable[Message], actor: User, at: datetime) -> list[Result]:
    def put(message: Message) -> str:
        aside.set_aside(message, actor, at)
        return _("Set aside.")

    return _each(messages, put)


def _each(messages: Iterable[Message], verb: Callable[[Message], str]) -> list[Result]:
    results = []
    for message in messages:
        try:
            results.append(Result(message, verb(message), is_done=True))
        except RuleBroken as no:
            results.append(Result(message, no.sentence, is_done=False))
    return results
