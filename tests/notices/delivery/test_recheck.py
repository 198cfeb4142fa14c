"""What is asked again when a mail is about to leave."""

import pytest

from accounts.models import Organisation
from cases.models import Case, Mandate, Task
from core import clock, keystore
from core.models import StoredKey
from notices.models import Approval, Delivery, Notice
from notices.sending import claiming, rounds
from tests import factories
from tests.notices.delivery import outbox

pytestmark = pytest.mark.django_db


def dropped_out(delivery, sink, state="failed"):
    """Run a round; return the sentence of the task that tells why nothing left."""
    assert rounds.send_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (state, 0)
    assert sink.heard == []
    task = Task.objects.get()
    assert delivery.notice.code in task.text
    assert task.text == delivery.last_reason
    return task.text


def test_a_mandate_withdrawn_meanwhile_keeps_the_mail_here(due, sink):
    Mandate.objects.update(withdrawn_at=clock.now())
    assert "no mandate" in dropped_out(due, sink)


def test_a_mandate_that_ended_yesterday_keeps_the_mail_here(due, sink, frozen):
    Mandate.objects.update(until=frozen.now.date())
    frozen.shift(days=1)
    assert "no mandate" in dropped_out(due, sink)


def test_a_spoken_mandate_is_not_enough_where_the_ground_needs_a_written_one(due, sink):
    Notice.objects.update(ground="us-dmca-512c")
    Case.objects.update(self_taken="yes")
    Mandate.objects.update(form="spoken")
    assert "no mandate" in dropped_out(due, sink)


def test_a_copyright_notice_leaves_on_a_written_mandate_of_whoever_took_the_picture(due, sink):
    Notice.objects.update(ground="us-dmca-512c")
    Case.objects.update(self_taken="yes")
    assert rounds.send_due() == 1


def test_a_mandate_for_another_platform_does_not_count(due, sink):
    Mandate.objects.update(platforms=["reddit"])
    assert "no mandate" in dropped_out(due, sink)


def test_the_mandate_that_lets_a_name_out_must_still_stand_itself(due, sink, people):
    named = factories.mandate(due.notice.case, purposes=["name"], fields=["legal_name"])
    Approval.objects.update(mandate_id=named.pk)
    Mandate.objects.filter(pk=named.pk).update(withdrawn_at=clock.now())
    assert "no mandate" in dropped_out(due, sink)


def test_a_ground_that_needs_no_mandate_leaves_without_one(due, sink):
    Notice.objects.update(ground="eu-dsa-16")
    Mandate.objects.update(withdrawn_at=clock.now())
    assert rounds.send_due() == 1


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_a_case_that_rests_keeps_the_mail_here(due, sink, status):
    Case.objects.update(status=status, closed_at=clock.now(), close_reason="withdrew")
    assert "paused or closed" in dropped_out(due, sink)


def test_a_case_of_the_under_18_route_keeps_the_mail_here(due, sink):
    Case.objects.update(pathway="minor")
    assert "under-18" in dropped_out(due, sink)


@pytest.mark.parametrize("status", ["drafted", "withdrawn"])
def test_a_notice_that_is_approved_no_more_is_cancelled(due, sink, status):
    Notice.objects.update(status=status)
    assert "not approved any more" in dropped_out(due, sink, "cancelled")


def test_a_voided_approval_cancels_the_mail(due, sink):
    Approval.objects.update(voided_at=clock.now())
    assert "not approved any more" in dropped_out(due, sink, "cancelled")


def test_bytes_that_are_not_the_approved_ones_do_not_leave(due, sink):
    Approval.objects.update(mime_sha256="0" * 64)
    assert "not the one that was approved" in dropped_out(due, sink)


def test_a_mail_whose_key_is_gone_does_not_leave(due, sink):
    other = keystore.create()
    Approval.objects.update(key_id=other)
    keystore.destroy(other)
    assert "not the one that was approved" in dropped_out(due, sink)


def test_a_mail_of_an_erased_case_keeps_no_other_waiting(due, sink, frozen):
    outbox.delivery()
    frozen.shift(seconds=61)
    keystore.destroy(due.notice.case.key_id)
    assert rounds.send_due() == 1
    due.refresh_from_db()
    assert due.state == "failed"
    task = Task.objects.get()
    assert (task.case, task.role) == (None, "coordinator")
    assert due.notice.code in task.text


@pytest.mark.parametrize("recipient", ["removal@x.com", "removal@x.example.com"])
def test_with_invented_cases_nothing_goes_to_a_real_address(due, sink, settings, recipient):
    settings.DEMO = True
    Delivery.objects.update(recipient=recipient)
    assert "made-up addresses only" in dropped_out(due, sink)


def test_an_organisation_of_the_demo_is_held_to_it_without_the_setting(due, sink):
    Organisation.objects.update(is_demo=True, archive_address="archive@harbour.org")
    Delivery.objects.update(archive_recipient="archive@harbour.org")
    assert "made-up addresses only" in dropped_out(due, sink)


def test_a_real_address_is_written_to_when_the_cases_are_real(due, sink):
    Delivery.objects.update(recipient="removal@x.com")
    assert rounds.send_due() == 1


@pytest.mark.parametrize(
    "recipient",
    ["a@x.example>\r\nRCPT TO:<b@y.example", "a@x.example\nBcc: b@y.example", "a b@x.example", ""],
)
def test_an_address_with_anything_beside_it_is_refused(due, sink, recipient):
    Delivery.objects.update(recipient=recipient)
    assert "cannot be written to" in dropped_out(due, sink)


def test_after_the_cause_is_mended_a_person_sends_it_again(due, sink, people):
    from notices import delivery as verbs

    Mandate.objects.update(withdrawn_at=clock.now())
    dropped_out(due, sink)
    Mandate.objects.update(withdrawn_at=None)
    verbs.decide_send_again(due, people.advocate, clock.now())
    assert Task.objects.filter(done_at=None).count() == 0
    assert rounds.send_due() == 1


def test_one_mail_that_drops_out_does_not_keep_the_next(due, sink, frozen):
    outbox.delivery()
    frozen.shift(seconds=61)
    Approval.objects.filter(pk=due.approval_id).update(mime_sha256="0" * 64)
    assert rounds.send_due() == 1
    assert len(sink.accepted) == 1


def test_a_withdrawal_wins_until_the_final_dot(due, sink, monkeypatch):
    reach = claiming.reach_the_dot

    def withdrawn_meanwhile(claim, at):
        Approval.objects.update(voided_at=at)
        reach(claim, at)

    monkeypatch.setattr(claiming, "reach_the_dot", withdrawn_meanwhile)
    assert rounds.send_due() == 0
    due.refresh_from_db()
    assert due.state == "cancelled"
    assert sink.accepted == []
    assert outbox.log(due) == [("data", "")]


def test_a_mail_whose_key_does_not_open_keeps_no_other_waiting(due, sink, frozen, caplog):
    StoredKey.objects.filter(id=due.notice.key_id).update(ring_key="lost")
    later = outbox.delivery()
    frozen.shift(seconds=61)
    with keystore.scope():
        assert rounds.send_due() == 1
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.state, due.attempts, later.state) == ("held", 0, "sent")
    assert caplog.text.count(f"delivery.stuck {due.pk}") == 1
