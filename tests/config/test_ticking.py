"""Beat orders the ticks from the workers, and does them itself where no broker takes the order."""

from typing import Any

import pytest
from celery.beat import ScheduleEntry
from celery.signals import worker_ready
from kombu.exceptions import OperationalError

from config import heartbeats
from config.celery import BEAT_TABLE, Nudge, app
from config.ticking import Ticker


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
