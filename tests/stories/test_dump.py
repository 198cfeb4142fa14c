"""Whoever gets hold of the databases, the queue or the logs reads nothing about a person."""

import base64
import io
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from cases.models import Case, Draft
from core.keystore import KeyDestroyed
from notices.models import Delivery, Message, Notice
from notices.tasks import send_due
from tests import factories
from tests.factories import People
from tests.mail_sink import MailSink
from tests.stories.searching import found

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

ALIAS, NAME = "Quillfeather", "Zénobia Thistlewood"
NOTE, LATER_NOTE = "The heron stood on the green bridge.", "Her umbrella was kept by a neighbour."
POST = "https://x.com/otter_lantern_8/status/1801234567890123456"
REPLY = "Our otters have taken the lantern away. Regards, Dana Brightwater"
SENDER = "dana.brightwater@x.example"
PERSON = {
    "alias": ALIAS, "pronoun": "she", "legal_name": NAME, "phone": "+32 499 17 62 38",
    "email": "zenobia@thistle.example", "postal": "17 Marzipan Lane, 9999 Inventia",
    "other": "@moth_collector_5", "version": "1",
}  # fmt: skip
HERS = [
    ALIAS, NAME, "Thistlewood", NOTE, "green bridge", LATER_NOTE, "umbrella",
    POST, "otter_lantern_8", "1801234567890123456", "only by pigeon", "Aunt Peregrina",
    REPLY, "Brightwater", PERSON["phone"], PERSON["email"], "Marzipan Lane", "moth_collector_5",
]  # fmt: skip


@pytest.fixture
def sink(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    """The far end. The PDF is its own text, so that a copy in the clear would be found."""
    monkeypatch.setattr("notices.letters.pdf.print_html", lambda html: f"%PDF-1.7 {html}".encode())
    running = MailSink.start(tmp_path / "sink")
    settings.SUBMISSION_URL = f"smtp://127.0.0.1:{running.port}"
    settings.ARCHIVE_MAILDIR = str(running.archive)
    settings.SEND_HOLD_SECONDS = 0
    yield running
    running.stop()


@pytest.fixture
def lived(people: People, sink: MailSink) -> Case:
    """A case that went the whole way, every word of it typed into pages."""
    factories.organisation()
    factories.channel(address="desk@x.example")
    case = take_down(people)
    see_off(people, case)
    assert sink.accepted
    file_reply(people, case)
    return case


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, url: str, **said: Any) -> str:
    answer = client.post(url, said)
    assert answer.status_code == 302, f"{url}: {answer.status_code}"
    return answer.headers["Location"]
    # DEBUG


def take_down(people: People) -> Case:
    page = signed_in(people.advocate)
    draft = page.get("/cases/new/").headers["Location"]
    said = {
        "alias": ALIAS, "note": NOTE, "links_text": f"{POST}?s=20\n@moth_collector_5 again",
        "safe_contact": "only by pigeon after nine", "country": "BE", "content_kind": "photo",
        "reporter_name": "Aunt Peregrina", "version": "1",
    }  # fmt: skip
    saved = page.post(f"/drafts/{draft.split('/')[-2]}/", {**said, "alias": f"{ALIAS} the first"})
    assert saved.status_code == 200
    case_url = post(page, draft, **{**said, "version": str(saved.json()["version"])})
    post(page, f"{case_url}contact/person/", **PERSON)
    post(page, f"{case_url}note/", text=LATER_NOTE)
    assert page.post(f"{case_url}contact/show/").status_code == 200
    for query in (ALIAS, POST, "otter lantern"):
        assert page.get(post(page, "/search/", q=query)).status_code == 200
    agreed = {f"purpose_{name}": "yes" for name in ("keep_case", "write", "sign")}
    more = {"form": "spoken", "given_on": "2026-01-02", "language": "en", "kept_where": ""}
    post(page, f"{case_url}agreed/", **agreed, **more)
    return Case.objects.get()


def see_off(people: People, case: Case) -> None:
    chosen = {"platform": "x", "ground-x": "us-tida-s3", "make": "1"}
    facts = {"context": "consent_never_given", "material": "ncii_authentic", "pictures": "photo"}
    post(signed_in(people.advocate), f"/cases/{case.code}/plan/", **chosen, **facts)
    notice = Notice.objects.get()
    volunteer, base = signed_in(people.volunteer), f"/notices/{notice.code}"
    post(volunteer, f"{base}/take/")
    links = [str(pk) for pk in notice.outcomes.values_list("link_id", flat=True)]
    more = {"links": links, "ticks": "tida_good_faith", "channel": "x-mail", "tone": "standard"}
    post(volunteer, f"{base}/edit/", **facts, **more, ask="1", version=str(notice.version))
    post(signed_in(people.reviewer), f"{base}/approve/")
    send_due()
    assert Delivery.objects.get().state == "sent"


def file_reply(people: People, case: Case) -> None:
    coordinator, code = signed_in(people.coordinator), Notice.objects.get().code
    said = {"text": REPLY, "sender": SENDER, "via": "mail"}
    minute = Notice.objects.values_list("sent_at", flat=True)[0].strftime("%Y-%m-%d %H:%M")
    url = post(coordinator, "/replies/new/", **said, code=code, received_at=minute)
    post(coordinator, f"{url}file/", answer="removed", ticket="T-otter", asked_for=LATER_NOTE)


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """Everything that is logged from here on, down to the last detail."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


# The heaps


def databases() -> bytes:
    """Everything that both databases hold: a dump, and on SQLite the bytes of the files."""
    return b"".join(_dumped(alias) for alias in ("default", "keys"))


def _dumped(alias: str) -> bytes:
    connection = connections[alias]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return _pg_dump(connection.settings_dict)
    raw = connection.connection
    return raw.serialize() + "\n".join(raw.iterdump()).encode()


def _pg_dump(where: dict[str, Any]) -> bytes:
    address = f"postgres://{where['USER']}@{where['HOST']}:{where['PORT']}/{where['NAME']}"
    command = ["pg_dump", "--inserts", address]
    environ = {"PGPASSWORD": where["PASSWORD"] or "", "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, check=True, env=environ).stdout


def sessions() -> bytes:
    """What sessions hold: the dump has it packed."""
    return repr([row.get_decoded() for row in Session.objects.all()]).encode()


def queue() -> bytes:
    if not django_settings.REDIS_URL:
        return folder(Path(django_settings.VAR_DIR) / "broker")
    with redis.Redis.from_url(django_settings.REDIS_URL) as server:
        return repr([(key, _value(server, key)) for key in server.keys("*")]).encode()


def _value(server: Any, key: bytes) -> Any:
    reads = {b"list": lambda: server.lrange(key, 0, -1), b"hash": lambda: server.hgetall(key),
             b"set": lambda: server.smembers(key), b"string": lambda: server.get(key),
             b"zset": lambda: server.zrange(key, 0, -1)}  # fmt: skip
    return reads[server.type(key)]()


def folder(root: Path) -> bytes:
    return b"".join(
        path.name.encode() + path.read_bytes() for path in root.rglob("*") if path.is_file()
    )


@pytest.mark.parametrize(
    "written",
    [
        NAME.encode(), NAME.upper().encode(), NAME.encode("utf-16-le"),
        NAME.encode().hex().encode(),
        *(base64.b64encode(b"?" * n + NAME.encode() + b"!") for n in range(3)),
        rb"Z\xe9nobia Thistlewood", b"Z%C3%A9nobia%20Thistlewood",
    ],
)  # fmt: skip
def test_the_search_finds_a_name_in_every_writing(written: bytes) -> None:
    assert found([NAME], b"before " + written + b" after") == [NAME]
    assert found([NAME], b"before after") == []


def test_a_dump_of_the_databases_tells_nothing_about_the_person(lived: Case) -> None:
    heap = databases()
    assert found([lived.code, "ada.advocate@helpers.example", "desk@x.example"], heap) == [
        lived.code, "ada.advocate@helpers.example", "desk@x.example",
    ], "the dump is a dump"  # fmt: skip
    assert found(HERS, heap + sessions()) == []
    lived.refresh_from_db()
    assert (lived.note, lived.person.legal_name) == (NOTE, NAME), "and yet it can be read"
    assert Message.objects.get().text == REPLY


def test_neither_the_queue_nor_the_logs_tell_anything_about_the_person(
    logs: io.StringIO, lived: Case
) -> None:
    waiting = queue()
    assert b"notices.tasks.send_due" in waiting, "the approval left a message"
    assert "delivery.sent" in logs.getvalue()
    files = folder(Path(django_settings.VAR_DIR) / "log")
    assert found(HERS, waiting + logs.getvalue().encode() + files) == []


def test_a_finished_draft_keeps_no_key(lived: Case) -> None:
    draft = Draft.objects.get(form="intake")
    assert draft.used_at is not None
    with pytest.raises(KeyDestroyed):
        str(draft.data)
