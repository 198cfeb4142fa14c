"""Submitting by hand: the platform's fields, and that confirming is the sending."""

from datetime import timedelta

import pytest

from core.errors import RuleBroken, WrongState
from notices import lifecycle, references
from notices.models import Delivery, Disclosure, NoticeClock
from tests import factories


@pytest.fixture
def approved(desk, form_channel, frozen):
    notice = desk.approved(channel=form_channel)
    frozen.shift(hours=3)
    return notice


def confirm(notice, desk, frozen, **given):
    values = {"submitted_at": frozen.now, **given}
    lifecycle.confirm_submission(notice, desk.people.volunteer, frozen.now, **values)


def test_the_page_has_their_fields_in_order_and_opens_the_form_without_a_trace(
    desk, client, approved
):
    client.force_login(desk.people.volunteer)
    page = client.get(f"/notices/{approved.code}/guide/").content.decode()
    assert 'rel="noreferrer noopener"' in page
    assert 'target="_blank"' in page
    assert "https://help.x.example/forms/removal" in page
    labels = [label for label, _value, _why in approved.approvals.get().fields]
    assert labels.index("Link 1") < labels.index("Name") < labels.index("Signature")
    assert [label for label in labels if label in page] == labels
    assert "Robin" not in page


def test_t2_clocks_and_times_run_from_the_confirmed_moment_never_from_the_draft(
    desk, approved, frozen
):
    submitted = frozen.now - timedelta(hours=1)
    confirm(approved, desk, frozen, submitted_at=submitted)
    notice = desk.again(approved)
    assert (notice.status, notice.sent_at) == ("sent", submitted)
    assert set(notice.outcomes.values_list("sent_at", flat=True)) == {submitted}
    assert set(notice.clocks.values_list("starts_at", flat=True)) == {submitted}
    removal = notice.clocks.get(key="removal")
    assert (removal.due_at, removal.is_limit) == (submitted + timedelta(hours=48), True)


def test_confirming_writes_the_ledger_and_sends_no_mail(desk, approved, frozen):
    confirm(approved, desk, frozen)
    ledger = Disclosure.objects.get()
    assert "links" in ledger.items
    assert ledger.about_person is False
    assert not Delivery.objects.exists()


def test_their_number_is_kept_and_what_was_unexpected_reaches_a_coordinator(desk, approved, frozen):
    confirm(approved, desk, frozen, reference="T-12", unexpected="asked for a passport")
    assert references.of(approved) == ["T-12"]
    task = desk.case.tasks.get()
    assert (task.role, task.text) == ("coordinator", "asked for a passport")


@pytest.mark.parametrize(("hours", "words"), [(-9, "approved later"), (1, "has not come yet")])
def test_it_was_not_submitted_before_its_approval_nor_in_the_future(
    desk, client, approved, frozen, hours, words
):
    client.force_login(desk.people.volunteer)
    moment = (frozen.now + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
    page = client.post(f"/notices/{approved.code}/guide/", {"submitted_at": moment})
    assert words in page.content.decode()
    assert desk.again(approved).status == "approved"


def test_it_is_confirmed_once(desk, approved, frozen):
    copy = desk.again(approved)
    confirm(approved, desk, frozen)
    with pytest.raises(WrongState):
        confirm(copy, desk, frozen)
    assert NoticeClock.objects.filter(notice=copy, key="removal").count() == 1


def test_a_mail_is_not_submitted_by_hand(desk, client, frozen):
    notice = desk.approved()
    with pytest.raises(RuleBroken, match="leaves by e-mail"):
        confirm(notice, desk, frozen)
    client.force_login(desk.people.volunteer)
    assert client.get(f"/notices/{notice.code}/guide/").url == f"/notices/{notice.code}/"


def test_a_draft_has_no_guide(desk, client, form_channel):
    notice = desk.written(channel=form_channel)
    client.force_login(desk.people.volunteer)
    assert client.get(f"/notices/{notice.code}/guide/").status_code == 302


def test_a_letter_is_printed_and_posted(desk, client):
    post = factories.channel(
        "x-post", of=desk.channel.platform, medium="postal", address="1 Market Street, X City"
    )
    notice = desk.approved(channel=post)
    client.force_login(desk.people.volunteer)
    page = client.get(f"/notices/{notice.code}/guide/").content.decode()
    assert "post it registered" in page
    assert "1 Market Street, X City" in page


@pytest.mark.parametrize("role", ["stranger", "administrator"])
def test_nobody_else_confirms(desk, client, approved, role):
    client.force_login(desk.people.of_role(role))
    assert client.post(f"/notices/{approved.code}/guide/", {}).status_code == 404
    assert desk.again(approved).status == "approved"
