"""Digests to staff: codes only, once a day, whatever dies in the middle."""

import re
from datetime import timedelta
from email import message_from_string, policy

import pytest
from django.db import connection
from django.urls import reverse

from accounts import unsubscribing
from accounts.models import User
from cases.models import Task
from core import clock
from insights import tasks
from insights.digests import sending
from insights.models import DigestMail
from notices import delivery
from notices.states import DeliveryState
from tests import factories
from tests.mail_sink import MailSink
from tests.notices.delivery import workers

# Saturday noon in UTC, and the whole house lives there.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def running_sink(tmp_path_factory):
    running = MailSink.start(tmp_path_factory.mktemp("digests"))
    yield running
    running.stop()


@pytest.fixture
def sink(running_sink, settings):
    running_sink.clear()
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{running_sink.port}"
    return running_sink


@pytest.fixture
def house(people, frozen, sink):
    """Something is late for the advocate, the volunteer who took it, and those who see all."""
    factories.organisation()
    case = factories.case(people.advocate, alias="Robin")
    link = factories.link(case, "https://x.com/i/status/7770001112223334")
    notice = factories.notice(
        case, link, taken_by=people.volunteer, status="sent", sent_at=frozen.now - timedelta(days=9)
    )
    notice.clocks.create(
        key="us-48h", kind="statutory", is_limit=True,
        starts_at=notice.sent_at, due_at=notice.sent_at + timedelta(hours=48),
    )  # fmt: skip
    Task.objects.create(
        case=case, kind="other", text="Call Robin", subject_code=case.code, owner=people.advocate,
        made_at=frozen.now,
    )  # fmt: skip
    return notice


def to(sink, user):
    found = [mail for mail in sink.accepted if mail["to"] == [user.email]]
    return [message_from_string(mail["content"], policy=policy.default) for mail in found]


def states():
    return sorted(DigestMail.objects.values_list("state", flat=True))


# ------------------------------------------------------------------ what it says


def test_the_first_line_says_it_all_and_the_rest_is_codes(house, people, sink):
    tasks.send_digests()
    (mail,) = to(sink, people.advocate)
    assert mail["Subject"] == "2 items need you today"
    lines = mail.get_content().splitlines()
    assert lines[0] == "1 thing is late, 1 waits for you."
    assert f"Late: 1 ({house.code})" in lines
    assert f"To do: 1 ({house.case.code})" in lines
    assert "http://localhost:8000/today/" in lines


def test_no_name_no_link_and_no_text_leaves(house, people, sink):
    tasks.send_digests()
    for mail in sink.accepted:
        for secret in (
            "Robin",
            "x.com",
            "7770001112223334",
            "Call",
            "Harbour Helpline",
            "Removal",
            "X has",
        ):
            assert secret not in mail["content"]
        addresses = re.findall(r"https?://\S+", mail["content"].replace("=\r\n", ""))
        assert all("?" not in address for address in addresses)


def test_a_volunteer_gets_codes_of_notices_alone(house, people, sink):
    case_code = house.case.code
    Task.objects.create(
        case=house.case, kind="other", text="…", subject_code=case_code, owner=people.volunteer,
        made_at=clock.now(),
    )  # fmt: skip
    tasks.send_digests()
    (mail,) = to(sink, people.volunteer)
    assert house.code in mail.get_content()
    assert case_code not in mail.get_content().replace(house.code, "")


def test_out_of_office_programs_are_asked_to_keep_quiet(house, people, sink):
    tasks.send_digests()
    (mail,) = to(sink, people.advocate)
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_goes_to_nobody_else_and_into_no_archive(house, sink):
    tasks.send_digests()
    assert all(len(mail["to"]) == 1 for mail in sink.accepted)
    assert "archive@harbour.example" not in str([mail["to"] for mail in sink.accepted])


def test_nothing_comes_when_nothing_waits_and_nobody_asks_again_that_day(
    house, people, sink, frozen
):
    tasks.send_digests()
    assert to(sink, people.stranger) == []
    row = DigestMail.objects.get(user=people.stranger)
    assert (row.state, row.attempts) == (DeliveryState.CANCELLED, 1)
    frozen.shift(minutes=1)
    tasks.send_digests()
    row.refresh_from_db()
    assert row.attempts == 1


# ------------------------------------------------------------------ once


def test_a_second_tick_sends_nothing_again(house, people, sink, frozen):
    assert tasks.send_digests() == len(sink.accepted) > 0
    frozen.shift(minutes=1)
    assert tasks.send_digests() == 0
    frozen.shift(hours=3)
    assert tasks.send_digests() == 0
    assert len(to(sink, people.advocate)) == 1


def test_three_lost_days_heal_into_one_digest(house, people, sink, frozen):
    tasks.send_digests()
    frozen.shift(days=3)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 2
    frozen.shift(days=1)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 3


def test_a_server_that_refuses_for_now_gets_it_later_once(house, people, sink, frozen):
    sink.be("outside-451")
    assert tasks.send_digests() == 0
    sink.be("normal")
    frozen.shift(minutes=5)
    assert tasks.send_digests() == 0
    frozen.shift(minutes=11)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 1


def test_what_broke_before_the_dot_is_tried_again(house, people, sink, frozen, settings):
    address, settings.SUBMISSION_URL = settings.SUBMISSION_URL, "smtp://127.0.0.1:9"
    assert tasks.send_digests() == 0
    assert "deferred" in states()
    settings.SUBMISSION_URL = address
    frozen.shift(minutes=16)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 1


def test_what_broke_after_the_dot_never_goes_again(house, people, sink, frozen):
    sink.be("drop")
    assert tasks.send_digests() == 0
    sink.be("normal")
    for _ in range(5):
        frozen.shift(hours=1)
        tasks.send_digests()
    assert set(states()) == {"unconfirmed", "cancelled"}
    assert len(to(sink, people.advocate)) == 1


def test_an_address_that_does_not_exist_is_not_tried_again(house, people, sink, frozen):
    sink.be("outside-550")
    tasks.send_digests()
    assert "failed" in states()
    sink.be("normal")
    frozen.shift(hours=2)
    assert tasks.send_digests() == 0


def test_a_claim_left_behind_before_the_dot_is_taken_up_again(house, people, sink, frozen):
    sending._queue(factories.organisation(), clock.due_now())
    mine = DigestMail.objects.filter(user=people.advocate)
    mine.update(state="sending", attempts=1, lease_until=frozen.now + timedelta(seconds=60))
    tasks.send_digests()
    assert to(sink, people.advocate) == []
    frozen.shift(seconds=61)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 1


def test_no_more_than_six_tries_are_made(house, people, sink, frozen):
    sink.be("outside-451")
    for _ in range(9):
        tasks.send_digests()
        frozen.shift(minutes=16)
    row = DigestMail.objects.get(user=people.advocate)
    assert (row.attempts, row.state) == (6, DeliveryState.CANCELLED)


# ------------------------------------------------------------------ who, and when


def test_what_was_deferred_into_the_quiet_hours_is_not_sent_in_them(house, people, sink, frozen):
    sending._queue(factories.organisation(), clock.due_now())
    frozen.shift(hours=9)
    assert tasks.send_digests() == 0
    frozen.shift(hours=11)
    tasks.send_digests()
    (mail,) = to(sink, people.advocate)
    assert DigestMail.objects.filter(user=people.advocate, state="cancelled").count() == 1


def test_who_lost_her_seat_gets_none(house, people, sink):
    User.objects.filter(pk=people.advocate.pk).update(is_active=False)
    tasks.send_digests()
    assert to(sink, people.advocate) == []


def test_who_loses_her_seat_between_claim_and_dot_gets_none(house, people, sink, monkeypatch):
    said = sending.saying.mail

    def lose(user, *args):
        User.objects.filter(pk=user.pk).update(is_active=False)
        return said(user, *args)

    monkeypatch.setattr(sending.saying, "mail", lose)
    assert tasks.send_digests() == 0
    assert sink.accepted == []
    assert set(states()) == {"cancelled"}


def test_the_stop_switch_is_about_notices_and_digests_go_on(house, people, sink):
    delivery.stop_sending(people.coordinator, clock.now())
    assert tasks.send_digests() > 0


def test_a_demo_writes_to_addresses_that_do_not_exist_only(house, people, sink, settings):
    settings.DEMO = True
    User.objects.filter(pk=people.advocate.pk).update(email="ada@harbour.org")
    assert tasks.send_digests() > 0
    assert all(mail["to"][0].endswith(".example") for mail in sink.accepted)
    assert DigestMail.objects.get(user=people.advocate).state == "cancelled"


def test_before_the_set_up_nothing_happens(db, frozen):
    assert tasks.send_digests() == 0


def test_one_digest_that_fails_keeps_no_other_waiting(house, people, sink, monkeypatch, caplog):
    said = sending.saying.mail

    def stumble(user, *args):
        if user == people.advocate:
            raise ZeroDivisionError("Robin")
        return said(user, *args)

    monkeypatch.setattr(sending.saying, "mail", stumble)
    assert tasks.send_digests() > 0
    assert to(sink, people.advocate) == []
    assert "digest.stuck" in caplog.text


def test_what_another_worker_sent_since_it_was_listed_is_not_sent_again(
    house, people, sink, monkeypatch
):
    assert tasks.send_digests() > 0
    before = len(sink.accepted)
    listed = list(DigestMail.objects.values_list("pk", flat=True))
    monkeypatch.setattr(sending, "waiting", lambda at: listed)
    assert tasks.send_digests() == 0
    assert len(sink.accepted) == before


# ------------------------------------------------------------------ real processes


@pytest.fixture
def real_server(transactional_db, house, settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    return house


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_digest_once(real_server, people, sink):
    assert workers.together(*[sending.send_due] * 4) == [0] * 4
    addresses = [mail["to"][0] for mail in sink.accepted]
    assert len(addresses) == len(set(addresses)) > 2
    assert set(states()) == {"sent", "cancelled"}


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["digest_claimed", "digest_accepted"])
def test_a_killed_worker_loses_no_digest_and_sends_none_twice(
    real_server, people, sink, frozen, point
):
    assert workers.end(workers.start(sending.send_due, point)) == workers.KILLED
    frozen.shift(seconds=61)
    for _ in range(3):
        assert workers.end(workers.start(sending.send_due)) == 0
    addresses = [mail["to"][0] for mail in sink.accepted]
    assert len(addresses) == len(set(addresses))
    assert people.advocate.email in addresses


# ------------------------------------------------------------------ one click ends them


def test_one_click_without_a_session_ends_them(house, people, sink, client, frozen):
    tasks.send_digests()
    (mail,) = to(sink, people.advocate)
    address = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    assert "Stop these mails?" in client.get(address).content.decode()
    people.advocate.refresh_from_db()
    assert people.advocate.digest == "daily"
    response = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert "No more such mails" in response.content.decode()
    people.advocate.refresh_from_db()
    assert people.advocate.digest == "none"
    frozen.shift(days=1)
    tasks.send_digests()
    assert len(to(sink, people.advocate)) == 1


def test_a_link_that_nobody_signed_ends_nothing(people, client):
    factories.organisation()
    token = unsubscribing.link(people.advocate).rstrip("/").rpartition("/")[2]
    for forged in (token[:-2] + "zz", str(people.advocate.pk), "x", f"x:{token}"):
        address = reverse("accounts:stop_digest", args=[forged])
        assert client.post(address).status_code == 404
    people.advocate.refresh_from_db()
    assert people.advocate.digest == "daily"


# ------------------------------------------------------------------ settings

WISHES = {
    "name": "Ada Advocate", "language": "en", "zone": "Europe/Rome", "theme": "auto",
    "digest": "weekly", "digest_hour": "9", "quiet_from": "19", "quiet_until": "8",
}  # fmt: skip


def test_a_person_chooses_how_often_and_when(people, client):
    factories.organisation()
    client.force_login(people.advocate)
    assert client.post(reverse("accounts:profile"), WISHES).status_code == 302
    people.advocate.refresh_from_db()
    found = people.advocate
    assert (found.digest, found.digest_hour) == ("weekly", 9)
    assert (found.quiet_from, found.quiet_until) == (19, 8)


def test_an_hour_within_the_quiet_ones_is_refused_with_a_sentence(people, client):
    factories.organisation()
    client.force_login(people.advocate)
    response = client.post(reverse("accounts:profile"), {**WISHES, "digest_hour": "20"})
    assert "Choose an hour outside the hours without mail." in response.content.decode()
