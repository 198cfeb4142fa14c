"""What every test stands on: a clock that stands still, and the same few people."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from core import clock, keystore
from tests.databases import empty_quickly, never_too_late, poured
from tests.faults.figures import (
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)

__all__ = ["pytest_sessionfinish", "pytest_terminal_summary", "pytest_testnodedown"]

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Frozen:
    """Both clocks, standing still; `move_to` and `shift` set them together."""

    def __init__(self, traveller: Any) -> None:
        self._traveller = traveller

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def move_to(self, moment: datetime) -> None:
        self._traveller.move_to(moment)

    def shift(self, **span: float) -> datetime:
        self._traveller.shift(timedelta(**span))
        return self.now


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Frozen]:
    monkeypatch.setattr(clock, "due_now", lambda: datetime.now(UTC))
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Frozen(traveller)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--on-database", action="store_true", help="leave out what no database can change"
    )


def _uses_database(item: pytest.Item) -> bool:
    names = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(names) or item.get_closest_marker("django_db") is not None


def _can_differ(item: pytest.Item) -> bool:
    """Tell whether the kind of database can change what this test finds."""
    return _uses_database(item) and item.get_closest_marker("one_database") is None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.sharing import FaultsTogether

    return FaultsTogether(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every test that uses the database use the key store too."""
    if config.getoption("--on-database"):
        config.hook.pytest_deselected(items=[item for item in items if not _can_differ(item)])
        items[:] = [item for item in items if _can_differ(item)]
    for item in items:
        names = getattr(item, "fixturenames", ())
        marker = item.get_closest_marker("django_db")
        if marker is not None:
            marker.kwargs.setdefault("databases", ["default", "keys"])
        elif "transactional_db" in names:
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "keys"]))
        elif "db" in names:
            item.add_marker(pytest.mark.django_db(databases=["default", "keys"]))


@pytest.fixture(autouse=True)
def _keys_of_this_test() -> Iterator[None]:
    with keystore.scope():
        yield


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


@pytest.fixture(scope="session")
def _copied(django_db_modify_db_settings: None) -> Iterator[None]:
    never_too_late()
    with poured():
        yield


@pytest.fixture(scope="session")
def django_db_setup(_copied: None, django_db_setup: None, django_db_blocker: Any) -> None:
    """Lift the append-only rule: tests that flush tables must be able to empty them.

    `append_only` puts it back for the tests that are about it.
    """
    empty_quickly()
    with django_db_blocker.unblock():
        _append_only(on=False)


@pytest.fixture
def append_only(transactional_db: None) -> Iterator[None]:
    _append_only(on=True)
    yield
    _append_only(on=False)


def _append_only(*, on: bool) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            verb = "ENABLE" if on else "DISABLE"
            cursor.execute(f"ALTER TABLE audit_auditentry {verb} TRIGGER USER")
            return
        from core.triggers import _sqlite_append_only

        for name in ("append_only", "append_only_delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_auditentry_{name}")
        if on:
            for statement in _sqlite_append_only("audit_auditentry"):
                cursor.execute(statement)


@pytest.fixture
def people(db: None) -> Any:
    """Return an advocate, a volunteer, a reviewer, a coordinator, an administrator, a stranger."""
    from tests.factories import people

    return people()


Make = Callable[..., Any]
