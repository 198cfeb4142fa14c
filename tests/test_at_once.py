"""Two people in the same second, outside the life of a notice, on a database that lets them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.utils import OperationalError

from accounts import invitations, people
from accounts.models import Invitation, User
from accounts.roles import Role
from cases import agreeing, lifecycle
from core.errors import RuleBroken
from notices import approving, history
from notices import lifecycle as notice_verbs
from notices.models import Approval, Delivery, Disclosure, Outcome
from notices.sending import claiming
from platforms import edits
from platforms.models import ChannelEdit
from tests import factories
from tests.notices.conftest import desk as desk  # noqa: PLC0414 - fixtures
from tests.notices.conftest import form_channel as form_channel  # noqa: PLC0414
from tests.notices.conftest import quick_press as quick_press  # noqa: PLC0414
from tests.notices.test_at_once import both

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def really_at_once(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")


def refusals(answers):
    return [one for one in answers if isinstance(one, RuleBroken)]


def test_one_correction_is_confirmed_once(desk):
    edit = edits.propose(
        desk.channel, desk.people.advocate,
        {**edits.standing(desk.channel), "note": "new"}, "seen", desk.at,
    )  # fmt: skip
    other = factories.user("Carl Coordinator", Role.COORDINATOR)
    answers = both(
        lambda: edits.confirm(
            ChannelEdit.objects.get(pk=edit.pk), desk.people.coordinator, desk.at
        ),
        lambda: edits.confirm(ChannelEdit.objects.get(pk=edit.pk), other, desk.at),
    )
    assert len(refusals(answers)) == 1


def test_one_invitation_makes_one_account(desk):
    _made, token = invitations.invite(
        desk.people.administrator, "new@helpers.example", "Nora", "volunteer",
        desk.people.volunteer.team, desk.at,
    )  # fmt: skip
    copies = [invitations.find_open(token, desk.at) for _ in range(3)]
    answers = both(
        *[
            lambda copy=copy: invitations.accept(copy, "Nora", factories.PASSWORD, desk.at)
            for copy in copies
        ]
    )
    assert len(refusals(answers)) == 2
    assert User.objects.filter(email="new@helpers.example").count() == 1


def test_two_invitations_to_one_address_make_one_account(desk):
    def invite():
        return invitations.invite(
            desk.people.administrator, "new@helpers.example", "Nora", "volunteer",
            desk.people.volunteer.team, desk.at,
        )[1]  # fmt: skip

    tokens = both(invite, invite)
    Invitation.objects.update(withdrawn_at=None)
    answers = both(
        *[
            lambda token=token: invitations.accept(
                invitations.find_open(token, desk.at), "Nora", factories.PASSWORD, desk.at
            )
            for token in tokens
        ]
    )
    assert len(refusals(answers)) == 1


def test_the_same_file_read_in_twice_at_once_counts_once(desk):
    rows = "".join(f"x,us-tida-s3,2025-03-01T10:00Z,{n}\n" for n in range(300))
    text = f"platform,ground,sent_at,link\n{rows}"
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    answers = both(*[lambda: history.import_history(text, desk.people.coordinator, at)] * 2)
    added = [one.added for one in answers if not isinstance(one, RuleBroken)]
    assert sum(added) == 300
    assert Outcome.objects.filter(batch__isnull=False).count() == 300


def test_two_reviewers_make_one_approval_and_one_mail(desk):
    notice = desk.in_review()
    copies = [desk.again(notice), desk.again(notice)]
    answers = both(
        lambda: approving.approve(copies[0], desk.people.reviewer, desk.at),
        lambda: approving.approve(copies[1], desk.people.coordinator, desk.at),
    )
    assert len(refusals(answers)) == 1
    assert (Approval.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_submission_confirmed_twice_at_once_is_sent_once(desk, form_channel):
    notice = desk.approved(channel=form_channel)
    copies = [desk.again(notice), desk.again(notice)]
    answers = both(
        *[
            lambda copy=copy: notice_verbs.confirm_submission(
                copy, desk.people.volunteer, desk.at, submitted_at=desk.at
            )
            for copy in copies
        ]
    )
    assert len(refusals(answers)) == 1
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("ending", ["mandate withdrawn", "case closed"])
def test_an_approval_beside_an_ending_never_leaves_a_mail_waiting(desk, ending):
    notice = desk.in_review()
    copy = desk.again(notice)
    end = {
        "mandate withdrawn": lambda: agreeing.withdraw(desk.case, desk.people.advocate, desk.at),
        "case closed": lambda: lifecycle.close(
            desk.again(notice).case, desk.people.advocate, desk.at, reason="withdrew"
        ),
    }[ending]
    both(lambda: approving.approve(copy, desk.people.reviewer, desk.at), end)
    now = desk.again(notice)
    waiting = Delivery.objects.filter(notice=notice, state="held")
    if waiting.exists():
        # The ending lost the race for the notice: the claim is what refuses then.
        assert now.status == "approved"
        assert claiming.claim(waiting.get().due_at, set(), set()) is None
    assert not Delivery.objects.filter(state__in=["held", "queued", "sending"]).exists()


def test_the_last_two_administrators_cannot_both_be_demoted(desk):
    first, team = desk.people.administrator, desk.people.volunteer.team
    second = factories.user("Anna Administrator", Role.ADMINISTRATOR)

    def demote(whom, by):
        try:
            people.change_seat(whom, by, Role.VOLUNTEER, team, desk.at)
        except OperationalError as error:
            raise RuleBroken("deadlock") from error

    both(lambda: demote(first, second), lambda: demote(second, first))
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()
