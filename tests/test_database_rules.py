"""What the database itself refuses, whichever program writes it and however it was let in."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Invitation, Organisation, User
from cases.models import Case, Mandate, Person, Task
from notices.models import Approval, Delivery, Message, Notice, NoticeEdit, Outcome
from notices.models.notice import NoticeClock
from platforms.models import ChannelEdit
from tests import factories

pytestmark = pytest.mark.django_db
EARLIER = timedelta(hours=-1)


@pytest.fixture
def world(people, frozen):
    """A case with a mandate, a sent notice and its link, and a correction of the channel."""
    at = frozen.now
    factories.organisation()
    case = factories.case(people.advocate)
    factories.mandate(case)
    notice = factories.notice(case, factories.link(case), status="sent", sent_at=at)
    NoticeEdit.objects.create(notice=notice, version=1, user=people.volunteer, at=at)
    ChannelEdit.objects.create(
        channel=notice.channel, changes={}, reason="seen", proposed_by=people.coordinator,
        proposed_at=at,
    )  # fmt: skip
    Task.objects.create(case=case, kind="other", made_at=at)
    Message.objects.create(notice=notice, direction="received", received_at=at, logged_at=at)
    NoticeClock.objects.create(
        notice=notice, key="k", kind="policy", starts_at=at, due_at=at + timedelta(days=1)
    )
    return notice


def approval(notice, approver, at):
    return Approval(
        case=notice.case, notice=notice, notice_version=1, approver=approver, at=at,
        mime_sha256="0" * 64, pdf_sha256="0" * 64, message_id="<a@b.example>", reply_token="0" * 32,
    )  # fmt: skip


def refused(write):
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


CHANGES = {
    "an organisation that is not the only one": (Organisation, {"only": False}),
    "protection of an unknown kind": (Organisation, {"submission_security": "plain"}),
    "a role that is none": (User, {"role": "superuser"}),
    "a status of a case that is none": (Case, {"status": "open"}),
    "a closed case without day and reason": (Case, {"status": "closed"}),
    "an adult pathway for somebody under 18": (Case, {"under_18": "yes"}),
    "an adult pathway while nobody is sure": (Case, {"under_18": "unsure"}),
    "a task of an unknown kind": (Task, {"kind": "x"}),
    "a mandate of an unknown form": (Mandate, {"form": "implied"}),
    "a status of a notice that is none": (Notice, {"status": "queued"}),
    "a sent notice without a moment": (Notice, {"sent_at": None}),
    "an approved notice without a moment": (Notice, {"status": "approved"}),
    "a filed reply without a moment": (Message, {"answer": "removed"}),
    "a reply that came by nothing known": (Message, {"via": "pigeon"}),
}


@pytest.mark.parametrize("case", CHANGES)
def test_the_database_refuses(world, case):
    model, values = CHANGES[case]
    refused(lambda: model.objects.update(**values))


@pytest.mark.parametrize(
    "name",
    ["delivered_at", "acknowledged_at", "answered_at", "decided_at", "first_seen_gone_at"],
)
def test_nothing_happened_to_a_link_before_its_notice_left(world, frozen, name):
    refused(lambda: Outcome.objects.update(**{name: frozen.now + EARLIER}))


def test_a_mandate_does_not_end_before_it_begins(world, frozen):
    refused(lambda: Mandate.objects.update(until=frozen.now.date() - timedelta(days=1)))


def test_a_clock_does_not_end_before_it_starts(world, frozen):
    refused(lambda: NoticeClock.objects.update(due_at=frozen.now + EARLIER))


def test_there_is_one_organisation(world):
    refused(lambda: Organisation.objects.create(name="Second", set_up_at=world.prepared_at))


def test_whoever_edited_a_notice_cannot_approve_it(world, people, frozen):
    refused(lambda: approval(world, people.volunteer, frozen.now).save())


def test_one_approval_stands_at_a_time(world, people, frozen):
    approval(world, people.reviewer, frozen.now).save()
    refused(lambda: approval(world, people.coordinator, frozen.now).save())


def test_nobody_confirms_a_correction_of_her_own(world, people, frozen):
    edits = ChannelEdit.objects.filter(proposed_by=people.coordinator)
    refused(lambda: edits.update(confirmed_by=people.coordinator, confirmed_at=frozen.now))
    refused(lambda: edits.update(confirmed_at=frozen.now))


def test_a_mail_that_left_has_a_moment_and_leaves_once(world, people, frozen):
    approved = approval(world, people.reviewer, frozen.now)
    approved.save()
    mail = {
        "notice": world, "approval": approved, "kind": "notice", "recipient": "a@x.example",
        "archive_recipient": "b@x.example", "made_at": frozen.now, "due_at": frozen.now,
        "first_due_at": frozen.now,
    }  # fmt: skip
    refused(lambda: Delivery.objects.create(seq=1, message_id="<1>", state="sent", **mail))
    refused(lambda: Delivery.objects.create(seq=1, message_id="<1>", state="flying", **mail))
    Delivery.objects.create(seq=1, message_id="<1>", state="held", **mail)
    refused(lambda: Delivery.objects.create(seq=2, message_id="<1>", state="held", **mail))
    refused(lambda: Delivery.objects.create(seq=1, message_id="<2>", state="held", **mail))


def test_a_link_stands_once_in_a_notice_and_a_case_has_one_person(world):
    row = Outcome.objects.get()
    refused(lambda: Outcome.objects.create(notice=world, link=row.link, platform=row.platform))
    refused(lambda: Person.objects.create(case=world.case))


def test_an_invitation_gives_no_role_that_is_none(world, people, frozen):
    refused(
        lambda: Invitation.objects.create(
            email="a@b.example", role="owner", team=people.advocate.team, token_hash="h",
            invited_at=frozen.now, expires_at=frozen.now,
        )
    )  # fmt: skip
