"""A job whose time is up ends: what it held stays as it is, for the next one to take up."""

from contextlib import nullcontext
from unittest.mock import MagicMock, Mock
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from cases.checker import rounds as looking
from core import clock
from insights.digests import sending as digests
from notices.receiving import imap, understanding
from notices.reminding import rounds as reminding
from notices.sending import rounds as sending
from tests.conftest import NOON

TIME_IS_UP = Mock(side_effect=SoftTimeLimitExceeded)
LOOPS = {
    "mail out": lambda: sending._send_all(MagicMock()),
    "mail in doubt": lambda: sending._each([Mock()], TIME_IS_UP),
    "mail in": lambda: understanding._one(uuid4(), NOON, Mock()),
    "the mailbox": lambda: imap._Round._keep(MagicMock(_store=TIME_IS_UP), Mock()),
    "reminders": lambda: reminding._fire(uuid4(), NOON),
    "looks": lambda: looking.check_due(lambda: nullcontext(TIME_IS_UP)),
    "digests": lambda: digests._send_all(MagicMock(), Mock()),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_whose_time_is_up_goes_on_to_no_other_piece(monkeypatch, loop):
    monkeypatch.setattr(clock, "due_now", lambda: NOON)
    monkeypatch.setattr(looking.pacing, "forget", Mock())
    for module in (sending, looking):
        monkeypatch.setattr(module, "ROUND_SECONDS", 1.0)
    for module, claim in ((sending, "_claim_patiently"), (looking, "_claim"), (digests, "waiting")):
        monkeypatch.setattr(module, claim, lambda *_: MagicMock(__iter__=lambda _: iter([uuid4()])))
    for module, work in (
        (sending, "_hand_over"),
        (understanding, "understand"),
        (reminding, "_let_go"),
        (digests, "_send"),
    ):
        monkeypatch.setattr(module, work, TIME_IS_UP)
    with pytest.raises(SoftTimeLimitExceeded):
        LOOPS[loop]()
