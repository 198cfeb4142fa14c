"""S8: a mail that pretends to come from a platform proposes nothing, whatever it says."""

import pytest

from notices import replies
from notices.replies.proposing import details_read, proposal_of
from tests import factories
from tests.notices.replies.mails import READS_REMOVED, fresh


@pytest.fixture
def forged(sent):
    verdicts = {"dmarc": "fail", "signs": ["refuted"]}
    reading = {**READS_REMOVED["reading"], "tickets": ["T-666"]}
    return factories.reply(
        sent, genuineness="forged", verdicts=verdicts, proposed="removed", reading=reading
    )


def test_the_page_says_so_and_offers_no_key(client, desk, forged):
    client.force_login(desk.people.volunteer)
    shown = client.get("/replies/").content.decode()
    assert "This mail pretends to come from X." in shown
    assert "Why: the sender&#x27;s own domain did not send it." in shown
    assert "Nothing is proposed from a forged mail." in shown
    assert 'data-key="a"' not in shown
    assert "<mark>" not in shown and "T-666" not in shown
    assert "warn-panel" in shown


def test_nothing_of_it_is_proposed_and_no_bulk_files_it(desk, forged, frozen):
    assert proposal_of(forged) is None
    assert details_read(forged) == {}
    (result,) = replies.file_many([forged], desk.people.volunteer, frozen.now)
    assert not result.is_done
    assert fresh(forged).filed_at is None
