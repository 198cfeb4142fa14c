"""Who is signed in, for how long, and what the page looks like to them."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from accounts import carried
from accounts.models import Organisation, User
from core import clock

GetResponse = Callable[[HttpRequest], HttpResponse]
IDLE = timedelta(minutes=20)
NOTED_EVERY = timedelta(seconds=30)
# Requests that a page makes by itself must not keep an abandoned screen open.
BACKGROUND = "X-Background"


class SessionLimits:
    """Sign out after 20 idle minutes and after ten hours in any case, and lose nothing typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        owner = ""
        if isinstance(request.user, User):
            if not _is_over(request):
                return self.get_response(request)
            owner = str(request.user.pk)
            logout(request)
        if request.method != "POST" or _is_public(request.path):
            return self.get_response(request)
        return _sign_in_again(request, owner)


def _is_over(request: HttpRequest) -> bool:
    at, session = clock.now(), request.session
    started = _moment(session.setdefault("started_at", at.isoformat()))
    seen = _moment(session.setdefault("seen_at", at.isoformat()))
    longest = timedelta(seconds=settings.SESSION_ABSOLUTE_AGE)
    if at - seen > IDLE or at - started > longest:
        return True
    if BACKGROUND not in request.headers and at - seen > NOTED_EVERY:
        session["seen_at"] = at.isoformat()
    return False


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _is_public(path: str) -> bool:
    signing_in = (reverse("account_login"), "/accounts/", "/invitation/", "/set-up/")
    public = (*signing_in, "/mails/stop/", "/csp", "/s/")
    return path.startswith(public)


def _sign_in_again(request: HttpRequest, owner: str) -> HttpResponse:
    """Answer a post without a session with the sign-in page that carries what was posted."""
    if BACKGROUND in request.headers:
        return HttpResponse(status=401)
    context = {
        "carried": carried.seal(request, owner),
        "next": reverse("accounts:carried"),
        "signed_out": True,
    }
    return render(request, "account/sign_in_again.html", context, status=401)


class Preferences:
    """The language and the zone of whoever is signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        request.LANGUAGE_CODE = user.language
        with translation.override(user.language), timezone.override(zoneinfo.ZoneInfo(user.zone)):
            return self.get_response(request)


class FirstRun:
    """Until the organisation is set up there is one page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = reverse("accounts:set_up")
        always = request.path.startswith((page, "/static/", "/healthz", "/readyz"))
        if not self.is_set_up and not always:
            self.is_set_up = Organisation.objects.exists()
            if not self.is_set_up:
                return redirect(page)
        return self.get_response(request)
