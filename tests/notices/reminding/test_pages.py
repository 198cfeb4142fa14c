"""The list of follow-ups, one reminder to read, and what the notice's page says of its clocks."""

import pytest
from django.urls import reverse

from notices import replies
from notices.models import Delivery, Reminder
from notices.reminding import plans, rounds
from platforms import troubles
from platforms.models import TroubleKind
from tests import factories

pytestmark = pytest.mark.django_db
CHASE = "/notices/chase/"


@pytest.fixture
def three_due(desk, frozen):
    """Three notices on a channel whose reminders a person sends, all due."""
    channel = factories.channel("x-ask", of=desk.channel.platform, chase="propose")
    links = [factories.link(desk.case, f"https://x.com/i/status/77{n}") for n in range(3)]
    notices = [desk.sent(channel=channel, links=[link]) for link in links]
    frozen.shift(hours=80)
    rounds.remind_due()
    return notices


def page(client, who, url=CHASE):
    client.force_login(who)
    return client.get(url).content.decode()


def test_the_list_shows_what_is_due_all_ticked(client, desk, three_due):
    html = page(client, desk.people.coordinator)
    assert "3 follow-ups are due." in html
    assert html.count("checked") == 3
    assert ">Send 3<" in html
    assert "3 days" in html and "No answer yet" in html


def test_one_press_sends_them_all_each_with_its_result(client, desk, three_due):
    client.force_login(desk.people.coordinator)
    codes = [notice.code for notice in three_due]
    html = client.post(CHASE, {"notice": codes}).content.decode()
    assert "3 reminders are sent." in html
    assert html.count("Leaves after the undo minute") == 3
    assert Delivery.objects.filter(kind="reminder", state="held").count() == 3
    assert "Nobody has to be reminded now." in html


def test_one_that_may_not_leave_stops_no_other(client, desk, three_due, frozen):
    first, *others = three_due
    replies.receive(first, desk.people.advocate, frozen.now, text="Hello", received_at=frozen.now)
    client.force_login(desk.people.coordinator)
    html = client.post(CHASE, {"notice": [n.code for n in three_due]}).content.decode()
    assert "2 reminders are sent." in html
    assert "A reply has come that nobody has read." in html
    sent = Delivery.objects.filter(kind="reminder").values_list("notice__code", flat=True)
    assert sorted(sent) == sorted(n.code for n in others)


def test_replies_that_nobody_read_are_left_out_and_it_is_said(client, desk, three_due, frozen):
    replies.receive(
        three_due[0], desk.people.advocate, frozen.now, text="Hello", received_at=frozen.now
    )
    html = page(client, desk.people.coordinator)
    assert "2 follow-ups are due." in html
    assert "1 more is left out" in html


def test_where_mail_comes_back_none_is_offered_and_it_is_said(client, desk, three_due, frozen):
    channel = three_due[0].channel
    troubles.note(channel, TroubleKind.REFUSED, "elsewhere@x.example", "", frozen.now)
    assert "3 follow-ups are due." in page(client, desk.people.coordinator)
    troubles.note(
        channel, TroubleKind.REFUSED, three_due[0].approvals.get().recipient, "", frozen.now
    )
    plans.replan(three_due[0], frozen.now)
    html = page(client, desk.people.coordinator)
    assert "0 follow-ups are due." in html and "data-rows" not in html
    assert "3 more are left out, because mail" in html
    assert f'href="{channel.platform.get_absolute_url()}"' in html
    assert "left out" not in page(client, desk.people.stranger)


def test_a_hundred_are_sent_at_once_and_no_more(client, desk, three_due):
    client.force_login(desk.people.coordinator)
    codes = [f"AAAA-AA-{n}" for n in range(99)] + [n.code for n in three_due]
    html = client.post(CHASE, {"notice": codes}).content.decode()
    assert "1 reminder is sent." in html
    assert html.count("Only 100 are sent at once") == 2


def test_a_stranger_sees_and_sends_nothing_of_it(client, desk, three_due):
    assert "0 follow-ups are due." in page(client, desk.people.stranger)
    html = client.post(CHASE, {"notice": [three_due[0].code]}).content.decode()
    assert "There is no such notice for you." in html
    assert not Delivery.objects.filter(kind="reminder").exists()


def test_a_reminder_can_be_read_before_it_is_sent(client, desk, three_due):
    notice = three_due[0]
    html = page(client, desk.people.volunteer, reverse("notices:remind", args=[notice.code]))
    assert f"Reminder of notice {notice.code}" in html
    assert "removal@x.example" in html
    client.post(reverse("notices:remind", args=[notice.code]))
    assert Delivery.objects.get(kind="reminder").notice == notice
    client.post(reverse("notices:undo_reminder", args=[notice.code]))
    assert Delivery.objects.get(kind="reminder").state == "cancelled"
    client.post(reverse("notices:leave_out_reminder", args=[notice.code]))
    assert Reminder.objects.get(notice=notice, n=1).dropped_by == desk.people.volunteer


def test_a_form_is_reminded_by_hand_from_the_same_page(client, by_form):
    by_form.frozen.shift(hours=80)
    by_form.tick()
    url = reverse("notices:remind", args=[by_form.notice.code])
    html = page(client, by_form.people.volunteer, url)
    assert "What to paste" in html
    client.post(url, {"sent_at": "2026-11-24 19:00"})
    assert Reminder.objects.get(n=1).state == "made"


def test_t10_the_estimate_is_set_from_the_overdue_banner(client, chase):
    chase.frozen.shift(hours=60)
    html = page(client, chase.people.volunteer, chase.notice.get_absolute_url())
    assert "12 h late" in html
    assert "They asked for more time" in html
    url = reverse("notices:estimate", args=[chase.notice.code])
    client.post(url, {"until": "2026-11-30"})
    assert chase.pending().due_at == chase.fresh().estimate_until
    html = page(client, chase.people.volunteer, chase.notice.get_absolute_url())
    assert "They ask us to wait until" in html
    assert "12 h late" in html, "a law does not wait"
    client.post(url, {"until": ""})
    assert chase.fresh().estimate_until is None


def test_a_target_of_our_own_is_past_and_never_late(client, desk, frozen):
    channel = factories.channel(
        "x-terms", of=desk.channel.platform, grounds=["platform-terms"], starts_statutory_clock=""
    )
    notice = desk.sent(channel=channel, ground="platform-terms", ticks=["nonconsent"])
    frozen.shift(hours=100)
    html = page(client, desk.people.volunteer, notice.get_absolute_url())
    assert "past our target" in html
    assert "h late" not in html


def test_while_the_answer_is_ours_both_clocks_are_shown(client, chase):
    chase.frozen.shift(hours=10)
    chase.they_say("info_requested")
    chase.frozen.shift(hours=50)
    html = page(client, chase.people.volunteer, chase.notice.get_absolute_url())
    assert "stands still" in html and "12 h late" in html
    assert "We answered them" in html
    url = reverse("notices:answered", args=[chase.notice.code])
    client.post(url, {"via": "mail", "text": "We sent the authority."})
    html = page(client, chase.people.volunteer, chase.notice.get_absolute_url())
    assert "It stood still for 50 hours" in html
    assert "We answered" in html and "Not filed yet" not in html


def test_the_question_how_to_go_on_stands_on_today(client, chase):
    chase.they_say("refused_no_violation")
    chase.frozen.shift(minutes=1)
    chase.tick()
    html = page(client, chase.people.coordinator, "/today/")
    assert "Decide the next step" in html
    assert chase.notice.get_absolute_url() in html


def test_today_leads_to_the_follow_ups(client, desk, three_due):
    html = page(client, desk.people.coordinator, "/today/")
    assert "3 follow-ups are due" in html and CHASE in html


def test_where_nothing_comes_next_the_page_says_why(client, desk, chase):
    chase.they_say("removed")
    assert chase.pending() is None
    html = page(client, desk.people.coordinator, f"/notices/{chase.notice.code}/")
    assert "They have decided, or named another way. A reminder would not help." in html
