from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from config import celery as queue
from config.celery import BEAT_TABLE, Nudge, app


@pytest.fixture
def nudge(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(Nudge, "_silent_until", 0.0)
    own = Celery("own", task_cls=Nudge, broker="memory://")

    @own.task(name="tests.nudge")
    def look() -> None:
        """Do nothing: these tests are about the way to a worker."""

    return look


def unreachable(*args: Any, **options: Any) -> None:
    raise OperationalError("no broker")


def test_a_dead_broker_costs_the_page_nothing_but_the_nudge(
    nudge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Celery, "send_task", unreachable)
    assert nudge.delay() is None


def test_after_a_failure_the_broker_is_left_alone_for_half_a_minute(
    nudge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []
    seconds = [1000.0]

    def count(*args: Any, **options: Any) -> None:
        tries.append(seconds[0])
        raise OperationalError("no broker")

    monkeypatch.setattr(queue, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(Celery, "send_task", count)
    for moment in (1000.0, 1001.0, 1029.9, 1030.1):
        seconds[0] = moment
        nudge.delay()
    assert tries == [1000.0, 1030.1]


def test_a_mistake_in_the_program_is_not_taken_for_a_dead_broker(
    nudge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*args: Any, **options: Any) -> None:
        raise TypeError("not a broker's fault")

    monkeypatch.setattr(Celery, "send_task", wrong)
    with pytest.raises(TypeError):
        nudge.delay()


def test_what_is_published_repeats_no_arguments(
    nudge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, Any] = {}
    monkeypatch.setattr(Celery, "send_task", lambda self, *args, **options: sent.update(options))
    nudge.delay()
    assert (sent["argsrepr"], sent["kwargsrepr"]) == ("", "")


@pytest.mark.parametrize("name", BEAT_TABLE)
def test_a_tick_is_plain_seconds_and_does_not_pile_up(name: str) -> None:
    row = BEAT_TABLE[name]
    assert row["options"]["expires"] < row["schedule"]
    assert not {"eta", "countdown"} & set(row["options"])


@pytest.mark.parametrize("name", BEAT_TABLE)
def test_a_tick_names_a_task_that_exists(name: str) -> None:
    app.loader.import_default_modules()
    assert BEAT_TABLE[name]["task"] in app.tasks


def test_the_embedded_queue_is_closed_to_others(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.REDIS_URL = tmp_path, ""
    told = queue._configuration()
    assert told["broker_url"] == "filesystem://localhost"
    folders = [Path(value) for value in told["broker_transport_options"].values()]
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in folders)
    assert all(folder.is_relative_to(tmp_path) for folder in folders)


def test_with_redis_a_publisher_gives_up_early_and_jobs_end_before_they_are_offered_again(
    settings: Any,
) -> None:
    settings.REDIS_URL = "redis://redis.example:6379/0"
    told = queue._configuration()
    transport = told["broker_transport_options"]
    assert told["broker_url"] == "redis://redis.example:6379/0"
    assert (transport["socket_timeout"], transport["max_retries"]) == (0.3, 0)
    assert told["task_time_limit"] < transport["visibility_timeout"] == told["visibility_timeout"]
