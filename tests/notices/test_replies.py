"""Answers: pasted or told, filed with two keys, taken back; what they set and what never."""

from datetime import timedelta

import pytest

from cases.models import Task
from core.errors import RuleBroken, WrongState
from notices import answers, references, replies
from notices.models import Message
from tests import factories


@pytest.fixture
def sent(desk, frozen):
    notice = desk.sent()
    frozen.shift(hours=5)
    return notice


def received(notice, desk, at, **given):
    values = {"text": "We looked at it.", "received_at": at, **given}
    return replies.receive(notice, desk.people.volunteer, at, **values)


def filed(notice, desk, at, code, **given):
    message = received(notice, desk, given.pop("received_at", at))
    replies.file(message, code, desk.people.volunteer, at, **given)
    return message


def moments(notice):
    names = ("acknowledged_at", "answered_at", "decided_at", "first_seen_gone_at")
    return set(notice.outcomes.values_list(*names))


@pytest.mark.parametrize("via", ["mail", "portal", "phone", "post"])
def test_t11_an_answer_outside_mail_counts_exactly_as_a_mail_does(desk, sent, frozen, via):
    message = received(sent, desk, frozen.now, via=via)
    replies.file(message, "refused_no_violation", desk.people.volunteer, frozen.now)
    assert moments(sent) == {(None, frozen.now, frozen.now, None)}


def test_the_first_answer_of_a_kind_counts_in_whatever_order_they_are_filed(desk, sent, frozen):
    early = frozen.now - timedelta(hours=2)
    filed(sent, desk, frozen.now, "ack_human")
    filed(sent, desk, frozen.now, "ack_human", received_at=early)
    assert {row[1] for row in moments(sent)} == {early}


def test_a_machine_acknowledges_and_never_answers(desk, sent, frozen):
    filed(sent, desk, frozen.now, "ack_human", is_automatic=True)
    assert moments(sent) == {(frozen.now, None, None, None)}
    receipt = filed(sent, desk, frozen.now, "ticket_assigned", details={"ticket": "T-5"})
    assert receipt.is_automatic
    assert references.of(sent) == ["T-5"]


def test_says_removed_makes_a_look_and_never_gone(desk, sent, frozen):
    filed(sent, desk, frozen.now, "removed")
    assert moments(sent) == {(None, frozen.now, frozen.now, None)}
    assert set(sent.outcomes.values_list("claimed", flat=True)) == {"gone"}
    task = Task.objects.get()
    assert task.owner == desk.people.advocate
    assert "Look now" in task.text


def test_an_answer_about_one_link_leaves_the_other_alone(desk, sent, frozen):
    first, second = sent.outcomes.order_by("link__number")
    filed(sent, desk, frozen.now, "partially_removed", about=[first.pk])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.answered_at, second.answered_at) == (frozen.now, None)
    assert (first.claimed, second.claimed) == ("partly", "")


def test_a_filing_is_taken_back_within_ten_minutes_with_all_it_did(desk, sent, frozen):
    before = moments(sent)
    message = filed(sent, desk, frozen.now, "removed")
    frozen.shift(minutes=9)
    replies.unfile(message, desk.people.volunteer, frozen.now)
    assert moments(sent) == before
    assert set(sent.outcomes.values_list("claimed", flat=True)) == {""}
    assert not Task.objects.open().exists()
    replies.file(message, "ack_auto", desk.people.volunteer, frozen.now)
    frozen.shift(minutes=11)
    with pytest.raises(RuleBroken, match="ten minutes"):
        replies.unfile(message, desk.people.volunteer, frozen.now)


def test_two_people_file_one_reply_once(desk, sent, frozen):
    message = received(sent, desk, frozen.now)
    copy = Message.objects.get(pk=message.pk)
    replies.file(message, "ack_auto", desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        replies.file(copy, "removed", desk.people.coordinator, frozen.now)
    assert Message.objects.get().answer == "ack_auto"


@pytest.mark.parametrize(("hours", "words"), [(-9, "sent later"), (1, "has not come")])
def test_no_answer_comes_before_the_notice_or_from_the_future(desk, sent, frozen, hours, words):
    with pytest.raises(RuleBroken, match=words):
        received(sent, desk, frozen.now, received_at=frozen.now + timedelta(hours=hours))


def test_a_notice_that_was_not_sent_has_no_answer(desk, frozen):
    with pytest.raises(RuleBroken, match="has not been sent"):
        received(desk.prepared(), desk, frozen.now)


def test_every_family_has_its_key_and_every_answer_its_own_in_it():
    families = answers.families()
    assert [family.key for family in families] == list("12345678")
    for family in families:
        keys = [answer.key for answer in family.answers]
        assert keys and len(keys) == len(set(keys))
    assert not any("gone" in moment for one in answers.answers().values() for moment in one.sets)


def test_a_pasted_reply_is_stored_sealed_and_shown_as_text(desk, client, sent, frozen):
    client.force_login(desk.people.volunteer)
    text = "See <img src=x onerror=alert(1)> https://x.com/1"
    data = {"text": text, "via": "phone", "received_at": "2026-11-21 17:00", "code": sent.code}
    page = client.get(client.post("/replies/new/", data).url).content.decode()
    assert "<img src=x" not in page
    assert "hxxps://x.com/1" in page
    assert 'data-answer-key="a"' in page
    raw = Message.objects.values_list("text", flat=True).get()
    assert b"onerror" not in bytes(raw)


def test_an_unmatched_reply_is_kept_for_who_sees_all_and_matched_later(desk, client, sent, frozen):
    client.force_login(desk.people.volunteer)
    data = {"text": "Hello", "via": "mail", "received_at": "2026-11-21 17:00"}
    page = client.post("/replies/new/", data)
    assert "Write the code" in page.content.decode()
    client.force_login(desk.people.coordinator)
    url = client.post("/replies/new/", data).url
    assert "Not matched" in client.get("/replies/?tab=unmatched").content.decode()
    page = client.post(f"{url}match/", {"code": "ABCD-22-9"})
    assert "No notice that was sent has this code or number." in page.content.decode()
    client.post(f"{url}match/", {"code": sent.code.lower()})
    message = Message.objects.get()
    assert (message.notice, message.text, message.key_id) == (sent, "Hello", desk.case.key_id)


def test_empty_and_enormous_and_foreign_text_gets_a_sentence_or_is_kept(desk, client, sent):
    client.force_login(desk.people.volunteer)
    data = {"via": "mail", "received_at": "2026-11-21 17:00", "code": sent.code}
    assert "Fill this in" in client.post("/replies/new/", {**data, "text": ""}).content.decode()
    page = client.post("/replies/new/", {**data, "text": "x" * 20_001}).content.decode()
    assert "Shorten this" in page
    client.post("/replies/new/", {**data, "text": "إزالة 已删除 \u202e"})
    assert Message.objects.get().text == "إزالة 已删除 \u202e"


@pytest.mark.parametrize("role", ["stranger", "administrator", "reviewer"])
def test_nobody_else_files(desk, client, sent, frozen, role):
    message = received(sent, desk, frozen.now)
    client.force_login(desk.people.of_role(role))
    page = client.post(f"/replies/{message.pk}/file/", {"answer": "removed"})
    assert page.status_code == 404
    assert Message.objects.get().filed_at is None


def test_the_tabs_show_what_is_to_classify_and_what_is_done(desk, client, sent, frozen):
    message = received(sent, desk, frozen.now)
    client.force_login(desk.people.coordinator)
    assert sent.code in client.get("/replies/").content.decode()
    replies.file(message, "unrelated", desk.people.coordinator, frozen.now)
    assert "All replies are filed." in client.get("/replies/").content.decode()
    assert sent.code in client.get("/replies/?tab=done").content.decode()


def test_another_teams_reply_is_not_there(desk, client, sent, frozen):
    message = received(sent, desk, frozen.now)
    client.force_login(factories.user("Vera Volunteer", "volunteer"))
    assert client.get(f"/replies/{message.pk}/").status_code == 404
