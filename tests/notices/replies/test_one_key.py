"""W7: what the machine reads is proposed with its phrase; one key files it, one click a reply."""

from datetime import UTC, datetime, timedelta

import pytest

from notices import lifecycle, references
from notices.models import Notice
from tests import factories
from tests.notices.replies.mails import fresh, receipt

# When the day is over that a promise names.
END_OF_DAY = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def page(client, desk):
    client.force_login(desk.people.volunteer)
    return lambda url: client.get(url).content.decode()


def test_the_proposal_says_because_of_which_words_and_marks_them(page, attached):
    shown = page("/replies/")
    assert "Reads as: <strong>says removed</strong>, because of “has been removed from”." in shown
    assert "it <mark>has been removed from</mark> X." in shown
    assert 'form="filing" name="answer" value="removed" data-key="a"' in shown


def test_accepting_files_it_and_shows_the_next_reply(client, desk, sent, attached, frozen):
    older = receipt(sent, received_at=frozen.now - timedelta(hours=1))
    client.force_login(desk.people.volunteer)
    url = f"/replies/{attached.pk}/file/"
    done = client.post(url, {"answer": "removed", "tab": "to_file"})
    assert done.url == f"/replies/{older.pk}/?tab=to_file"
    assert fresh(attached).answer == "removed"
    last = client.post(f"/replies/{older.pk}/file/", {"answer": "ack_auto", "tab": "to_file"})
    assert last.url == "/replies/?tab=to_file"
    assert "All replies are filed." in client.get(last.url).content.decode()


def test_a_second_press_says_that_it_is_filed(client, desk, attached):
    client.force_login(desk.people.volunteer)
    url = f"/replies/{attached.pk}/file/"
    client.post(url, {"answer": "removed"})
    again = client.post(url, {"answer": "unrelated"})
    assert "Somebody else filed or moved this reply" in again.content.decode()
    assert fresh(attached).answer == "removed"


def test_their_number_and_their_promise_stand_in_the_fields(client, desk, sent, frozen):
    until = (frozen.now + timedelta(days=3)).isoformat()
    reading = {"tickets": ["T-5", "T-6"], "estimate_until": until, "dates": ["within 3 days"]}
    message = receipt(sent, reading=reading)
    client.force_login(desk.people.volunteer)
    shown = client.get(f"/replies/{message.pk}/").content.decode()
    assert 'name="ticket" value="T-5"' in shown
    assert "T-6" in shown
    assert 'name="wait_until" value="2026-11-24"' in shown
    data = {"answer": "ack_auto", "ticket": "T-5", "wait_until": "2026-11-24"}
    client.post(f"/replies/{message.pk}/file/", data)
    assert fresh(message).answer == "ticket_assigned"
    assert references.of(sent) == ["T-5"]
    assert Notice.objects.get(pk=sent.pk).estimate_until == END_OF_DAY


def test_a_promise_that_ends_with_a_day_is_accepted_as_it_was_read(client, desk, sent):
    message = receipt(sent, reading={"estimate_until": END_OF_DAY.isoformat()})
    client.force_login(desk.people.volunteer)
    shown = client.get(f"/replies/{message.pk}/").content.decode()
    assert 'name="wait_until" value="2026-11-24"' in shown
    data = {"answer": "ack_auto", "wait_until": "2026-11-24"}
    client.post(f"/replies/{message.pk}/file/", data)
    assert Notice.objects.get(pk=sent.pk).estimate_until == END_OF_DAY


def test_a_promise_that_a_person_took_out_of_its_field_holds_nothing_back(client, desk, sent):
    message = receipt(sent, reading={"estimate_until": END_OF_DAY.isoformat()})
    client.force_login(desk.people.volunteer)
    client.post(f"/replies/{message.pk}/file/", {"answer": "ack_auto", "wait_until": ""})
    assert Notice.objects.get(pk=sent.pk).estimate_until is None


def test_one_number_files_a_receipt_and_the_others_ask_for_the_detail(page, attached):
    shown = page("/replies/")
    assert 'name="answer" value="ack_auto" data-key="1"' in shown
    assert '<summary data-key="3">' in shown and 'data-answer-key="a"' in shown


def test_ticked_links_travel_with_the_accepted_answer(client, desk, sent, attached):
    first = sent.outcomes.order_by("link__number").first()
    client.force_login(desk.people.volunteer)
    data = {"answer": "partially_removed", "about": [str(first.pk)]}
    client.post(f"/replies/{attached.pk}/file/", data)
    claimed = sent.outcomes.order_by("link__number").values_list("claimed", flat=True)
    assert list(claimed) == ["partly", ""]


def test_the_machine_files_nothing_by_itself(sent, attached):
    assert fresh(attached).filed_at is None
    assert set(sent.outcomes.values_list("answered_at", "claimed")) == {(None, "")}


def test_t22_a_reply_after_closing_is_kept_marked_and_filed(client, desk, sent, frozen):
    lifecycle.finish(desk.again(sent), desk.people.advocate, frozen.now)
    frozen.shift(hours=1)
    message = factories.reply(sent, proposed="removed")
    client.force_login(desk.people.volunteer)
    shown = client.get("/replies/").content.decode()
    assert "After closing" in shown
    assert "This notice was over when the reply came." in shown
    client.post(f"/replies/{message.pk}/file/", {"answer": "removed", "tab": "to_file"})
    assert fresh(message).answer == "removed"


def test_t16_a_stranger_who_writes_to_our_address_is_kept_and_shown(client, desk, sent):
    factories.reply(sent, sender="somebody@elsewhere.example", genuineness="unverified")
    client.force_login(desk.people.volunteer)
    shown = client.get("/replies/").content.decode()
    assert "somebody@elsewhere.example" in shown
    assert "Nobody vouches for who wrote this." in shown


def test_t20_a_sender_that_nobody_reads_comes_with_the_right_way(client, desk, sent):
    factories.reply(sent, sender="no-reply@x.example")
    client.force_login(desk.people.volunteer)
    shown = client.get("/replies/").content.decode()
    assert "They do not read answers to this address." in shown
    assert "Use:" in shown and "removal@x.example" in shown


def test_t20_a_mail_that_says_so_itself_counts_alike(client, desk, sent):
    factories.reply(sent, reading={"can_be_answered": False})
    client.force_login(desk.people.volunteer)
    assert "They do not read answers" in client.get("/replies/").content.decode()
