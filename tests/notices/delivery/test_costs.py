"""How often the database is asked for one mail that leaves, and that nobody reads its letter."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditHead
from core import keystore
from notices.sending import claiming, settling
from notices.sending.smtp import Reply

pytestmark = pytest.mark.django_db


def test_a_mail_that_leaves_costs_at_most_63_queries_and_never_reads_its_letter(due, frozen):
    AuditHead.objects.create(pk=1)
    with keystore.scope(), CaptureQueriesContext(connection) as asked:
        claim = claiming.claim(frozen.now, set(), set())
        claiming.reach_the_dot(claim, frozen.now)
        settling.accepted(claim, Reply("250", "ok"), frozen.now)
    assert len(asked) <= 63
    assert not [one for one in asked.captured_queries if '."pdf"' in one["sql"]]
