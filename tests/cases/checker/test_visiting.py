"""One visit, against real sockets: what is sent, what is met, and what is never done."""

import socket
import ssl
from time import monotonic

import pytest

from cases.checker import visiting
from cases.checker.visiting import Met, visit
from tests.cases.checker.far_end import far_end, raw

PAGE = "http://host.example/page"


@pytest.fixture
def hurried(monkeypatch):
    """Give a visit a third of a second: the rule is the same, the test is not slow."""
    monkeypatch.setattr(visiting, "SECONDS", 0.3)


def test_only_the_headers_are_asked_for_and_nobody_is_named():
    with far_end() as end:
        assert visit(PAGE, end.way()) == Met("200")
    ((method, path, headers),) = end.seen
    assert (method, path) == ("HEAD", "/page")
    assert headers == {
        "Host": "host.example",
        "User-Agent": "Mozilla/5.0 (compatible)",
        "Accept": "*/*",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (200, "200"), (204, "204"), (301, "redirect"), (302, "redirect"), (401, "sign_in"),
        (403, "refused"), (404, "404"), (410, "410"), (429, "too_many"), (451, "451"),
        (500, "500"), (503, "503"),
    ],
)  # fmt: skip
def test_what_a_status_is_called(status, word):
    with far_end() as end:
        end.status["/page"] = status
        assert visit(PAGE, end.way()).word == word


@pytest.mark.parametrize(
    ("location", "word"),
    [
        ("https://host.example/login?next=/page", "sign_in"),
        ("/accounts/sign-in", "sign_in"),
        ("https://host.example/", "redirect"),
        ("http://127.0.0.1/", "redirect"),
        ("", "redirect"),
    ],
)
def test_no_redirect_is_followed(location, word):
    with far_end() as canary, far_end() as end:
        end.status["/page"] = 302
        end.headers["Location"] = location.replace("127.0.0.1", f"127.0.0.1:{canary.port}")
        assert visit(PAGE, end.way()).word == word
        assert (len(end.seen), canary.seen) == (1, [])


def test_a_server_without_head_is_asked_once_by_get_and_its_body_stays_unread(monkeypatch):
    heads = [b"HTTP/1.1 405 No\r\n\r\n", b"HTTP/1.1 206 OK\r\nX: y\r\n\r\n"]
    got, read = [], []

    def talk(connection):
        asked = connection.recv(4096)
        got.append(asked.split(b"\r\n")[0])
        assert (b"Range: bytes=0-0" in asked) == asked.startswith(b"GET")
        connection.sendall(heads[len(got) - 1] + b"IMAGE" * 100_000)

    receive = socket.socket.recv

    def counted(connection, size, *flags):
        part = receive(connection, size, *flags)
        if size == 1:
            read.append(part)
        return part

    monkeypatch.setattr(socket.socket, "recv", counted)
    with raw(talk) as end:
        assert visit(PAGE, end.way()) == Met("206")
    assert got == [b"HEAD /page HTTP/1.1", b"GET /page HTTP/1.1"]
    assert b"".join(read) == b"".join(heads)


def test_the_name_is_resolved_once_and_a_second_answer_cannot_move_the_visit():
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])
    with far_end() as end:
        end.methods_refused = {"HEAD"}
        assert visit(PAGE, end.way(resolve=lambda host, port: next(answers))).word == "200"
        assert end.lines == [("HEAD", "/page"), ("GET", "/page")]


@pytest.mark.parametrize("found", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["::1", "127.0.0.1"]])
def test_one_inner_address_among_others_keeps_the_checker_away(found):
    with far_end() as end:
        assert visit(PAGE, end.way(resolve=lambda host, port: found)).word == "not_public"
        assert end.seen == []


def test_a_name_without_an_address_is_said_so():
    def fail(host, port):
        raise socket.gaierror

    with far_end() as end:
        assert visit(PAGE, end.way(resolve=fail)).word == "no_address"
        assert visit(PAGE, end.way(resolve=lambda host, port: [])).word == "no_address"


def test_a_closed_door_is_said_so():
    with far_end() as end:
        way = end.way()
    assert visit(PAGE, way).word == "no_connection"


def dripping(connection):
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: y\r\n")
        connection.settimeout(0.05)
        try:
            connection.recv(1)
        except TimeoutError:
            continue


def test_a_server_that_drips_is_left_in_time(hurried):
    with raw(dripping) as end:
        begun = monotonic()
        assert visit(PAGE, end.way()).word in {"timeout", "odd_answer"}
        assert monotonic() - begun < 1


def test_a_server_that_says_nothing_is_left_in_time(hurried):
    with raw(lambda connection: connection.recv(4096) and connection.recv(4096)) as end:
        assert visit(PAGE, end.way()).word == "timeout"


@pytest.mark.long
def test_a_visit_ends_after_five_seconds():
    with raw(dripping) as end:
        begun = monotonic()
        assert visit(PAGE, end.way()).word == "timeout"
        assert 4.5 < monotonic() - begun < 5.5


def test_a_header_of_a_hundred_megabytes_is_not_read_to_its_end():
    sent = []

    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            sent.append(connection.send(b"a" * 1_000_000))

    with raw(talk) as end:
        assert visit(PAGE, end.way()).word == "odd_answer"
    assert sum(sent) < 20_000_000


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\r\n\r\n", b"nonsense\r\n\r\n", b"HTTP/0.9 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 \xff00\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 999 Request denied\r\n\r\n", b"\x00" * 100,
    ],
)  # fmt: skip
def test_an_answer_that_is_none_says_nothing(answer):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(answer)

    with raw(talk) as end:
        assert visit(PAGE, end.way()).word == "odd_answer"


def test_early_hints_are_no_answer():
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 404 No\r\n\r\n")

    with raw(talk) as end:
        assert visit(PAGE, end.way()).word == "404"


@pytest.mark.parametrize(
    ("asked", "rest"),
    [("120", 120), ("999999", 86_400), ("", 0), ("-1", 0), ("soon", 0), ("9" * 30, 0)],
)
def test_a_server_that_asks_to_be_left_alone_is_heard(asked, rest):
    with far_end() as end:
        end.status["/page"], end.headers["Retry-After"] = 429, asked
        assert visit(PAGE, end.way()) == Met("too_many", rest)


def test_a_certificate_that_nobody_signed_is_no_answer(tls):
    with far_end(tls.server) as end:
        way = end.way(context=ssl.create_default_context)
        assert visit("https://host.example/page", way).word == "tls"
        assert end.seen == []


def test_a_certificate_for_another_name_is_no_answer(tls):
    with far_end(tls.server) as end:
        assert visit("https://other.example/page", end.way(context=tls.client)).word == "tls"


def test_a_certificate_that_holds_is_asked_for_by_name(tls):
    with far_end(tls.server) as end:
        assert visit("https://host.example/page", end.way(context=tls.client)).word == "200"
    assert end.seen[0][2]["Host"] == "host.example"
