"""Beat orders the ticks from the workers, and does them itself where no broker takes the order."""

from typing import Any
from unittest.mock import Mock

import pytest
from celery.beat import ScheduleEntry
from celery.signals import worker_ready
from kombu.exceptions import OperationalError

from config import heartbeats, ticking
from config.celery import BEAT_TABLE, Nudge, app
from config.ticking import Ticker
from insights.health import facts, signs
from insights.health.standing import standing
from insights.models import Heartbeat
from notices.sending import rounds
from tests import factories


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the ticks that beat did itself."""
    found: list[str] = []
    monkeypatch.setattr(Ticker, "_do", lambda self, name: found.append(name))
    return found


def tick() -> Any:
    entry = ScheduleEntry("send", "notices.tasks.send_due", schedule=15.0, app=app)
    return Ticker(app, lazy=True).apply_async(entry, producer=object(), advance=False)


def publishing(monkeypatch: pytest.MonkeyPatch, ends: BaseException | None) -> None:
    def publish(*args: Any, **options: Any) -> str:
        if ends is not None:
            raise ends
        return "ordered"

    monkeypatch.setattr(app.tasks["notices.tasks.send_due"], "apply_async", publish)


def test_a_tick_is_ordered_from_the_workers(monkeypatch, done):
    app.loader.import_default_modules()
    publishing(monkeypatch, None)
    assert tick() == "ordered"
    assert done == []


@pytest.mark.parametrize("trouble", [OperationalError(), TimeoutError()])
def test_without_a_broker_beat_does_the_tick_itself(monkeypatch, done, trouble):
    app.loader.import_default_modules()
    publishing(monkeypatch, trouble)
    assert tick() is None
    assert done == ["notices.tasks.send_due"]


@pytest.mark.django_db
def test_what_beat_does_itself_leaves_the_signs_of_life_of_work(monkeypatch, frozen):
    app.loader.import_default_modules()
    factories.organisation()
    monkeypatch.setattr(heartbeats.connections, "close_all", lambda: None)
    monkeypatch.setattr(ticking, "close_old_connections", lambda: None)
    publishing(monkeypatch, OperationalError())
    monkeypatch.setattr(rounds, "send_due", lambda: 3)
    at = frozen.shift(minutes=9)
    tick()
    row = Heartbeat.objects.get(job="notices.tasks.send_due")
    assert (row.began_at, row.ended_at, row.found) == (at, at, 3)
    assert standing(at).silent_since is None
    says = {each.key: each.state for each in signs.read(facts.gather(at))}
    assert (says["beat"], says["workers"]) == ("fine", "look")
    fails = Mock(side_effect=ValueError)
    monkeypatch.setattr(rounds, "send_due", fails)
    tick()
    row.refresh_from_db()
    assert fails.called and row.trouble == "ValueError"
    says = {each.key: each.state for each in signs.read(facts.gather(frozen.shift(minutes=3)))}
    assert (says["beat"], says["workers"]) == ("trouble", "trouble")


def test_a_worker_that_comes_up_looks_for_everything_at_once(monkeypatch):
    app.loader.import_default_modules()
    asked: list[str] = []

    def note(task: Any, **options: Any) -> None:
        assert options["expires"] < 60
        asked.append(task.name)

    monkeypatch.setattr(Nudge, "apply_async", note)
    monkeypatch.setattr(heartbeats, "_alive", lambda name: None)
    worker_ready.send(sender=None)
    assert asked == [row["task"] for row in BEAT_TABLE.values()]
