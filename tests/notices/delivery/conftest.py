"""A sink to send to, and notices that are approved and wait in the outbox."""

import pytest

from tests import factories
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox


@pytest.fixture(scope="session")
def running_sink(tmp_path_factory):
    running = MailSink.start(tmp_path_factory.mktemp("sink"))
    yield running
    running.stop()


@pytest.fixture
def sink(running_sink, settings):
    """Return the sink in its normal mood, as the submission server of this test."""
    running_sink.clear()
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{running_sink.port}"
    settings.ARCHIVE_MAILDIR = str(running_sink.archive)
    settings.SEND_HOLD_SECONDS = 60
    return running_sink


@pytest.fixture
def due(people, frozen, sink):
    """Return a delivery whose undo minute is over."""
    factories.organisation()
    delivery = outbox.delivery()
    frozen.shift(seconds=61)
    return delivery
