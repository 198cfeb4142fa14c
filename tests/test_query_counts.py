"""A list asks the database as often for thirty rows as for two."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from audit.chain import record
from cases.models import Task
from notices.models import Approval, Delivery
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PAGES = {
    "insights:today": "coordinator",
    "cases:checker": "coordinator",
    "notices:outbox": "coordinator",
    "notices:replies": "coordinator",
    "notices:quarantine": "coordinator",
    "insights:response_notices": "coordinator",
    "accounts:people": "administrator",
    "accounts:audit": "administrator",
}


def _rows(people: Any, at: Any, numbers: range) -> None:
    """Make a case with one of everything for each number."""
    for n in numbers:
        person = factories.user(f"Vera {n}", Role.VOLUNTEER)
        case = factories.case(people.advocate, alias=f"Robin {n}")
        link = factories.link(case, f"https://x.com/i/status/{n}")
        notice = factories.notice(
            case, link, taken_by=person, status="sent", sent_at=at - timedelta(days=9)
        )
        held = factories.notice(case, taken_by=person, status="approved", approved_at=at)
        approval = Approval.objects.create(
            case=case, notice=held, notice_version=1, approver=people.reviewer, at=at,
            mime_sha256="0" * 64, pdf_sha256="0" * 64, message_id=f"<{n}@x.example>",
            reply_token="0" * 32,
        )  # fmt: skip
        Delivery.objects.create(
            notice=held, approval=approval, kind="notice", seq=1, recipient="a@x.example",
            archive_recipient="b@x.example", message_id=f"<{n}@x.example>", state="unconfirmed",
            made_at=at, due_at=at, first_due_at=at,
        )  # fmt: skip
        factories.reply(notice, proposed="removed", reading={"phrase": "We looked at it"})
        factories.reply(guess=notice, confidence=0.7, reasons=["sender_domain"])
        factories.received_mail(state="quarantined")
        Task.objects.create(
            case=case,
            kind="other",
            text="…",
            subject_code=case.code,
            role="coordinator",
            made_at=at,
        )
        record("case.opened", people.advocate, case, at=at)


def _asked(client: Any, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_questions_does_not_grow_with_the_rows(client, people, frozen, name):
    factories.organisation()
    client.force_login(people.of_role(PAGES[name]))
    _rows(people, frozen.now, range(2))
    client.get(reverse(name))
    few = _asked(client, reverse(name))
    _rows(people, frozen.now, range(2, 30))
    assert _asked(client, reverse(name)) == few
