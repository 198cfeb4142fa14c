import io
import re
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import pytest

from catcher import maildir, receiver
from catcher.page import Page
from catcher.receiver import listen
from tests.door.processes import free_ports

ARCHIVE = "archive@helpers.example"
HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
PDF = b"%PDF-1.7\nnot much of one"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[smtplib.SMTP]:
    (port,) = free_ports(1)
    controller = listen(tmp_path, port, lambda: ARCHIVE)
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        yield client
    controller.stop()


def mail(subject: str = "A notice", text: str = "Please remove this.") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Desk <desk@helpers.example>"
    message["To"] = "abuse@platform.example"
    message["Subject"] = subject
    message["Message-ID"] = "<one@helpers.example>"
    message.set_content(text)
    return message


def contents(root: Path, box: str) -> list[bytes]:
    return [caught.path.read_bytes() for caught in maildir.newest(root, box)]


def page(
    root: Path | Page, path: str, host: str = "localhost:8002", method: str = "GET", **more: Any
) -> Any:
    application = root if isinstance(root, Page) else Page(root)
    body = urlencode(more.pop("form", {})).encode()
    environ: dict[str, Any] = {"PATH_INFO": path.partition("?")[0], "HTTP_HOST": host}
    environ |= {"REQUEST_METHOD": method, "QUERY_STRING": path.partition("?")[2]}
    environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **more}
    setup_testing_defaults(environ)
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        seen.update(status=int(status[:3]), headers=dict(headers))

    seen["body"] = b"".join(application(environ, start)).decode("utf-8", "replace")
    return seen


def stored(root: Path, raw: bytes, box: str = maildir.OUTSIDE) -> str:
    maildir.prepare(root)
    return maildir.store(root, box, "desk@helpers.example", "abuse@platform.example", raw).name


def test_each_recipient_gets_a_file_and_the_archive_its_own_folder(
    server: smtplib.SMTP, tmp_path: Path
) -> None:
    server.send_message(mail(), "v+token@in.example", ["abuse@platform.example", ARCHIVE.upper()])
    (outside,), (archived,) = contents(tmp_path, "outside"), contents(tmp_path, "archive")
    kept = BytesParser().parsebytes(outside)
    assert kept["Return-Path"] == "<v+token@in.example>"
    assert kept["Delivered-To"] == "abuse@platform.example"
    assert BytesParser().parsebytes(archived)["Message-ID"] == "<one@helpers.example>"


def test_the_bytes_that_were_sent_are_the_bytes_that_are_kept(
    server: smtplib.SMTP, tmp_path: Path
) -> None:
    sent = b"Subject: raw\r\n\r\n.a dot in front\r\n\xff\xfe no text at all\r\n"
    server.sendmail("a@helpers.example", ["b@platform.example"], sent)
    assert contents(tmp_path, "outside")[0].endswith(sent)


def test_the_archive_copy_is_written_last(
    server: smtplib.SMTP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(receiver.maildir, "store", lambda root, box, *rest: order.append(box))
    server.send_message(mail(), to_addrs=[ARCHIVE, "one@platform.example", "two@platform.example"])
    assert order == ["outside", "outside", "archive"]


def test_a_mail_is_on_the_disk_before_the_250(
    server: smtplib.SMTP, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(maildir.os, "fsync", synced.append)
    server.send_message(mail())
    assert len(synced) == 2, "the file, and the folder that holds its name"


def test_a_full_disk_leaves_the_mail_with_its_sender(
    server: smtplib.SMTP, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(maildir, "store", full)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        server.send_message(mail())
    assert refused.value.smtp_code == 451


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    controller = listen(tmp_path, port, lambda: "")
    addresses = {server.getsockname()[0] for server in controller.server.sockets}
    controller.stop()
    assert addresses == {"127.0.0.1"}


def test_the_list_shows_newest_first_and_leads_to_the_mail(tmp_path: Path) -> None:
    name = stored(tmp_path, mail("Grüße, مرحبا").as_bytes())
    shown = page(tmp_path, "/")
    assert shown["status"] == 200
    assert "Grüße, مرحبا" in shown["body"]
    assert f'href="/outside/{name}/"' in shown["body"]
    assert "abuse@platform.example" in shown["body"]
    assert "Please remove this." in page(tmp_path, f"/outside/{name}/")["body"]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    message = mail(HOSTILE, HOSTILE)
    message["Reply-To"] = f'"{HOSTILE}" <x@platform.example>'
    message.add_attachment(b"x", maintype="text", subtype="html", filename=HOSTILE)
    name = stored(tmp_path, message.as_bytes())
    for path in ("/", f"/outside/{name}/"):
        body = page(tmp_path, path)["body"]
        assert "&lt;script&gt;" in body
        assert "<script" not in body
        assert "<img" not in body


def test_html_mail_is_shown_as_its_source_and_never_as_a_page(tmp_path: Path) -> None:
    raw = b"Content-Type: text/html\r\n\r\n<b>bold</b><script src='https://x.example/'></script>"
    name = stored(tmp_path, raw)
    assert "&lt;b&gt;bold" in page(tmp_path, f"/outside/{name}/")["body"]
    source = page(tmp_path, f"/outside/{name}/source")
    assert source["headers"]["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff" * 500,
        b"To: " + b"(" * 3000 + b"\r\n\r\nx",
        b"Subject: =?no-such-charset?B?////?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe",
        b'Content-Type: text/plain; charset="a\x00b"\r\n\r\nx',
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
            for n in range(2000)
        ),
    ],
    ids=["empty", "binary", "parens", "word", "charset", "nul charset", "base64", "nested"],
)
def test_a_mail_that_breaks_its_reader_is_still_listed_and_shown(
    tmp_path: Path, raw: bytes
) -> None:
    name = stored(tmp_path, raw)
    assert page(tmp_path, "/")["status"] == 200
    assert page(tmp_path, f"/outside/{name}/")["status"] == 200
    assert page(tmp_path, f"/outside/{name}/source")["status"] == 200


def test_a_pdf_opens_and_everything_else_is_only_saved(tmp_path: Path) -> None:
    message = mail()
    message.add_attachment(
        PDF, maintype="application", subtype="pdf", filename="notice-K7Q4-2M-1.pdf"
    )
    page_as_pdf = b"<script>alert(1)</script>"
    message.add_attachment(page_as_pdf, maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(b"<b>", maintype="text", subtype="html", filename="plain.html")
    tricky = (b'filename="plain.html"', b"filename*=utf-8''x%22%0D%0AX-Own:%201.html")
    name = stored(tmp_path, message.as_bytes().replace(*tricky))
    first, second, third = (page(tmp_path, f"/outside/{name}/{n}")["headers"] for n in (1, 2, 3))
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == 'inline; filename="notice-K7Q4-2M-1.pdf"'
    for headers in (second, third):
        assert headers["Content-Type"] == "application/octet-stream"
        assert headers["Content-Disposition"].startswith("attachment;")
    assert third["Content-Disposition"] == 'attachment; filename="x__X-Own__1.html"'


def test_pages_allow_no_script_and_ask_nobody_else(tmp_path: Path) -> None:
    name = stored(tmp_path, mail().as_bytes())
    for path in ("/", "/archive/", f"/outside/{name}/", "/nothing/"):
        shown = page(tmp_path, path)
        assert "default-src 'none'" in shown["headers"]["Content-Security-Policy"]
        assert shown["headers"]["X-Content-Type-Options"] == "nosniff"
        assert shown["headers"]["Cache-Control"] == "no-store"
        assert "//" not in shown["body"].replace("<!doctype", "")
        assert "style=" not in shown["body"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "10.0.0.1:8002"])
def test_a_page_elsewhere_cannot_read_it_under_its_own_name(tmp_path: Path, host: str) -> None:
    maildir.prepare(tmp_path)
    assert page(tmp_path, "/", host=host)["status"] == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed(tmp_path: Path, method: str) -> None:
    maildir.prepare(tmp_path)
    assert page(tmp_path, "/", method=method)["status"] == 405


@pytest.mark.parametrize(
    "path",
    [
        "/outside/../../keys/ring/",
        "/outside/" + "0" * 32 + "/",
        "/outside/" + "0" * 31 + "/",
        "/static/../config/settings.py",
        "/static/fonts/../tokens.css",
        "/static/",
        "/keys/",
        "//",
    ],
)
def test_what_is_not_there_is_not_there(tmp_path: Path, path: str) -> None:
    maildir.prepare(tmp_path)
    shown = page(tmp_path, path)
    assert shown["status"] == (200 if path == "//" else 404)


def test_its_style_sheet_and_fonts_come_from_here(tmp_path: Path) -> None:
    for path in ("tokens.css", "catcher.css", "img/favicon.svg"):
        assert page(tmp_path, f"/static/{path}")["status"] == 200


def test_a_long_list_is_paged(tmp_path: Path) -> None:
    for _ in range(51):
        stored(tmp_path, mail().as_bytes())
    first, second = page(tmp_path, "/outside/"), page(tmp_path, "/outside/?page=2")
    assert first["body"].count("<tr>") == 51
    assert second["body"].count("<tr>") == 2
    assert "/outside/?page=2" in first["body"]
    assert page(tmp_path, "/outside/?page=999999")["body"] == second["body"]
    assert page(tmp_path, "/outside/?page=x")["status"] == 200


# ------------------------------------------------------------------ answering as the platform


@pytest.fixture
def door(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Stand for the portal's own door, with the receiver that is at hand."""
    (port,) = free_ports(1)
    controller = listen(tmp_path / "in", port, lambda: "")
    yield port, tmp_path / "in"
    controller.stop()


@pytest.fixture
def caught(tmp_path: Path, door: tuple[int, Path]) -> tuple[Page, str]:
    """A notice in the catcher, and the page over it."""
    message = mail()
    message["Reply-To"] = "r-0123@reply.helpers.example"
    name = stored(tmp_path / "mail", message.as_bytes())
    return Page(tmp_path / "mail", door[0], "http://localhost:8000/replies/"), f"/outside/{name}/"


def answer(caught: tuple[Page, str], **form: str) -> Any:
    where, path = caught
    form = {"token": where.token, "kind": "receipt", "text": "Thank you.", **form}
    return page(where, f"{path}answer", method="POST", form=form)


def arrived(door: tuple[int, Path]) -> list[Any]:
    return [BytesParser().parsebytes(raw) for raw in contents(door[1], "outside")]


def test_an_answer_goes_by_smtp_to_where_the_notice_asks_for_it(
    caught: tuple[Page, str], door: tuple[int, Path]
) -> None:
    sent = answer(caught)
    assert (sent["status"], sent["headers"]["Location"]) == (303, f"{caught[1]}?answered=1")
    (came,) = arrived(door)
    assert came["Delivered-To"] == "r-0123@reply.helpers.example"
    assert came["Return-Path"] == "<abuse@platform.example>"
    assert came["From"] == "abuse@platform.example"
    assert came["Subject"] == "Re: A notice"
    assert came["In-Reply-To"] == "<one@helpers.example>"
    assert came["Authentication-Results"].startswith("catcher.localhost; dkim=pass")
    text = came.get_payload(decode=True).decode()
    assert text.startswith("Thank you.\r\n")
    assert "> Please remove this." in text
    told = page(caught[0], f"{caught[1]}?answered=1")["body"]
    assert "http://localhost:8000/replies/" in told


@pytest.mark.parametrize("kind", ["receipt", "identity", "removed", "bounce"])
def test_there_is_a_text_to_begin_with(caught: tuple[Page, str], kind: str) -> None:
    shown = page(caught[0], f"{caught[1]}?write={kind}")["body"]
    (text,) = re.findall(r"<textarea[^>]*>([^<]+)</textarea>", shown)
    assert len(text) > 40
    assert f'name="kind" value="{kind}"' in shown


def test_a_bounce_comes_from_nobody_to_the_sender_of_the_envelope(
    caught: tuple[Page, str], door: tuple[int, Path]
) -> None:
    answer(caught, kind="bounce", text="It came back.")
    (came,) = arrived(door)
    assert (came["Return-Path"], came["Delivered-To"]) == ("<>", "desk@helpers.example")
    assert came.get_content_type() == "multipart/report"
    text, status, headers = came.get_payload()
    assert text.get_payload().strip() == "It came back."
    assert status.get_content_type() == "message/delivery-status"
    assert status.get_payload()[1]["Status"] == "5.1.1"
    assert "Message-ID: <one@helpers.example>" in headers.get_payload()


@pytest.mark.parametrize("token", ["", "guessed", "\u00e9"])
def test_a_page_elsewhere_cannot_make_it_send(
    caught: tuple[Page, str], door: tuple[int, Path], token: str
) -> None:
    assert answer(caught, token=token)["status"] == 403
    form = {"token": caught[0].token, "text": "x", "kind": "receipt"}
    there = f"{caught[1]}answer"
    for more in ({"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_HOST": "evil.example"}):
        assert page(caught[0], there, method="POST", form=form, **more)["status"] in {403, 421}
    assert arrived(door) == []


def test_a_form_without_end_is_not_read(caught: tuple[Page, str], door: tuple[int, Path]) -> None:
    assert answer(caught, text="x" * 70_000)["status"] == 403
    assert arrived(door) == []


def test_a_closed_door_is_told_in_a_sentence(tmp_path: Path) -> None:
    name = stored(tmp_path, mail().as_bytes())
    (port,) = free_ports(1)
    said = answer((Page(tmp_path, port), f"/outside/{name}/"))
    assert said["status"] == 502
    assert "The answer was not taken" in said["body"]


def test_only_what_left_the_house_can_be_answered(tmp_path: Path) -> None:
    archived = stored(tmp_path, mail().as_bytes(), "archive")
    nameless = stored(tmp_path, b"Subject: from nobody\r\n\r\nx")
    where = Page(tmp_path, 2525)
    for path in (f"/archive/{archived}/", f"/outside/{nameless}/"):
        assert "<form" not in page(where, path)["body"]
    assert answer((where, f"/archive/{archived}/"))["status"] == 405
    assert answer((where, "/outside/" + "0" * 32 + "/"))["status"] == 404
