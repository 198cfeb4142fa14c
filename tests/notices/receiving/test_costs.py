"""How often the database is asked to understand one mail that belongs to a notice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import keystore
from notices.receiving import understanding
from tests.notices.receiving import mails

pytestmark = pytest.mark.django_db


def test_a_mail_that_belongs_to_a_notice_costs_at_most_20_queries(desk, frozen):
    to = mails.reply_to(desk.sent())
    frozen.shift(hours=1)
    for name in ("warms_up", "is_measured"):
        mail = mails.stored(bytes(mails.mail(Message_ID=f"<{name}@x.example>")), frozen.now, to=to)
        with keystore.scope(), CaptureQueriesContext(connection) as asked:
            understanding.understand(mail.pk, frozen.now)
    assert len(asked) <= 20
