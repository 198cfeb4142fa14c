"""F3 to F8: the mail server drops, refuses, waits, hangs, or is not the one it says it is."""

import signal
from contextlib import contextmanager
from threading import Thread
from time import monotonic

import pytest

from cases.models import Task
from notices.models import Delivery, Notice
from notices.sending import rounds, smtp
from tests import factories
from tests.faults import figures
from tests.faults.sending.test_workers import size, work
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox, workers
from tests.notices.delivery.test_tls import certificate

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def deliveries(n, **fields):
    case = outbox.case()
    return [
        outbox.delivery(outbox.notice(case), recipient=f"desk{number}@x.example", **fields)
        for number in range(n)
    ]


def in_state(state):
    return Delivery.objects.filter(state=state).count()


def unsent():
    return Delivery.objects.exclude(state="sent").count()


def human_tasks():
    return Task.objects.open().count()


@size(20, 400)
def test_f3_the_connection_drops_before_the_answer(sink, n):
    deliveries(n)
    sink.be("drop-20" if n > 20 else "drop-5")
    while in_state("held") or in_state("queued"):
        assert workers.one_round() == 0
    doubtful = in_state("unconfirmed")
    assert doubtful
    sink.be("normal")
    assert workers.end(workers.start(work)) == 0
    found = workers.sums(sink)
    found["lost"] += unsent()
    figures.report("F3 cut before 250", n=n, note=f"{doubtful} unconfirmed first", **found)


@size(6, 100)
@pytest.mark.parametrize("mood", ["greylist", "busy", "outside-450"])
def test_f4_a_server_that_says_later(sink, hurry, mood, n):
    deliveries(n)
    sink.be(mood)
    assert workers.one_round() == 0
    assert sink.accepted == []
    if mood != "greylist":
        sink.be("normal")
    hurry()
    assert workers.one_round() == 0
    found = workers.sums(sink)
    found["lost"] += unsent()
    tries = set(Delivery.objects.values_list("attempts", flat=True))
    found["wrong"] += human_tasks() + len(tries - {1, 2})
    figures.report(f"F4 {mood}", n=n, **found)


@size(4, 50)
@pytest.mark.parametrize("mood", ["outside-550", "dot-552", "dot-554"])
def test_f5_a_final_no(sink, hurry, mood, n):
    deliveries(n)
    sink.be(mood)
    began = monotonic()
    assert workers.one_round() == 0
    seconds = (monotonic() - began) / n
    told = Task.objects.open().filter(kind="delivery_failed").count()
    sink.be("normal")
    hurry()
    assert workers.one_round() == 0
    found = workers.sums(sink)
    found["wrong"] += abs(n - told) + abs(n - in_state("failed")) + len(sink.accepted)
    figures.report(f"F5 {mood}", n=n, note=f"told in {seconds:.1f} s", **found)
    assert seconds < 5


@size(4, 50)
@pytest.mark.parametrize("mood", ["outside-550", "archive-550", "archive-450"])
def test_f6_either_recipient_refused(sink, hurry, mood, n):
    deliveries(n)
    sink.be(mood)
    for _ in range(3):
        assert workers.one_round() == 0
        hurry()
    found = workers.sums(sink)
    found["wrong"] += sink.heard.count("DATA") + Notice.objects.filter(status="sent").count()
    figures.report(f"F6 {mood}", n=n, note="no DATA said", **found)


@contextmanager
def until_heard(sink, word):
    """Let the sink be normal again as soon as it has heard `word`."""

    def watch():
        workers.until(lambda: word in sink.heard, 30)
        sink.be("normal")

    watching = Thread(target=watch)
    watching.start()
    yield
    watching.join()


@pytest.mark.parametrize(
    "patience",
    [
        pytest.param(2.0, id="few"),
        pytest.param(smtp.CONVERSATION_SECONDS, id="many", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(("mood", "word"), [("hang-banner", "CONNECT"), ("hang-dot", "DATA")])
def test_f7_a_server_that_goes_silent(sink, hurry, monkeypatch, mood, word, patience):
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", patience)
    deliveries(5)
    sink.be(mood)
    began = monotonic()
    with until_heard(sink, word):
        assert workers.one_round() == 0
    seconds = monotonic() - began
    hurry()
    assert workers.end(workers.start(work)) == 0
    doubtful = in_state("unconfirmed")
    found = workers.sums(sink)
    found["lost"] += unsent() - doubtful
    found["wrong"] += doubtful - (mood == "hang-dot")
    figures.report(f"F7 {mood}", n=5, note=f"worker free after {seconds:.1f} s", **found)
    assert seconds < patience + 5


def test_f7_a_server_that_is_stopped_at_the_dot(sink, hurry, monkeypatch):
    """The mail that hangs waits for a person; the others go on."""
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", 2.0)
    deliveries(5)
    began = monotonic()
    pid = workers.start(rounds.send_due)
    workers.until(lambda: bool(sink.accepted), 20)
    sink.process.send_signal(signal.SIGSTOP)
    try:
        assert workers.end(pid) == 0
        seconds = monotonic() - began
    finally:
        sink.process.send_signal(signal.SIGCONT)
    workers.until(lambda: len(sink.accepted) == len(set(sink.message_ids)), 5)
    hurry()
    for _ in range(2):
        assert workers.end(workers.start(work)) == 0
        hurry()
    found = workers.sums(sink)
    found["lost"] += unsent() - in_state("unconfirmed")
    figures.report("F7 stopped", n=5, note=f"worker free after {seconds:.1f} s", **found)
    assert seconds < 25


def ask_for_starttls(settings, far):
    settings.SUBMISSION_URL = ""
    organisation = factories.organisation()
    organisation.submission_host, organisation.submission_port = "127.0.0.1", far.port
    organisation.submission_security = "starttls"
    organisation.save()


@pytest.mark.parametrize("mood", ["hang-tls", "cut-tls", "refuse-tls"])
def test_f7_a_server_that_fails_at_starttls(tmp_path, settings, monkeypatch, hurry, mood):
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", 2.0)
    files = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    far = MailSink.start(tmp_path / "far", files)
    ask_for_starttls(settings, far)
    deliveries(5)
    far.be(mood)
    began = monotonic()
    try:
        with until_heard(far, "STARTTLS"):
            assert workers.one_round() == 0
        seconds = monotonic() - began
        tried, early = in_state("deferred"), len(far.accepted)
        hurry()
        assert workers.end(workers.start(work)) == 0
        found = workers.sums(far)
    finally:
        far.stop()
    found["lost"] += unsent()
    found["wrong"] += early + (tried != 1)
    figures.report(f"F7 {mood}", n=5, note=f"worker free after {seconds:.1f} s", **found)
    assert seconds < 25


@size(3, 20)
@pytest.mark.parametrize("fault", ["stripped", "unknown", "expired", "foreign"])
def test_f8_a_connection_that_nobody_vouches_for(
    tmp_path, sink, settings, monkeypatch, hurry, fault, n
):
    given = {"expired": {"days": -1}, "foreign": {"host": "127.0.0.2"}}.get(fault, {})
    files = certificate(tmp_path, **given)
    if fault != "unknown":
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    far = MailSink.start(tmp_path / "far", () if fault == "stripped" else files)
    ask_for_starttls(settings, far)
    deliveries(n)
    try:
        for _ in range(2):
            assert workers.one_round() == 0
            hurry()
        accepted = far.accepted
    finally:
        far.stop()
    alarms = Task.objects.open().filter(role="coordinator", kind="delivery_delayed").count()
    left = Delivery.objects.exclude(state__in=["deferred", "held", "queued"]).count()
    wrong = len(accepted) + left + (alarms != 1)
    figures.report(f"F8 {fault}", n=n, note="refused, and told once", wrong=wrong)
