"""One box: what was pasted is read, proposed in the fields, and confirmed with one click."""

from datetime import UTC, datetime

import pytest

from notices import references, replies
from notices.models import Message
from notices.replies.pasted import take_apart, understand
from tests import factories

MAIL = """From: X Support <support@x.example>
Date: Sat, 21 Nov 2026 15:30:00 +0100
Subject: Your request {code}

Hello, the content has been removed from our service. Your ticket number is T-5512.
"""


@pytest.fixture
def box(client, desk):
    client.force_login(desk.people.volunteer)

    def press(text, url="/replies/new/", **more):
        data = {"text": text, "via": "mail", "read": "1", **more}
        return client.post(url, data).content.decode()

    return press


def confirmed(client, sent, **changes):
    data = {
        "text": MAIL.format(code=sent.code), "via": "mail", "received_at": "2026-11-21 15:30",
        "code": sent.code, "sender": "support@x.example", "ticket": "T-5512", "answer": "removed",
    }  # fmt: skip
    return client.post("/replies/new/", {**data, **changes})


def test_what_stands_in_it_stands_in_the_fields(box, sent):
    page = box(MAIL.format(code=sent.code))
    assert f'name="code" value="{sent.code}"' in page
    assert 'name="sender" value="support@x.example"' in page
    assert 'name="ticket" value="T-5512"' in page
    assert "2026-11-21 1" in page
    assert "Reads as: <strong>says removed</strong>" in page
    assert not Message.objects.exists()


def test_one_click_confirms_and_files(client, desk, sent):
    client.force_login(desk.people.volunteer)
    assert confirmed(client, sent).url == f"/notices/{sent.code}/"
    message = Message.objects.get()
    assert (message.answer, message.proposed, message.via) == ("removed", "removed", "mail")
    assert references.of(sent) == ["T-5512"]
    assert set(sent.outcomes.values_list("claimed", flat=True)) == {"gone"}


def test_pressed_twice_it_is_one_reply_and_nothing_typed_is_lost(client, desk, sent):
    client.force_login(desk.people.volunteer)
    page = confirmed(client, sent, read="1").context["form"]["form"].value()
    confirmed(client, sent, form=page, code="", answer="")
    confirmed(client, sent, form=page)
    message = Message.objects.get()
    assert confirmed(client, sent, form=page).url == f"/replies/{message.pk}/"
    assert confirmed(client, sent, form=page, answer="ack_auto").url == f"/replies/{message.pk}/"
    assert Message.objects.get().answer == "removed"
    confirmed(client, sent, form=page, received_at="2026-11-21 15:31", answer="")
    confirmed(client, sent, form="another page", answer="")
    assert Message.objects.count() == 3


def test_kept_without_filing_it_waits_with_what_was_read(client, desk, sent):
    client.force_login(desk.people.volunteer)
    url = confirmed(client, sent, answer="").url
    assert "Reads as: <strong>says removed</strong>" in client.get(url).content.decode()


@pytest.mark.parametrize("via", ["portal", "phone", "post"])
def test_t11_a_telephone_call_moves_the_same_moments(client, desk, sent, via):
    client.force_login(desk.people.volunteer)
    confirmed(client, sent, via=via)
    moments = sent.outcomes.values_list("answered_at", "decided_at")
    assert set(moments) == {(Message.objects.get().received_at,) * 2}


def test_a_notice_of_another_team_is_not_proposed(client, desk, sent):
    client.force_login(factories.user("Vera Volunteer", "volunteer"))
    data = {"text": MAIL.format(code=sent.code), "via": "mail", "read": "1"}
    page = client.post("/replies/new/", data).content.decode()
    assert f'value="{sent.code}"' not in page and "Probably answers" not in page
    assert "No notice has this code." in confirmed(client, sent).content.decode()
    assert not Message.objects.exists()


def test_from_the_page_of_a_notice_its_code_is_known(box, sent):
    page = box("We are looking at it.", f"/notices/{sent.code}/replies/new/")
    assert f'name="code" value="{sent.code}"' in page


def test_a_demand_opens_its_choices(client, desk, sent):
    client.force_login(desk.people.volunteer)
    page = confirmed(client, sent, answer="identity_requested")
    assert "You need not decide now." in client.get(page.url).content.decode()


def test_an_answer_that_is_none_is_kept_and_asked_for(client, desk, sent):
    client.force_login(desk.people.volunteer)
    page = client.get(confirmed(client, sent, answer="nonsense").url).content.decode()
    assert "Choose what kind of answer it is." in page
    assert Message.objects.get().filed_at is None


def test_an_empty_box_gets_a_sentence(box, sent):
    assert "Fill this in" in box("   ")


def test_lines_above_a_mail_are_told_from_its_text():
    parsed = take_apart(MAIL.format(code="K7Q4-2M-1"))
    assert parsed.from_address == "support@x.example"
    assert parsed.date == datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
    assert parsed.subject == "Your request K7Q4-2M-1"
    assert take_apart("Hello: world\nFrom: nobody").from_address == ""


@pytest.mark.parametrize("date", ["yesterday", "Sat, 99 Nov 2026 15:30:00 +0100", "", "\x00"])
def test_a_date_that_is_none_is_left_to_the_person(date):
    assert take_apart(f"From: a@x.example\nDate: {date}\n\nHi").date is None


def test_a_moment_before_the_notice_left_is_not_believed(desk, sent, frozen):
    text = "Date: Sat, 01 Nov 2025 15:30:00 +0100\n\nThe content has been removed from our service."
    found = understand(text, desk.people.volunteer, frozen.now, sent)
    assert found.received_at is None
    assert found.answer is not None


def test_a_mail_that_was_pasted_cannot_be_detached(desk, sent, frozen):
    message = replies.receive(
        sent, desk.people.volunteer, frozen.now, text="x", received_at=frozen.now
    )
    assert not replies.may_be_detached(message, frozen.now)
