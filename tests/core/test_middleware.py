"""Headers on every answer, and what is refused before anything reads it."""

from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_out
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from core import uploads
from core.middleware import RequestGuard, SecurityHeaders

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


@uploads.accepts_csv(limit=100)
def _imports(request: HttpRequest) -> HttpResponse:
    upload = request.FILES.get("file")
    return HttpResponse(upload.read() if upload else b"no file")


urlpatterns = [path("page/", _page), path("import/", _imports)]
pytestmark = pytest.mark.urls(__name__)


def guarded(request: HttpRequest) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return _imports(request) if request.path == "/import/" else _page(request)

    return RequestGuard(view)(request)


def post(where: str = "/page/", **data: Any) -> HttpRequest:
    return RequestFactory().post(where, data)


def a_file(kind: str = "image/png", name: str = "a.png", content: bytes = PICTURE) -> Any:
    return SimpleUploadedFile(name, content, kind)


def test_nothing_is_kept_by_a_browser_or_a_proxy() -> None:
    response = SecurityHeaders(_page)(RequestFactory().get("/page/"))
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Clear-Site-Data" not in response


@pytest.mark.django_db
def test_signing_out_empties_the_browser() -> None:
    def sign_out(request: HttpRequest) -> HttpResponse:
        user_logged_out.send(sender=None, request=request, user=None)
        return HttpResponse("bye")

    response = SecurityHeaders(sign_out)(RequestFactory().post("/page/"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_a_form_of_this_site_passes() -> None:
    assert guarded(post(note="text")).content == b"reached"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_change_from_another_site_is_refused(site: str) -> None:
    request = RequestFactory().post("/page/", {}, headers={"Sec-Fetch-Site": site})
    response = guarded(request)
    assert response.status_code == 403
    assert b"Nothing was changed" in response.content


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_change_from_here_passes(site: str) -> None:
    request = RequestFactory().post("/page/", {}, headers={"Sec-Fetch-Site": site})
    assert guarded(request).status_code == 200


def test_a_link_from_another_site_may_be_followed() -> None:
    request = RequestFactory().get("/page/", headers={"Sec-Fetch-Site": "cross-site"})
    assert guarded(request).status_code == 200


def test_a_picture_is_refused_with_a_sentence() -> None:
    response = guarded(post(note="text", picture=a_file()))
    assert response.status_code == 415
    assert b"does not take files" in response.content


def test_a_picture_is_refused_where_no_page_is() -> None:
    assert guarded(post("/nowhere/", picture=a_file())).status_code == 415


def test_a_picture_as_the_whole_body_is_refused() -> None:
    request = RequestFactory().post("/page/", PICTURE, content_type="image/png")
    assert guarded(request).status_code == 415


def test_an_import_page_takes_a_csv() -> None:
    response = guarded(post("/import/", file=a_file("text/csv", "a.csv", b"a,b\n1,2\n")))
    assert response.content == b"a,b\n1,2\n"


def test_an_import_page_takes_a_csv_that_windows_calls_a_spreadsheet() -> None:
    upload = a_file("application/vnd.ms-excel", "a.csv", b"a,b\n")
    assert guarded(post("/import/", file=upload)).content == b"a,b\n"


@pytest.mark.parametrize(
    ("kind", "name"),
    [("image/png", "a.csv"), ("application/vnd.ms-excel", "a.xls"), ("text/html", "a.csv")],
)
def test_an_import_page_takes_nothing_else(kind: str, name: str) -> None:
    assert guarded(post("/import/", file=a_file(kind, name))).status_code == 415


def test_a_csv_over_the_limit_is_refused_with_a_sentence() -> None:
    response = guarded(post("/import/", file=a_file("text/csv", "a.csv", b"x" * 101)))
    assert response.status_code == 413
    assert b"Split it" in response.content


def test_an_enormous_post_gets_a_sentence() -> None:
    response = guarded(post(note="x" * 1_100_000))
    assert response.status_code == 413


def test_too_many_fields_get_a_sentence() -> None:
    fields = "&".join(f"f{n}=1" for n in range(2100))
    kind = "application/x-www-form-urlencoded"
    response = guarded(RequestFactory().post("/page/", fields, content_type=kind))
    assert response.status_code == 413


def test_a_broken_multipart_body_gets_a_sentence() -> None:
    request = RequestFactory().post("/page/", b"x", content_type="multipart/form-data; boundary=")
    assert guarded(request).status_code == 400


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "latin-1", "nonsense"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "text/plain"])
def test_text_in_another_charset_is_refused(charset: str, kind: str) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n\\ud800\r\n--b--\r\n'
    request = RequestFactory().generic("POST", "/page/", body, f"{kind}; charset={charset}")
    assert guarded(request).status_code == 400


def test_an_address_with_a_character_that_no_database_keeps_is_refused() -> None:
    assert guarded(RequestFactory().get("/page/%00/")).status_code == 400
    assert guarded(RequestFactory().get("/page/?verb=%00")).status_code == 400
    assert guarded(RequestFactory().get("/page/?verb=%2500")).content == b"reached"
