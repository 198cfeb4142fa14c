"""A notice that was sent, and mails about it as the machine leaves them."""

from typing import Any

import pytest

from notices.models import Message, Notice
from tests import factories
from tests.notices.replies.mails import GUESSED, READS_REMOVED


@pytest.fixture
def sent(desk: Any, frozen: Any) -> Notice:
    notice: Notice = desk.sent()
    frozen.shift(hours=5)
    return notice


@pytest.fixture
def attached(sent: Notice, frozen: Any) -> Message:
    """A mail that the machine put to the notice, saying that it is gone."""
    return factories.reply(
        sent, key_id=sent.ensure_key(), matched_at=frozen.now, matched_by_machine=True,
        confidence=1.0, reasons=["reply_address"], genuineness="verified",
        text="Hello, it has been removed from X.", **READS_REMOVED,
    )  # fmt: skip


@pytest.fixture
def guessed(sent: Notice) -> Message:
    """A mail that probably belongs to the notice."""
    return factories.reply(guess=sent, genuineness="verified", **GUESSED, **READS_REMOVED)
