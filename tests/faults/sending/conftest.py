"""An organisation whose mail goes to a sink, on the database and the Redis of this run."""

import pytest
from django.db import connection

from core import clock
from notices.models import Delivery
from tests import factories
from tests.notices.delivery.conftest import running_sink, sink

__all__ = ["running_sink", "sink"]


@pytest.fixture(autouse=True)
def _django_db_marker(request):
    """Open the database as everywhere: a fault beside may have one of its own instead."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")


@pytest.fixture(autouse=True)
def _office(settings, _django_db_marker, sink):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: run bin/test")
    settings.SEND_HOLD_SECONDS = 0
    factories.organisation()
    factories.people()


@pytest.fixture
def hurry():
    """Return a function after which everything that waits for its next try is due."""

    def now():
        waiting = Delivery.objects.filter(state__in=["held", "queued", "deferred"])
        waiting.update(due_at=clock.due_now())

    return now
