"""When the database is away, or somebody holds what was to be changed: a page in plain words.

The page asks the database for nothing. What was posted travels in it, so that one button tries
again with the same text.
"""

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg2 import errors

from accounts.middleware import BACKGROUND

RETRY_AFTER_SECONDS = 5
BUSY = (
    errors.LockNotAvailable,
    errors.QueryCanceled,
    errors.DeadlockDetected,
    errors.SerializationFailure,
)


def behind(error: BaseException | None) -> BaseException | None:
    """Return the failure of the database that `error` is or comes from; None for another fault.

    A session that could not be saved arrives as an interrupted one, with the reason behind it.
    """
    while isinstance(error, SessionInterrupted | UpdateError):
        error = error.__context__
    return error if _is_outage(error) else None


def _is_outage(error: BaseException | None) -> bool:
    """psycopg2 calls a connection that ended in the middle of an answer a plain DatabaseError."""
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def page(request: HttpRequest, error: BaseException) -> HttpResponse:
    sentence = _sentence(is_busy(error))
    by_itself = BACKGROUND in request.headers or "HX-Request" in request.headers
    if by_itself:
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=503)
    else:
        said = {
            "sentence": sentence,
            "fields": _kept(request),
            "path": request.get_full_path(),
            "site_name": settings.SITE_NAME,
            "demo": settings.DEMO,
        }
        response = HttpResponse(render_to_string("503.html", said), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def is_busy(error: BaseException) -> bool:
    """Tell whether the database works, and somebody else holds the row or was in the way."""
    return isinstance(error.__cause__, BUSY) or "is locked" in str(error)


def _sentence(busy: bool) -> str:
    if busy:
        return _(
            "Somebody else is changing the same thing at this moment. Nothing of yours was saved."
        )
    return _(
        "The database does not answer at this moment. What you did last may be saved or not: look "
        "before you do it a second time."
    )


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was posted, to be posted again; a password or a file is not written into a page.

    The token of the form goes along: it stays good for the session it came from.
    """
    if request.method != "POST" or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
