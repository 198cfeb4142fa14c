"""A channel in trouble: not offered first, said before anything is sent, and the others shown."""

import pytest
from django.urls import reverse

from notices import bouncing, checking, plan, replies, troubles
from notices.bouncing import Bounce
from notices.facts import of_notice
from notices.models import Notice
from notices.replies import senders
from notices.sending import rounds
from platforms import troubles as of_channels
from platforms.models import ChannelTrouble, TroubleKind
from tests import factories
from tests.mail_sink import MailSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(desk):
    return factories.channel("x-other", of=desk.channel.platform, address="legal@x.example")


def break_it(desk, at):
    address = desk.channel.address
    of_channels.note(desk.channel, TroubleKind.NO_SUCH_ADDRESS, address, "5.1.1", at)


def offered(desk):
    row = plan.plan_for(desk.case, desk.at).rows[0]
    return row.offer.channel_id, row.offer.reasons


def test_the_plan_offers_another_channel_first(desk, other, frozen):
    before, _reasons = offered(desk)
    first, second = (desk.channel, other) if before == desk.channel.key else (other, desk.channel)
    of_channels.note(first, TroubleKind.REFUSED, first.address, "", frozen.now)
    assert offered(desk)[0] == second.key


def test_the_only_channel_is_still_offered_with_the_reason(desk, frozen):
    break_it(desk, frozen.now)
    key, reasons = offered(desk)
    assert key == desk.channel.key
    assert "The address does not exist" in reasons


def rows_about_channel(notice, at):
    rows = checking.rows(notice, at, of_notice(notice, at))
    return [row for row in rows if row.group == "preflight" and "does not exist" in row.words]


def test_the_composer_says_why_and_names_the_others(desk, other, frozen):
    notice = desk.prepared()
    assert rows_about_channel(notice, frozen.now) == []
    break_it(desk, frozen.now)
    (row,) = rows_about_channel(desk.again(notice), frozen.now)
    assert row.state == "unsure"
    assert "removal@x.example" in row.words
    assert "legal@x.example" in row.words


def test_the_composer_page_marks_the_channel_in_the_list(client, desk, other, frozen):
    notice = desk.written()
    break_it(desk, frozen.now)
    client.force_login(desk.people.volunteer)
    shown = client.get(reverse("notices:edit", args=[notice.code])).content.decode()
    assert "(The address does not exist)" in shown


def test_a_cleared_trouble_is_forgotten(desk, other, frozen):
    notice = desk.prepared()
    break_it(desk, frozen.now)
    trouble = ChannelTrouble.objects.get()
    of_channels.clear(trouble, desk.people.coordinator, frozen.now)
    assert rows_about_channel(desk.again(notice), frozen.now) == []


def test_only_the_channel_with_the_other_address_counts_as_broken(desk, frozen):
    of_channels.note(desk.channel, TroubleKind.REFUSED, "old@x.example", "", frozen.now)
    assert rows_about_channel(desk.prepared(), frozen.now) == []


# ------------------------------------------------------------------ the notice that came back


@pytest.fixture
def returned(desk, other, frozen, tmp_path, settings):
    sink = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{sink.port}"
    notice = desk.approved()
    frozen.shift(seconds=61)
    rounds.send_due()
    sink.stop()
    bouncing.note(
        notice.deliveries.get(), Bounce("bounced_no_such_address", "5.1.1"), frozen.shift(hours=1)
    )
    return desk.again(notice)


def test_its_page_says_so_with_the_other_way_and_the_day_of_its_check(
    client, desk, returned, frozen
):
    client.force_login(desk.people.advocate)
    shown = client.get(returned.get_absolute_url()).content.decode()
    words = "The address does not exist (5.1.1). Use legal@x.example (verified 21 Nov)."
    assert words in shown
    assert "Bounced" in shown
    assert "Ways to reach them" in shown


def test_sending_it_again_takes_the_channel_that_works(desk, other, returned, frozen):
    again = plan.prepare_again(returned, desk.people.advocate, frozen.now)
    assert again.channel == other
    assert Notice.objects.get(pk=returned.pk).channel == desk.channel


def test_where_no_other_way_is_known_a_coordinator_looks_for_one(desk, frozen):
    notice = desk.sent()
    assert troubles.instead(troubles.others(notice, frozen.now, desk.channel.address)) == (
        "No other way is known here: a coordinator looks for one."
    )


# ------------------------------------------------------------------ senders that nobody reads


@pytest.mark.parametrize(
    "sender",
    [
        "noreply@x.example",
        "X Support <no-reply@x.example>",
        "do_not_reply@x.example",
        "DoNotReply+case-17@x.example",
        "support.noreply@x.example",
        "ne-pas-repondre@x.example",
        "nichtantworten@x.example",
        "geen-antwoord@x.example",
        "non.rispondere@x.example",
        "no-responder@x.example",
        "MAILER-DAEMON@mx.x.example",
    ],
)
def test_a_sender_that_nobody_reads_is_known_by_its_name(sender):
    assert senders.is_deaf(sender)


@pytest.mark.parametrize(
    "sender",
    ["abuse@x.example", "Reply Desk <reply@x.example>", "norbert@noreply.example", ""],
)
def test_others_are_not_taken_for_one(sender):
    assert not senders.is_deaf(sender)


def reply_page(client, desk, frozen, sender):
    notice = desk.sent()
    message = replies.receive(
        notice, desk.people.volunteer, frozen.now, text="Your case is noted.",
        received_at=frozen.now, sender=sender,
    )  # fmt: skip
    client.force_login(desk.people.volunteer)
    return client.get(reverse("notices:reply", args=[message.pk])).content.decode()


def test_t20_no_answer_to_noreply_is_offered_but_the_registrys_channels(
    client, desk, other, frozen
):
    break_it(desk, frozen.now)
    shown = reply_page(client, desk, frozen, "X <noreply@x.example>")
    assert "They do not read answers to this address" in shown
    assert "legal@x" in shown
    assert "mailto:" not in shown


def test_an_ordinary_sender_is_not_warned_of(client, desk, other, frozen):
    assert "They do not read" not in reply_page(client, desk, frozen, "X <desk@x.example>")
