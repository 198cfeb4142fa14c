"""What nobody has to file: kept, out of the way, and brought back by one click."""

import pytest

from core.errors import WrongState
from notices import replies
from tests.notices.replies.mails import fresh


def test_it_leaves_every_list_that_waits_and_comes_back(client, desk, sent, attached):
    client.force_login(desk.people.volunteer)
    url = f"/replies/{attached.pk}/"
    done = client.post(f"{url}set-aside/", {"tab": "to_file"}, follow=True).content.decode()
    assert "All replies are filed." in done and f"{url}bring-back/" in done
    assert sent.code in client.get("/replies/?tab=aside").content.decode()
    client.post(f"{url}bring-back/")
    message = fresh(attached)
    assert (message.set_aside_at, message.set_aside_by) == (None, None)
    assert sent.code in client.get("/replies/").content.decode()


def test_it_moves_no_clock(desk, sent, attached, frozen):
    before = list(sent.outcomes.values())
    replies.set_aside(attached, desk.people.volunteer, frozen.now)
    assert list(sent.outcomes.values()) == before


def test_what_somebody_filed_meanwhile_is_not_set_aside_and_the_other_way(desk, attached, frozen):
    copy = fresh(attached)
    replies.file(attached, "removed", desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        replies.set_aside(copy, desk.people.volunteer, frozen.now)
    replies.unfile(attached, desk.people.volunteer, frozen.now)
    replies.set_aside(fresh(attached), desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        replies.file(copy, "removed", desk.people.volunteer, frozen.now)
    assert fresh(attached).answer == ""


def test_what_somebody_matched_meanwhile_is_not_set_aside_behind_the_back_of_its_notice(
    desk, sent, guessed, frozen
):
    copy = fresh(guessed)
    replies.accept_guess(guessed, desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        replies.set_aside(copy, desk.people.volunteer, frozen.now)
    assert fresh(guessed).set_aside_at is None


def test_twice_is_said(desk, attached, frozen):
    copy = fresh(attached)
    replies.set_aside(attached, desk.people.volunteer, frozen.now)
    with pytest.raises(WrongState):
        replies.set_aside(copy, desk.people.volunteer, frozen.now)
