"""`manage.py due` says what the jobs would find: counts and codes, nothing of anybody."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from insights.health import facts, signs
from notices.models import ReceivedMail, Reminder
from tests import factories
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


def said():
    out = StringIO()
    call_command("due", stdout=out)
    lines = [line.strip() for line in out.getvalue().splitlines()]
    return {line.partition("  ")[2]: line for line in lines}, out.getvalue()


def counts():
    return {job.partition("  ")[0]: int(line.partition("  ")[0]) for job, line in said()[0].items()}


def test_nothing_is_due_in_an_empty_house(frozen):
    assert set(counts().values()) == {0}


def test_each_job_says_how_much_it_would_find(people, frozen, settings):
    settings.SEND_HOLD_SECONDS = 60
    factories.organisation(checker_on=True)
    case = factories.case(people.advocate, alias="Robin", status="active")
    factories.mandate(case, form="written")
    at = frozen.now
    link = factories.link(case, next_check_at=at + timedelta(seconds=30))
    notice = factories.notice(case, link, status="approved", approved_at=at)
    outbox.delivery(notice)
    reminder = {"case": case, "notice": notice, "kind": "chase", "planned_at": at}
    Reminder.objects.create(**reminder, n=1, state="planned", due_at=at + timedelta(seconds=30))
    Reminder.objects.create(**reminder, n=2, state="planned", due_at=at + timedelta(days=3))
    ReceivedMail.objects.create(
        content_hash="0" * 64, source="smtp", received_at=at, next_try_at=at, size=1
    )
    assert counts()["mail to send"] == 0
    frozen.shift(seconds=61)
    found = counts()
    assert found == {
        "mail to send": 1,
        "mail of dead workers": 0,
        "mail in doubt": 0,
        "received mail to read": 1,
        "reminders": 1,
        "links to look at": 1,
        "digests": 6,
    }
    text = said()[1]
    assert f"{notice.code}" in text
    assert f"{case.code} link 1" in text
    assert "2026-11-21 12:01:00" in text
    for secret in ("Robin", "x.com", "Ada", "helpers"):
        assert secret not in text


@pytest.mark.parametrize(
    ("organisation", "case", "count"),
    [
        ({"checker_on": True}, {}, 1),
        ({"checker_on": False}, {}, 0),
        ({"checker_on": True, "is_demo": True}, {}, 0),
        ({"checker_on": True}, {"pathway": "minor"}, 0),
        ({"checker_on": True}, {"status": "paused"}, 0),
    ],
    ids=["on", "off", "in a demo", "of a minor", "of a paused case"],
)
def test_a_look_that_the_checker_may_not_take_is_not_due(people, frozen, organisation, case, count):
    factories.organisation(**organisation)
    made = factories.case(people.advocate, **{"status": "active", **case})
    factories.link(made, next_check_at=frozen.now)
    assert counts()["links to look at"] == count


def test_health_expects_no_looks_where_the_checker_may_not_go(people, frozen):
    factories.organisation(checker_on=True, is_demo=True)
    made = factories.case(people.advocate, status="active")
    factories.link(made, next_check_at=frozen.now - timedelta(days=1))
    (sign,) = [each for each in signs.read(facts.gather(frozen.now)) if each.key == "checker"]
    assert sign.state == "off"
