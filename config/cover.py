"""Hide screen, kept by the server: a reload or another tab does not get round the cover.

For a minute whoever covered the screen comes back with Enter; after that with the password.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import StaffRequest, right_required
from accounts.middleware import BACKGROUND
from core import clock

FREE = timedelta(seconds=60)
KEY = "covered_at"
# What a page behind the cover still sends by itself; their answers show nothing of a case.
SAVES = frozenset({"cases:save_draft", "notices:autosave"})
GetResponse = Callable[[HttpRequest], HttpResponse]


class Cover:
    """Answer everything but saving, uncovering and signing out with the cover, once it is shut."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_shut(request) or _may_pass(request):
            return self.get_response(request)
        return render(request, "cover.html", {"next": request.get_full_path()}, status=403)


@require_POST
@right_required("profile.edit")
def cover(request: StaffRequest) -> HttpResponse:
    request.session.setdefault(KEY, clock.now().isoformat())
    return HttpResponse(status=204)


@require_POST
@right_required("profile.edit")
def uncover(request: StaffRequest) -> HttpResponse:
    """Take the cover away: within a minute for the asking, afterwards for the password."""
    if is_shut(request) and not _password_matches(request):
        words = {"error": _("That did not match."), "next": request.POST.get("next", "")}
        return render(request, "cover.html", words, status=403)
    request.session.pop(KEY, None)
    target = request.POST.get("next", "")
    if not target:
        return HttpResponse(status=204)
    own = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return HttpResponseRedirect(target if own else reverse("root"))


def is_covered(request: HttpRequest) -> bool:
    return KEY in getattr(request, "session", {})


def is_shut(request: HttpRequest) -> bool:
    """Tell whether the minute is over in which Enter is enough."""
    if not is_covered(request):
        return False
    return clock.now() - datetime.fromisoformat(request.session[KEY]) > FREE


def _may_pass(request: HttpRequest) -> bool:
    if request.path in {reverse("uncover"), reverse("account_logout")}:
        return True
    return request.method == "POST" and BACKGROUND in request.headers and _saves(request.path_info)


def _saves(path: str) -> bool:
    try:
        return resolve(path).view_name in SAVES
    except Resolver404:
        return False


def _password_matches(request: StaffRequest) -> bool:
    """Ask the same backends as the sign-in does, so that guessing is counted there too."""
    password = request.POST.get("password", "")
    found = authenticate(request, email=request.user.email, password=password)
    return found is not None and found.pk == request.user.pk
