from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import RIGHTS, may
from accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate["StaffRequest", P], HttpResponse]


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def right_required(
    right: str,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let in who has `right` at all; to everybody else signed in the page does not exist.

    What may be done to one row is checked by the view, with `may(user, right, row)`.
    """
    if right not in RIGHTS:
        raise LookupError(f"the table of rights has no {right}")

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(request.user, right):
                raise Http404
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.right = right  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
