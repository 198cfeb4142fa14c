"""Mails as the machine leaves them, and reading one anew."""

from typing import Any

from notices.models import Message, Notice
from notices.replies.proposing import proposal_of
from tests import factories

GUESSED = {"confidence": 0.7, "reasons": ["sender_domain", "one_open_notice"]}
READS_REMOVED = {"proposed": "removed", "reading": {"phrase": "has been removed from"}}


def fresh(message: Message) -> Message:
    return Message.objects.select_related("notice", "guess", "mail").get(pk=message.pk)


def receipt(of: Notice, **fields: Any) -> Message:
    made = factories.reply(of, proposed="ack_auto", genuineness="verified", **fields)
    assert proposal_of(made) is not None
    return made
