"""The second pair of eyes: who may approve, what is frozen, and how it is taken back."""

import email
import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.errors import RuleBroken, WrongState
from notices import approving, editing, letters, lifecycle
from notices.models import Approval, Delivery
from tests import factories

EDITED = "Somebody who did not has to approve it"


def test_approving_freezes_the_bytes_and_holds_the_mail_for_a_minute(desk):
    notice = desk.in_review()
    approval = approving.approve(notice, desk.people.reviewer, desk.at)
    notice = desk.again(notice)
    assert (notice.status, notice.approved_at) == ("approved", desk.at)
    stored = Approval.objects.get()
    assert hashlib.sha256(stored.mime).hexdigest() == stored.mime_sha256
    assert hashlib.sha256(stored.pdf).hexdigest() == stored.pdf_sha256
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.due_at) == ("held", desk.at + timedelta(seconds=60))
    assert delivery.message_id == approval.message_id
    message = email.message_from_bytes(stored.mime)
    assert message["To"] == delivery.recipient == "removal@x.example"
    assert message["Subject"] == f"Notice {notice.code} - removal request"
    assert message["Reply-To"] == f"r-{notice.reply_token}@reply.harbour.example"
    assert message["Message-ID"] == approval.message_id
    assert "Robin" not in stored.mime.decode("utf-8", "replace")
    assert stored.about_person is False
    assert "links" in stored.items


def test_one_click_approves_and_brings_the_next(desk, client):
    first = desk.in_review(links=desk.links[:1])
    second = desk.in_review(links=desk.links[1:])
    client.force_login(desk.people.reviewer)
    page = client.post(f"/notices/{first.code}/approve/")
    assert page.url == f"/notices/{second.code}/review/"
    text = client.get(page.url).content.decode()
    assert f"{first.code} leaves in 60 seconds." in text
    assert f"/notices/{first.code}/undo/" in text


def test_an_editor_cannot_approve_by_the_page(desk, client):
    notice = desk.written()
    change = editing.Change(tone="firm")
    editing.save(notice, change, desk.people.reviewer, notice.version, desk.at)
    editing.ask_approval(notice, desk.people.volunteer, desk.at)
    client.force_login(desk.people.reviewer)
    page = client.get(f"/notices/{notice.code}/review/").content.decode()
    assert EDITED in page
    assert "Approve and hold" not in page
    page = client.post(f"/notices/{notice.code}/approve/", follow=True)
    assert EDITED in page.content.decode()
    assert desk.again(notice).status == "in_review"


def test_an_editor_cannot_approve_by_the_verb(desk):
    notice = desk.in_review()
    notice.edits.create(version=1, user=desk.people.reviewer, at=desk.at)
    with pytest.raises(RuleBroken, match=EDITED):
        approving.approve(notice, desk.people.reviewer, desk.at)
    assert not Approval.objects.exists()


def test_an_editor_cannot_approve_by_the_database(desk):
    notice = desk.in_review()
    notice.edits.create(version=1, user=desk.people.reviewer, at=desk.at)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Approval.objects.create(
            case=desk.case, notice=notice, notice_version=1, approver=desk.people.reviewer,
            at=desk.at, mime_sha256="", pdf_sha256="", message_id="<a@b.example>", reply_token="t",
        )  # fmt: skip


def test_whoever_prepared_it_does_not_approve_it(desk):
    selection_case = desk.in_review()
    selection_case.edits.create(version=1, user=desk.people.coordinator, at=desk.at)
    assert EDITED in approving.why_not(selection_case, desk.people.coordinator, desk.at)


def test_two_reviewers_with_two_copies_make_one_approval(desk):
    notice = desk.in_review()
    copy = desk.again(notice)
    approving.approve(notice, desk.people.reviewer, desk.at)
    with pytest.raises(WrongState):
        approving.approve(copy, desk.people.coordinator, desk.at)
    assert (Approval.objects.count(), Delivery.objects.count()) == (1, 1)


def test_nothing_is_approved_out_of_order(desk):
    notice = desk.written()
    with pytest.raises(WrongState, match="not in review"):
        approving.approve(notice, desk.people.reviewer, desk.at)
    with pytest.raises(WrongState):
        lifecycle.mark_sent(notice, desk.at)
    sent = desk.sent(links=[factories.link(desk.case, "https://x.com/i/status/55")])
    with pytest.raises(WrongState):
        approving.approve(sent, desk.people.reviewer, desk.at)


def test_the_checklist_is_run_again_at_the_approval(desk):
    notice = desk.in_review()
    desk.case.mandates.update(withdrawn_at=desk.at)
    with pytest.raises(RuleBroken, match="what the person agreed to"):
        approving.approve(desk.again(notice), desk.people.reviewer, desk.at)


def test_nothing_is_approved_for_a_paused_case(desk):
    notice = desk.in_review()
    type(desk.case).objects.filter(pk=desk.case.pk).update(status="paused")
    with pytest.raises(RuleBroken, match="paused"):
        approving.approve(desk.again(notice), desk.people.reviewer, desk.at)


def test_the_author_can_be_the_one_who_sends(desk, client):
    notice = desk.in_review()
    client.force_login(desk.people.reviewer)
    client.post(f"/notices/{notice.code}/approve/", {"hold": "1"})
    assert not Delivery.objects.exists()
    client.force_login(desk.people.volunteer)
    client.post(f"/notices/{notice.code}/send/")
    assert Delivery.objects.get().state == "held"
    client.post(f"/notices/{notice.code}/send/")
    assert Delivery.objects.count() == 1


def test_changes_are_asked_of_one_part_and_shown_to_the_author(desk, client):
    notice = desk.in_review()
    client.force_login(desk.people.reviewer)
    url = f"/notices/{notice.code}/ask-changes/"
    assert "Fill this in" in client.post(url, {"comment": ""}).content.decode()
    client.post(url, {"part": "context", "comment": "Say when."})
    notice = desk.again(notice)
    assert (notice.status, notice.changes_asked_part) == ("drafted", "context")
    client.force_login(desk.people.volunteer)
    assert "Say when." in client.get(f"/notices/{notice.code}/edit/").content.decode()


def test_the_reviewer_sees_word_for_word_what_changed_since(desk, client):
    notice = desk.in_review()
    approving.ask_changes(notice, desk.people.reviewer, desk.at, "context", "Another fact.")
    notice = desk.again(notice)
    change = editing.Change(content={**notice.content, "context": ["private_recording"]})
    editing.save(notice, change, desk.people.volunteer, notice.version, desk.at)
    editing.ask_approval(notice, desk.people.volunteer, desk.at)
    client.force_login(desk.people.reviewer)
    page = client.get(f"/notices/{notice.code}/review/").content.decode()
    assert "<ins>" in page and "<del>" in page
    assert "What changed since you last saw it" in page


def test_refusing_ends_it_with_a_reason(desk, client):
    notice = desk.in_review()
    client.force_login(desk.people.reviewer)
    client.post(f"/notices/{notice.code}/refuse/", {"reason": "Not ours to send."})
    notice = desk.again(notice)
    assert (notice.status, notice.withdrawn_reason) == ("withdrawn", "refused")
    assert "Not ours to send." in client.get(f"/notices/{notice.code}/").content.decode()


def test_undoing_within_the_hold_leaves_nothing_sent(desk, client):
    notice = desk.approved()
    client.force_login(desk.people.reviewer)
    client.post(f"/notices/{notice.code}/undo/")
    notice = desk.again(notice)
    assert (notice.status, notice.sent_at) == ("drafted", None)
    assert Delivery.objects.get().state == "cancelled"
    assert Approval.objects.get().voided_at is not None
    assert set(notice.outcomes.values_list("sent_at", flat=True)) == {None}


@pytest.mark.parametrize("state", ["sending", "unconfirmed"])
def test_nothing_is_undone_once_it_has_begun_to_leave(desk, client, state):
    notice = desk.approved()
    Delivery.objects.update(state=state)
    client.force_login(desk.people.reviewer)
    page = client.post(f"/notices/{notice.code}/undo/", follow=True)
    assert "cannot be taken back" in page.content.decode()
    assert desk.again(notice).status == "approved"
    assert Delivery.objects.get().state == state


def test_an_undone_notice_can_be_approved_again_with_its_own_number(desk):
    notice = desk.approved()
    lifecycle.undo_approval(notice, desk.people.reviewer, desk.at)
    editing.ask_approval(notice, desk.people.volunteer, desk.at)
    approving.approve(notice, desk.people.reviewer, desk.at)
    ids = Delivery.objects.values_list("message_id", flat=True)
    assert len(set(ids)) == 2


@pytest.mark.parametrize("role", ["advocate", "volunteer", "stranger", "administrator"])
def test_nobody_else_reviews(desk, client, role):
    notice = desk.in_review()
    client.force_login(desk.people.of_role(role))
    assert client.get(f"/notices/{notice.code}/review/").status_code == 404
    for verb in ("approve", "ask-changes", "refuse"):
        assert client.post(f"/notices/{notice.code}/{verb}/").status_code == 404
    assert desk.again(notice).status == "in_review"


def test_hostile_words_stand_in_mail_and_pdf_as_they_were_typed(desk, real_press):
    hostile = "{{ 7*7 }} {signer} <b>bold</b> \r\nBcc: evil@x.example"
    content = {"context": ["other_language_free_60_chars"], "context_free": hostile[:60]}
    notice = desk.in_review(content=content)
    approval = approving.approve(notice, desk.people.reviewer, desk.at)
    printed = " ".join(letters.pdf_text(approval.pdf).split())
    for text in (approval.text, printed):
        assert "{{ 7*7 }} {signer} <b>bold</b> Bcc: evil" in text
    message = email.message_from_bytes(approval.mime)
    assert message["Bcc"] is None


def test_the_real_letter_is_printed_and_shown_as_pages(desk, client, real_press):
    notice = desk.in_review()
    client.force_login(desk.people.reviewer)
    page = client.get(f"/notices/{notice.code}/pages/1/")
    assert page.content.startswith(b"\x89PNG")
    assert "no-store" in page["Cache-Control"]
    assert client.get(f"/notices/{notice.code}/pages/9/").status_code == 404
    assert client.get(f"/notices/{notice.code}/pdf/").content.startswith(b"%PDF")
    approval = approving.approve(notice, desk.people.reviewer, desk.at)
    assert client.get(f"/notices/{notice.code}/pdf/").content == approval.pdf
