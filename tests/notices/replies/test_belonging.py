"""To which notice a mail belongs: accept a guess, turn it down, search, undo what was wrong."""

import pytest

from core.errors import RuleBroken, WrongState
from core.models import StoredKey
from notices import references, replies
from notices.models import Message, ReceivedMail, Reference
from tests import factories
from tests.notices.replies.mails import GUESSED, fresh


def test_one_click_accepts_a_guess_and_it_waits_to_be_filed(client, desk, sent, guessed):
    client.force_login(desk.people.coordinator)
    page = client.get("/replies/?tab=suggested").content.decode()
    assert "70%: the sender is the platform, one notice is open there" in page
    assert 'data-key="m"' in page
    client.post(f"/replies/{guessed.pk}/accept-guess/")
    message = fresh(guessed)
    assert (message.notice, message.matched_by_machine) == (sent, False)
    assert sent.code in client.get("/replies/?tab=to_file").content.decode()


def test_a_matched_mail_is_sealed_with_its_case_and_its_own_key_is_destroyed(
    desk, sent, guessed, frozen, django_capture_on_commit_callbacks
):
    own = {guessed.key_id, guessed.mail.key_id}
    with django_capture_on_commit_callbacks(execute=True):
        replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    message, mail = fresh(guessed), ReceivedMail.objects.get()
    assert {message.key_id, mail.key_id} == {desk.case.key_id}
    assert (message.text, message.reading["phrase"]) == (
        "We looked at it.", "has been removed from",
    )  # fmt: skip
    assert bytes(mail.stripped).startswith(b"From: support@x.example")
    assert not StoredKey.objects.filter(id__in=own).exists()


def test_not_this_one_takes_the_guess_away_and_can_be_taken_back(client, desk, sent, guessed):
    client.force_login(desk.people.coordinator)
    client.post(f"/replies/{guessed.pk}/reject-guess/")
    assert fresh(guessed).guess is None
    assert sent.code not in client.get("/replies/?tab=unmatched").content.decode()
    client.post(f"/replies/{guessed.pk}/bring-back-guess/")
    message = fresh(guessed)
    assert (message.guess, message.confidence, message.reasons) == (sent, 0.7, GUESSED["reasons"])
    assert message.reading["phrase"] == "has been removed from"


def test_a_guess_is_brought_back_for_ten_minutes(desk, guessed, frozen):
    replies.reject_guess(guessed, desk.people.coordinator, frozen.now)
    frozen.shift(minutes=11)
    with pytest.raises(RuleBroken, match="ten minutes"):
        replies.bring_back_guess(guessed, desk.people.coordinator, frozen.now)


def test_two_people_who_accept_different_guesses_get_one_answer(desk, sent, guessed, frozen):
    other = desk.sent(links=[factories.link(desk.case, "https://x.com/i/status/7")])
    copy = fresh(guessed)
    replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        replies.match(copy, other, desk.people.coordinator, frozen.now)
    assert fresh(guessed).notice == sent


def test_turning_down_what_somebody_else_accepted_changes_nothing(desk, sent, guessed, frozen):
    copy = fresh(guessed)
    replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        replies.reject_guess(copy, desk.people.coordinator, frozen.now)
    assert fresh(guessed).notice == sent


def test_what_somebody_turned_down_a_moment_ago_is_not_accepted(desk, guessed, frozen):
    copy = fresh(guessed)
    replies.reject_guess(guessed, desk.people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        replies.accept_guess(copy, desk.people.coordinator, frozen.now)
    assert fresh(guessed).notice is None


def test_a_reply_that_was_matched_and_let_go_meanwhile_can_still_be_read(
    desk, sent, guessed, frozen
):
    copy = fresh(guessed)
    replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    replies.detach(guessed, desk.people.coordinator, frozen.now)
    with pytest.raises(WrongState):
        replies.reject_guess(copy, desk.people.coordinator, frozen.now)
    assert fresh(guessed).reading == guessed.reading


def test_what_was_attached_by_itself_says_so_and_is_undone(client, desk, sent, attached):
    client.force_login(desk.people.coordinator)
    url = f"/replies/{attached.pk}/"
    page = client.get(url).content.decode()
    assert "Attached by itself: it came to the notice&#x27;s own reply address." in page
    client.post(f"{url}detach/")
    message = fresh(attached)
    assert (message.notice, message.guess, message.matched_at) == (None, None, None)
    assert message.key_id != desk.case.key_id
    assert message.mail.key_id == message.key_id
    assert message.text == "Hello, it has been removed from X."
    assert bytes(message.mail.stripped)


def test_a_number_learnt_from_a_mail_goes_with_it(desk, sent, attached, frozen):
    references.note(sent, "T-77", frozen.now, attached)
    replies.detach(attached, desk.people.coordinator, frozen.now)
    assert not Reference.objects.exists()


def test_a_number_that_was_typed_wrongly_goes_with_the_filing(desk, sent, frozen):
    message = factories.reply(sent, reading={"tickets": ["T-1"]})
    references.learn(message, frozen.now)
    by = desk.people.coordinator
    replies.file(message, "ticket_assigned", by, frozen.now, details={"ticket": "wrong 7"})
    assert set(references.of(sent)) == {"T-1", "wrong 7"}
    replies.unfile(message, by, frozen.now)
    assert references.of(sent) == ["T-1"]


def test_a_persons_match_is_undone_for_ten_minutes_and_then_stands(desk, guessed, frozen):
    replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    frozen.shift(minutes=11)
    with pytest.raises(RuleBroken, match="ten minutes"):
        replies.detach(guessed, desk.people.coordinator, frozen.now)
    assert fresh(guessed).notice is not None


def test_the_undo_of_an_accepted_guess_proposes_it_again(desk, sent, guessed, frozen):
    replies.accept_guess(guessed, desk.people.coordinator, frozen.now)
    replies.detach(guessed, desk.people.coordinator, frozen.now)
    assert (fresh(guessed).notice, fresh(guessed).guess) == (None, sent)


def test_what_is_filed_is_not_detached(desk, attached, frozen):
    replies.file(attached, "removed", desk.people.coordinator, frozen.now)
    with pytest.raises(RuleBroken, match="filed already"):
        replies.detach(attached, desk.people.coordinator, frozen.now)


@pytest.mark.parametrize("typed", ["notice", "case", "number"])
def test_a_notice_is_found_by_its_code_its_case_and_their_number(client, desk, sent, frozen, typed):
    references.note(sent, "T-88", frozen.now)
    message = factories.reply()
    client.force_login(desk.people.coordinator)
    code = {"notice": sent.code.lower(), "case": desk.case.code, "number": " T-88 "}[typed]
    client.post(f"/replies/{message.pk}/match/", {"code": code})
    assert Message.objects.get().notice == sent


def test_where_several_fit_each_is_offered(client, desk, sent):
    other = desk.sent(links=[factories.link(desk.case, "https://x.com/i/status/7")])
    message = factories.reply()
    client.force_login(desk.people.coordinator)
    page = client.post(f"/replies/{message.pk}/match/", {"code": desk.case.code}).content.decode()
    assert "Several fit" in page
    for notice in (sent, other):
        assert f'name="code" value="{notice.code}"' in page
    assert fresh(message).notice is None
