"""Degraded service is visible within two minutes: banner, health page and /readyz."""

from datetime import timedelta
from uuid import uuid4

import pytest
from celery.utils.dispatch import Signal
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import heartbeats as wiring
from config import views
from config.celery import BEAT_TABLE
from core import clock
from insights.health import POLL, broker, facts, signs
from insights.health.facts import Facts, Job
from insights.health.standing import standing
from insights.models import Heartbeat
from notices.models import ReceivedMail
from tests import factories
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
SILENT = "The background work has been silent"
RECEIVING = "Receiving is delayed"
TICK = Job("send", "notices.tasks.send_due", timedelta(seconds=15), NOON, NOON)


def known(**values):
    given = {"beat_at": NOON, "work_at": NOON, "jobs": [TICK], "since": NOON - 99 * MINUTE}
    return Facts(at=NOON, **{**given, **values})


def sign(key, **values):
    return next(each for each in signs.read(known(**values)) if each.key == key)


# ------------------------------------------------------------------ what the facts mean


def test_when_all_runs_nothing_is_trouble():
    assert {each.state for each in signs.read(known())} == {"fine", "off"}


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("beat", {"beat_at": NOON - 3 * MINUTE}),
        ("beat", {"beat_at": None}),
        ("workers", {"work_at": NOON - 3 * MINUTE}),
        ("workers", {"work_at": None}),
        ("jobs", {"jobs": [Job("x", "x", MINUTE, NOON, NOON - 4 * MINUTE, 0, "ValueError")]}),
        ("jobs", {"jobs": [Job("x", "x", MINUTE)]}),
        ("jobs", {"jobs": [Job("x", "x", MINUTE, known_at=NOON - 4 * MINUTE)]}),
        ("broker", {"broker_answers": False}),
        ("sending", {"mail_due_at": NOON - 3 * MINUTE}),
        ("receiving", {"post_due_at": NOON - 3 * MINUTE}),
        ("mailbox", {"fetches_mail": True}),
        ("door", {"has_door": True}),
        ("door", {"has_door": True, "door_at": NOON - 3 * MINUTE}),
        ("checker", {"checker_on": True, "look_due_at": NOON - 180 * MINUTE}),
        ("clocks", {"clock_ahead": timedelta(seconds=9)}),
        ("clocks", {"clock_ahead": timedelta(seconds=-9)}),
    ],
)
def test_what_stands_still_is_trouble_and_says_what_to_do(key, values):
    found = sign(key, **values)
    assert found.state == "trouble"
    assert found.says.endswith(".")
    assert found.do.endswith(".")


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("beat", {"beat_at": NOON - MINUTE}),
        ("jobs", {"jobs": [Job("x", "x", 10 * MINUTE, NOON, NOON - 25 * MINUTE)]}),
        ("jobs", {"jobs": [Job("x", "x", MINUTE, known_at=NOON - 2 * MINUTE)]}),
        ("sending", {"mail_due_at": NOON - MINUTE}),
        ("sending", {"mail_due_at": NOON + MINUTE}),
        ("unconfirmed", {"unconfirmed": 1, "unconfirmed_since": NOON - MINUTE}),
        ("mailbox", {"fetches_mail": True, "jobs": [Job("m", POLL, MINUTE, NOON, NOON)]}),
        ("door", {"has_door": True, "door_at": NOON - MINUTE}),
        ("mailbox", {"fetches_mail": True, "jobs": [Job("m", POLL, MINUTE, known_at=NOON)]}),
        ("checker", {"checker_on": True, "look_due_at": NOON - MINUTE}),
        ("clocks", {"clock_ahead": timedelta(seconds=2)}),
    ],
)
def test_what_is_only_a_moment_old_is_fine(key, values):
    assert sign(key, **values).state == "fine"


def test_what_a_person_decides_is_no_trouble_of_the_machine():
    doubt = sign("unconfirmed", unconfirmed=2, unconfirmed_since=NOON - 11 * MINUTE)
    aside = sign("quarantine", quarantined=1, quarantined_since=NOON - 11 * MINUTE)
    assert (doubt.state, aside.state) == ("look", "look")
    assert (doubt.place, aside.place) == ("notices:outbox", "notices:quarantine")


def test_sending_that_was_stopped_on_purpose_is_not_delayed():
    found = sign("sending", stopped_at=NOON, mail_due_at=NOON - 99 * MINUTE)
    assert (found.state, found.word) == ("off", "stopped")


def test_jobs_that_have_not_run_yet_say_so_for_a_moment():
    new = Job("x", "x", MINUTE, known_at=NOON - MINUTE)
    assert "not every job has run yet" in sign("jobs", jobs=[TICK, new]).says
    assert "not every job has run yet" not in sign("jobs", jobs=[TICK]).says


# ------------------------------------------------------------------ the banner


@pytest.fixture
def alive(db, frozen):
    """An organisation of some age whose beat and workers ran a moment ago."""
    factories.organisation(set_up_at=frozen.now - timedelta(days=9))
    for job in ("beat", "door", *(row["task"] for row in BEAT_TABLE.values())):
        Heartbeat.objects.create(job=job, began_at=frozen.now, ended_at=frozen.now)


def page(client, user):
    client.force_login(user)
    return client.get(reverse("platforms:index")).content.decode()


def waiting_mail(at, **fields):
    return ReceivedMail.objects.create(
        content_hash=uuid4().hex, source="smtp", received_at=at, next_try_at=at, size=1, **fields
    )


def test_everybody_sees_within_two_minutes_that_no_tick_runs(alive, people, client, frozen):
    assert SILENT not in page(client, people.volunteer)
    frozen.shift(minutes=2, seconds=1)
    assert SILENT in page(client, people.volunteer)


@pytest.mark.parametrize("dead", ["beat", "workers"])
def test_one_of_beat_and_workers_alone_is_not_enough(alive, frozen, dead):
    at = frozen.shift(minutes=3)
    living = Heartbeat.objects.exclude(job="beat") if dead == "beat" else Heartbeat.objects.filter(
        job="beat"
    )  # fmt: skip
    living.update(began_at=at)
    assert standing(at).silent_since == NOON
    Heartbeat.objects.update(began_at=at)
    assert standing(at).silent_since is None


def test_an_installation_whose_beat_never_started_says_so(db, frozen):
    factories.organisation()
    assert standing(frozen.now).silent_since is None
    assert standing(frozen.shift(minutes=3)).silent_since == NOON


def test_mail_that_nobody_reads_is_told_and_mail_that_waits_to_be_tried_again_is_not(
    alive, people, client, frozen
):
    mail = waiting_mail(frozen.now - 3 * MINUTE)
    assert RECEIVING in page(client, people.advocate)
    ReceivedMail.objects.filter(pk=mail.pk).update(next_try_at=frozen.now + MINUTE)
    assert RECEIVING not in page(client, people.advocate)


def test_a_mailbox_that_cannot_be_fetched_is_told(alive, frozen, settings):
    settings.MAILBOX_URL = "imaps://desk:secret@mail.harbour.example/INBOX"
    assert not standing(frozen.now).receiving_is_delayed
    at = frozen.shift(minutes=3)
    Heartbeat.objects.exclude(job=POLL).update(began_at=at, ended_at=at)
    Heartbeat.objects.filter(job=POLL).update(began_at=at, trouble="TimeoutError")
    Heartbeat.objects.filter(job="door").update(began_at=at)
    assert standing(at).receiving_is_delayed
    settings.MAILBOX_URL = ""
    assert not standing(at).receiving_is_delayed


@pytest.mark.parametrize(
    ("was_open", "mailbox", "port", "told"),
    [
        (True, "", 2525, True),
        (False, "", 2525, True),
        (True, "imaps://mail.example/INBOX", 2525, True),
        (False, "imaps://mail.example/INBOX", 2525, False),
        (True, "", 0, False),
    ],
    ids=["closed", "never open", "beside a mailbox", "a mailbox alone", "named as none"],
)
def test_a_closed_door_is_told_where_one_is_expected(
    alive, people, client, frozen, settings, was_open, mailbox, port, told
):
    settings.MAILBOX_URL, settings.INBOUND_SMTP_PORT = mailbox, port
    if not was_open:
        Heartbeat.objects.filter(job="door").delete()
    at = frozen.shift(minutes=3)
    Heartbeat.objects.exclude(job="door").update(began_at=at, ended_at=at)
    assert (RECEIVING in page(client, people.advocate)) is told
    assert ("door" in readyz(client)[1]["amber"]) is told


def test_an_open_door_proves_nothing_of_the_workers(alive, frozen):
    at = frozen.shift(minutes=3)
    Heartbeat.objects.filter(job__in=["beat", "door"]).update(began_at=at)
    assert standing(at).silent_since == NOON
    assert facts.gather(at).work_at == NOON


def test_who_can_do_something_is_led_to_the_page(alive, people, client, frozen):
    frozen.shift(minutes=3)
    link = f'<a href="{reverse("insights:health")}">See what to do</a>'
    assert link in page(client, people.coordinator)
    assert link in page(client, people.administrator)
    assert link not in page(client, people.advocate)


def test_the_banner_costs_a_page_one_question(alive, frozen):
    with CaptureQueriesContext(connection) as queries:
        standing(clock.now())
    assert len(queries) == 1


# ------------------------------------------------------------------ the page


def test_the_page_says_what_stands_still_since_when_and_what_to_do(alive, people, client, frozen):
    frozen.shift(minutes=3)
    waiting_mail(frozen.now - 3 * MINUTE)
    client.force_login(people.coordinator)
    html = client.get(reverse("insights:health")).content.decode()
    assert "5 things stand still." in html
    assert "Start the beat process again" in html
    assert "Mail was received and kept" in html
    assert "21 Nov 12:00" in html


def test_an_administrator_gets_no_button_to_pages_that_she_may_not_open(
    alive, people, client, frozen
):
    waiting_mail(frozen.now, state="quarantined")
    address = f'href="{reverse("notices:quarantine")}">Open'
    client.force_login(people.coordinator)
    assert address in client.get(reverse("insights:health")).content.decode()
    client.force_login(people.administrator)
    assert address not in client.get(reverse("insights:health")).content.decode()


def test_every_job_of_beat_is_on_the_page(alive, people, client):
    client.force_login(people.administrator)
    html = client.get(reverse("insights:health")).content.decode()
    assert all(f">{name}</th>" in html for name in BEAT_TABLE)


def test_the_page_asks_as_often_for_much_mail_as_for_little(alive, frozen):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            facts.gather(frozen.now)
        return len(queries)

    few = asked()
    for _ in range(20):
        waiting_mail(frozen.now, state="quarantined")
    assert asked() == few


# ------------------------------------------------------------------ /readyz


def readyz(client):
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_readyz_is_green_when_all_runs(alive, client, monkeypatch):
    monkeypatch.setattr(broker, "answers", lambda: True)
    status, report = readyz(client)
    assert (status, report["ready"], report["state"], report["amber"]) == (200, True, "green", {})
    assert report["seconds_since"] == {"beat": 0, "workers": 0, "door": 0}


@pytest.fixture
def fresh(db, frozen, settings, monkeypatch):
    """An installation set up long ago, whose programs start now for the first time."""
    monkeypatch.setattr(broker, "answers", lambda: True)
    monkeypatch.setattr(wiring.connections, "close_all", lambda: None)
    monkeypatch.setattr(wiring, "after_task_publish", Signal())
    settings.MAILBOX_URL = "imaps://desk:secret@mail.harbour.example/INBOX"
    factories.organisation(set_up_at=frozen.now - timedelta(days=366))
    wiring._listen_to_beat()
    wiring._came_up()


def test_readyz_of_a_first_start_is_green_before_any_job_has_run(fresh, client, frozen):
    assert readyz(client)[1]["amber"] == {}
    assert standing(frozen.now).receiving_is_delayed is False


def test_a_job_that_never_runs_is_late_from_the_first_start_on(fresh, client, frozen):
    at = frozen.shift(minutes=3, seconds=1)
    Heartbeat.objects.filter(job__in=["beat", "worker"]).update(began_at=at)
    amber = {"jobs": "overdue for 3 minutes", "mailbox": "not fetched for 3 minutes"}
    assert readyz(client)[1]["amber"] == amber
    assert standing(at).receiving_is_delayed is True


def test_beat_that_starts_again_does_not_make_its_jobs_new(fresh, frozen):
    began_at = frozen.now
    frozen.shift(minutes=3)
    wiring._listen_to_beat()
    known = Heartbeat.objects.filter(job__in=wiring.RECURRING)
    assert set(known.values_list("known_at", flat=True)) == {began_at}


def test_readyz_names_what_stands_still_and_stays_200(alive, client, frozen, monkeypatch):
    monkeypatch.setattr(broker, "answers", lambda: False)
    waiting_mail(frozen.now - 7 * MINUTE)
    frozen.shift(minutes=5)
    status, report = readyz(client)
    assert (status, report["state"]) == (200, "amber")
    assert report["amber"] == {
        "receiving": "delayed for 12 minutes",
        "door": "closed for 5 minutes",
        "beat": "silent for 5 minutes",
        "workers": "silent for 5 minutes",
        "jobs": "overdue for 5 minutes",
        "broker": "does not answer",
    }


def test_readyz_tells_a_stranger_no_count(alive, client, frozen):
    for _ in range(3):
        waiting_mail(frozen.now - 7 * MINUTE, state="quarantined")
    _, report = readyz(client)
    assert report["for_a_person"] == {"quarantine": "has mail for 7 minutes"}


@pytest.mark.django_db
def test_readyz_is_unfit_without_its_tables(client, monkeypatch):
    monkeypatch.setattr(views, "_missing", lambda alias: "does not answer")
    status, report = readyz(client)
    assert (status, report["ready"]) == (503, False)
    assert set(report["missing"]) == {"default", "keys"}
    assert "amber" not in report


def test_a_broker_that_does_not_answer_is_given_up_at_once(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert broker.answers() is False


def test_a_folder_serves_as_broker_on_one_machine(settings, tmp_path):
    settings.REDIS_URL, settings.VAR_DIR = "", tmp_path
    assert broker.answers() is False
    (tmp_path / "broker" / "queue").mkdir(parents=True)
    assert broker.answers() is True
