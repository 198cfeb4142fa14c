"""One set of servers for all faults; installations on it, fresh ones and a running one to share."""

from contextlib import ExitStack, contextmanager

import pytest
from django.db import connection
from django.test import override_settings

from launch import private
from tests import factories
from tests.door.processes import free_ports
from tests.faults import starting
from tests.faults.estate import Estate, moved_in
from tests.faults.estate import servers as start_servers
from tests.mail_sink import MailSink


@pytest.fixture(autouse=True)
def _django_db_marker(request):
    """Wrap no test that has an installation of its own: its mark asks for the migrated database
    that installations are copied from.
    """
    if "servers" in request.fixturenames or not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("_django_db_helper")


@pytest.fixture(scope="session")
def servers(django_db_setup, django_db_blocker):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL and Redis: run bin/test")
    with private.folder() as root, django_db_blocker.unblock(), start_servers(root) as found:
        yield found


@contextmanager
def _built(servers, folder):
    """Give an installation of its own with an organisation and the usual people."""
    servers.made += 1
    name = f"estate{servers.made}"
    servers.copy("empty", name)
    made = Estate(servers, name, folder, MailSink.start(folder / "sink"), free_ports(1)[0])
    try:
        with moved_in(servers, name):
            factories.organisation()
            made.people = factories.people()
        yield made
    finally:
        made.kill_all()
        made.sink.stop()
        servers.drop(name)


@contextmanager
def _at_home(estate, blocker):
    archive = str(estate.sink.archive)
    told = override_settings(SEND_HOLD_SECONDS=0, ARCHIVE_MAILDIR=archive)
    with told, blocker.unblock(), moved_in(estate.servers, estate.name):
        yield estate


@pytest.fixture
def estate(servers, tmp_path, django_db_blocker):
    """Return a fresh installation in which nothing runs yet."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        made = stack.enter_context(_built(servers, tmp_path))
        yield stack.enter_context(_at_home(made, django_db_blocker))


@pytest.fixture(scope="session")
def _house(servers, tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("house")
    with django_db_blocker.unblock(), _built(servers, folder) as made:
        made.start_up = starting.without_database(made, seconds=3)
        yield made


@pytest.fixture
def house(_house, django_db_blocker):
    """Return the shared installation: web, worker and beat, which began without a database."""
    with _at_home(_house, django_db_blocker):
        yield _house
