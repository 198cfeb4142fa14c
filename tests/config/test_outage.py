"""The database does not answer: words instead of a failure, and nothing typed is lost."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.test import Client
from django.urls import path
from psycopg2 import errors

from config import outage

TEXT = "Two lines\nand <tags> & 'quotes'"


def _away(request):
    raise OperationalError("connection refused")


def _held(request):
    raise OperationalError("lock timeout") from errors.LockNotAvailable()


def _wrong(request):
    raise DataError("a bug of ours")


def _session(request):
    try:
        try:
            raise OperationalError("server closed the connection")
        except DatabaseError:
            raise UpdateError from None
    except UpdateError as error:
        raise SessionInterrupted("the session was deleted") from error


def _asked_wrongly(request):
    raise BadRequest("no such thing")


urlpatterns = [
    path("session/", _session),
    path("wrong-question/", _asked_wrongly),
    path("away/", _away),
    path("held/", _held),
    path("wrong/", _wrong),
]
handler400 = "config.views.bad_request"
handler500 = "config.views.failed"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def bare(settings):
    """Leave out the middleware that would ask the database first."""
    settings.MIDDLEWARE = ["core.middleware.SecurityHeaders"]
    return Client(raise_request_exception=False)


def test_a_database_that_is_away_is_said_in_words(bare):
    answer = bare.get("/away/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_what_somebody_else_holds_is_said_and_the_text_is_kept(bare):
    answer = bare.post("/held/", {"csrfmiddlewaretoken": "t1", "text": TEXT})
    html = answer.content.decode()
    assert answer.status_code == 503
    assert "Somebody else is changing the same thing" in html
    assert "Two lines\nand &lt;tags&gt; &amp; &#x27;quotes&#x27;</textarea>" in html
    assert '<form method="post" action="/held/">' in html
    assert ">\nt1</textarea>" in html


def test_a_password_is_not_written_into_the_page(bare):
    html = bare.post("/away/", {"login": "ada", "password": "hunter2"}).content.decode()
    assert "hunter2" not in html
    assert "<form" not in html


def test_what_a_page_asks_by_itself_gets_one_sentence(bare):
    answer = bare.post("/away/", {"text": TEXT}, headers={"X-Background": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")


def test_a_fault_of_the_program_stays_a_failure(bare):
    answer = bare.get("/wrong/")
    assert answer.status_code == 500
    assert "Something failed on our side" in answer.content.decode()


def test_a_session_that_could_not_be_saved_is_no_mistake_of_the_person(bare):
    assert bare.get("/session/").status_code == 503
    assert bare.get("/wrong-question/").status_code == 400


def test_a_connection_that_ended_is_an_outage():
    assert outage.behind(InterfaceError("connection already closed"))
    assert outage.behind(DataError()) is None
    assert outage.behind(None) is None
