"""The page: reads the Maildirs and changes nothing. An answer that is written here is sent off."""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from django.template import Context, Engine
from django.utils.translation import gettext as _

from catcher import answering, letter, maildir
from catcher.letter import Letter
from catcher.maildir import Caught

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
PAGE_SIZE = 50
FORM_BYTES = 65_536
ENGINE = Engine(
    dirs=[str(HERE / "templates")], libraries={"i18n": "django.templatetags.i18n"}, autoescape=True
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
# A browser's own PDF reader is stopped by `default-src 'none'`; a file brings no pages to protect.
FILE_POLICY = "frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
STYLES = {"catcher.css": HERE / "catcher.css", "tokens.css": STATIC / "tokens.css"}
ASSET = re.compile(r"(fonts/[a-z0-9-]+\.woff2|img/[a-z-]+\.svg)")
KINDS = {".css": "text/css; charset=utf-8", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
# A page elsewhere that points its own name at loopback must not read mail.
HOSTS = re.compile(r"(localhost|127\.0\.0\.1)(:\d+)?")


@dataclass(frozen=True)
class Answer:
    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    policy: str = PAGE_POLICY
    headers: dict[str, str] = field(default_factory=dict)


class Page:
    """A WSGI application over the Maildirs under `root`."""

    def __init__(self, root: Path, door: int = 0, replies_url: str = "") -> None:
        """`door` is the port of our own receiver; without one nothing can be answered."""
        self.root = root
        self.door = door
        self.replies_url = replies_url
        # A page elsewhere can make a browser post here; it cannot read what the form says.
        self.token = secrets.token_urlsafe(32)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = self.answer(environ)
        headers = HEADERS | {
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.body)),
            "Content-Security-Policy": answer.policy,
        }
        headers |= answer.headers
        start(f"{answer.status.value} {answer.status.phrase}", list(headers.items()))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def answer(self, environ: WSGIEnvironment) -> Answer:
        if not HOSTS.fullmatch(environ.get("HTTP_HOST", "")):
            return _problem(HTTPStatus.MISDIRECTED_REQUEST)
        if environ["REQUEST_METHOD"] == "POST":
            return self._posted(environ)
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _problem(HTTPStatus.METHOD_NOT_ALLOWED)
        return self._at(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))

    def _at(self, path: str, query: str) -> Answer:
        parts = path.strip("/").split("/")
        if parts == [""]:
            return self._index(maildir.OUTSIDE, query)
        if parts[0] == "static":
            return _static("/".join(parts[1:]))
        if parts[0] not in maildir.BOXES:
            return _problem(HTTPStatus.NOT_FOUND)
        if len(parts) == 1:
            return self._index(parts[0], query)
        return self._mail(parts[0], parts[1], parts[2:], query)

    def _posted(self, environ: WSGIEnvironment) -> Answer:
        parts = environ["PATH_INFO"].strip("/").split("/")
        if len(parts) != 3 or parts[0] != maildir.OUTSIDE or parts[2] != "answer" or not self.door:
            return _problem(HTTPStatus.METHOD_NOT_ALLOWED)
        form = _form(environ)
        from_here = environ.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
        token = form.get("token", "").encode()
        if not from_here or not hmac.compare_digest(token, self.token.encode()):
            return _problem(HTTPStatus.FORBIDDEN)
        mail = maildir.find(self.root, *parts[:2])
        if mail is None:
            return _problem(HTTPStatus.NOT_FOUND)
        return self._send(mail, form.get("kind", ""), form.get("text", ""))

    def _send(self, mail: Caught, kind: str, text: str) -> Answer:
        try:
            answering.send(mail.path.read_bytes(), kind, text, self.door)
        except answering.NotTaken as no:
            refused = _("The answer was not taken: %(said)s") % {"said": no}
            page = _render("problem.html", title=refused)
            return Answer(page.body, status=HTTPStatus.BAD_GATEWAY)
        there = {"Location": f"/{maildir.OUTSIDE}/{mail.name}/?answered=1"}
        return Answer(b"", status=HTTPStatus.SEE_OTHER, headers=there)

    def _index(self, box: str, query: str) -> Answer:
        mails = maildir.newest(self.root, box)
        pages = max(1, -(-len(mails) // PAGE_SIZE))
        number = min(_page_number(query), pages)
        shown = mails[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return _render(
            "index.html",
            box=box,
            title=_box_title(box),
            rows=[_row(mail) for mail in shown],
            newer=str(number - 1) if number > 1 else "",
            older=str(number + 1) if number < pages else "",
        )

    def _mail(self, box: str, name: str, rest: list[str], query: str) -> Answer:
        mail = maildir.find(self.root, box, name)
        if mail is None:
            return _problem(HTTPStatus.NOT_FOUND)
        raw = mail.path.read_bytes()
        if rest == ["source"]:
            return Answer(raw, "text/plain; charset=utf-8")
        read = letter.read(raw)
        if rest:
            return _file(read, "/".join(rest))
        return _render(
            "mail.html",
            box=box,
            box_title=_box_title(box),
            title=_("Mail"),
            name=mail.name,
            caught_at=_moment(mail),
            letter=read,
            **self._answering(box, raw, query),
        )

    def _answering(self, box: str, raw: bytes, query: str) -> dict[str, object]:
        if box != maildir.OUTSIDE or not self.door or not answering.can_be_answered(raw):
            return {}
        asked = parse_qs(query)
        kind = asked.get("write", [""])[0]
        kind = kind if kind in answering.READY else "receipt"
        return {
            "kinds": [(key, ready.label) for key, ready in answering.READY.items()],
            "kind": kind,
            "ready": answering.ready_text(kind),
            "token": self.token,
            "replies_url": self.replies_url if "answered" in asked else "",
        }


def _box_title(box: str) -> str:
    return _("Outgoing mail") if box == maildir.OUTSIDE else _("Archive copies")


def _form(environ: WSGIEnvironment) -> dict[str, str]:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > FORM_BYTES:
        return {}
    told = environ["wsgi.input"].read(int(length)).decode("utf-8", "replace")
    return {name: values[0] for name, values in parse_qs(told).items()}


def _page_number(query: str) -> int:
    given = parse_qs(query).get("page", ["1"])[0]
    return max(1, int(given)) if re.fullmatch(r"[0-9]{1,6}", given) else 1


def _row(mail: Caught) -> dict[str, str]:
    with mail.path.open("rb") as file:
        top = file.read(letter.HEADER_BYTES)
    return letter.summary(top) | {"name": mail.name, "caught_at": _moment(mail)}


def _moment(mail: Caught) -> str:
    return f"{mail.caught_at:%Y-%m-%d %H:%M:%S} UTC"


def _file(read: Letter, number: str) -> Answer:
    for attachment in read.attachments:
        if str(attachment.number) == number:
            # Only a real PDF opens in the browser; anything else is bytes to save.
            kind = "application/pdf" if attachment.is_pdf else "application/octet-stream"
            way = "inline" if attachment.is_pdf else "attachment"
            name = re.sub(r"[^A-Za-z0-9._-]", "_", attachment.name)
            headers = {"Content-Disposition": f'{way}; filename="{name}"'}
            return Answer(attachment.content, kind, policy=FILE_POLICY, headers=headers)
    return _problem(HTTPStatus.NOT_FOUND)


def _static(name: str) -> Answer:
    path = STYLES.get(name) or (STATIC / name if ASSET.fullmatch(name) else None)
    if path is None or not path.is_file():
        return _problem(HTTPStatus.NOT_FOUND)
    return Answer(path.read_bytes(), KINDS[path.suffix])


def _render(template: str, **values: object) -> Answer:
    text = ENGINE.get_template(template).render(Context(values))
    return Answer(text.encode("utf-8", "replace"))


def _problem(status: HTTPStatus) -> Answer:
    text = {
        HTTPStatus.NOT_FOUND: _("There is no such mail here."),
        HTTPStatus.FORBIDDEN: _("This page is too old, or not from here. Open it again."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This page only shows mail. It changes nothing."),
        HTTPStatus.MISDIRECTED_REQUEST: _("This page answers to localhost only."),
    }[status]
    return Answer(_render("problem.html", title=text).body, status=status)
