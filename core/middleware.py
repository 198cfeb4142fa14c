"""What holds for every request: keys are kept for its length only, headers, and what is refused."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import Resolver404, resolve

from core import keystore, uploads

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# `none` is a person's own act: a bookmark, a reload of an answered form.
OWN_SITES = frozenset({"same-origin", "none"})
UTF8 = frozenset({"utf-8", "utf8"})
BODIES = frozenset(
    {
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json",
        "application/csp-report",
        "application/reports+json",
        "text/plain",
    }
)
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "usb",
    )
)  # fmt: skip


class KeyScope:
    """Forget opened case keys when the answer is made, so that an erased case stays erased."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with keystore.scope():
            return self.get_response(request)


class SecurityHeaders:
    """The headers that neither Django nor django-csp writes; static files are answered before."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        if getattr(request, "signed_out", False):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@receiver(user_logged_out)
def _remember_signing_out(request: HttpRequest | None, **kwargs: Any) -> None:
    if request is not None:
        request.signed_out = True  # type: ignore[attr-defined]


class RequestGuard:
    """Refuse what no page here ever sends: changes from other sites, files, enormous bodies.

    It stands before everything that reads a body: the CSRF check, and the sign-in page that
    carries over what was posted without a session.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = _refusal(request)
        if status:
            return render(request, f"{status}.html", status=status)
        return self.get_response(request)


def _refusal(request: HttpRequest) -> int | None:
    """Return the status to refuse this request with, or None to let it pass."""
    if "\x00" in request.path_info or not _is_readable(request):
        return 400
    if request.method in SAFE_METHODS:
        return None
    if request.headers.get("Sec-Fetch-Site", "none") not in OWN_SITES:
        return 403
    if request.content_type not in BODIES:
        return 415
    limit = _csv_limit(request.path_info)
    if _is_too_big(request, limit):
        return 413
    return _read_body(request, limit)


def _is_readable(request: HttpRequest) -> bool:
    """Tell whether what was sent can become text that a database keeps.

    Browsers send UTF-8; under other names, `unicode_escape` for one, hide halves of characters.
    """
    charset = (request.content_params or {}).get("charset", "utf-8")
    return charset.lower() in UTF8 and "%00" not in request.META.get("QUERY_STRING", "")


def _csv_limit(path: str) -> int:
    """Return how large a CSV the page behind `path` takes; 0 for a page that takes none."""
    try:
        return getattr(resolve(path).func, "csv_limit", 0)
    except Resolver404:
        return 0


def _is_too_big(request: HttpRequest, csv_limit: int) -> bool:
    length = request.headers.get("Content-Length", "0")
    return length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + csv_limit


def _read_body(request: HttpRequest, csv_limit: int) -> int | None:
    """Read the body here, where each way of refusing it can be said in a sentence."""
    request.upload_handlers = [
        uploads.CsvInMemory(request, csv_limit) if csv_limit else uploads.RefuseFiles(request)
    ]
    try:
        request.POST  # noqa: B018 - reading parses
    except uploads.UploadRefused:
        return 415
    except (uploads.UploadTooBig, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        return 413
    except (MultiPartParserError, UnreadablePostError, BadRequest):
        return 400
    return None
