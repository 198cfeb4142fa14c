import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launch import environment
from launch.environment import ROOT, CannotStart, Ports, Wishes

URL = "postgres://u:p%40@db.example:5433"


def wish(**changes: object) -> Wishes:
    values = {
        "var": Path("/data"),
        "ports": Ports(8000, 8001, 8002, 8003),
        "demo": True,
        "dev": False,
    }
    return Wishes(**(values | changes))


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@contextmanager
def neighbours() -> Iterator[tuple[int, int]]:
    """Give a free port and the taken one behind it."""
    while True:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            if environment.is_free(port - 1):
                yield port - 1, port
                return


def test_a_taken_port_gets_a_sentence_that_names_it_and_another(taken: int) -> None:
    with pytest.raises(CannotStart, match=rf"Port {taken} is in use .* PORT={taken + 10} bin/run"):
        environment.wishes({"PORT": str(taken)}, demo=True, dev=False)


@pytest.mark.parametrize("given", ["eighty", "0", "65536", "-1", "٨٠٠٠", "80 00"])
def test_what_is_no_port_gets_a_sentence(given: str) -> None:
    with pytest.raises(CannotStart, match="is no port"):
        environment.wishes({"PORT": given}, demo=True, dev=False)


def test_the_catcher_moves_out_of_the_way_of_another_program() -> None:
    with neighbours() as (free, taken):
        ports = environment.wishes({"PORT": str(free)}, demo=True, dev=False).ports
        assert taken not in (ports.smtp, ports.page)


def test_a_catcher_port_that_was_asked_for_is_not_silently_another(taken: int) -> None:
    with pytest.raises(CannotStart, match=f"{taken} of CATCHER_PORT"):
        environment.wishes({"CATCHER_PORT": str(taken)}, demo=True, dev=False)


@pytest.mark.parametrize("given", ["0", "no", "False", "OFF"])
def test_demo_can_be_declined(given: str) -> None:
    assert not environment.wishes({"DEMO": given}, demo=True, dev=False).demo


def test_invented_cases_never_meet_a_real_mail_server() -> None:
    given = {"SUBMISSION_URL": "smtp://mail.example:587"}
    assert not environment.wishes(given, demo=True, dev=False).demo


def test_demo_mail_goes_to_the_catcher() -> None:
    told = environment.variables({}, wish(), "k")
    assert told["SUBMISSION_URL"] == "smtp://127.0.0.1:8001"
    assert told["ARCHIVE_MAILDIR"] == "/data/mail/archive"
    assert (told["DEMO"], told["DEBUG"]) == ("1", "0")


def test_our_own_door_for_mail_has_a_port_of_its_own() -> None:
    assert environment.variables({}, wish(), "k")["INBOUND_SMTP_PORT"] == "8003"
    ports = environment.wishes({}, demo=True, dev=False).ports
    assert len({ports.web, ports.smtp, ports.page, ports.inbound}) == 4


def test_invented_cases_never_meet_a_real_mailbox() -> None:
    given = {"MAILBOX_URL": "imaps://u:p@mail.example/INBOX"}
    assert not environment.wishes(given, demo=True, dev=False).demo


def test_without_demo_the_set_up_decides_where_mail_goes() -> None:
    assert "SUBMISSION_URL" not in environment.variables({}, wish(demo=False), "k")


def test_what_the_caller_set_stays_as_set() -> None:
    given = {"SECRET_KEY": "own", "SITE_URL": "http://localhost:9", "HOME": "/h"}
    told = environment.variables(given, wish(), "k")
    assert (told["SECRET_KEY"], told["SITE_URL"], told["HOME"]) == (
        "own",
        "http://localhost:9",
        "/h",
    )


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (f"{URL}/recourse", f"{URL}/recourse_keys"),
        (f"{URL}/recourse?sslmode=verify-full", f"{URL}/recourse_keys?sslmode=verify-full"),
        ("postgres:////run/postgresql/recourse", "postgres:////run/postgresql/recourse_keys"),
        ("postgres:///recourse?host=/tmp/s", "postgres:///recourse_keys?host=/tmp/s"),
    ],
)
def test_the_key_store_stands_beside_the_data_unless_told_otherwise(data: str, keys: str) -> None:
    assert environment.variables({"DATABASE_URL": data}, wish(), "k")["KEYS_DATABASE_URL"] == keys
    told = environment.variables({"DATABASE_URL": data, "KEYS_DATABASE_URL": "x"}, wish(), "k")
    assert told["KEYS_DATABASE_URL"] == "x"


def test_every_setting_is_explained_in_the_example() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    names = set(re.findall(r'(?:env\.\w+|_database)\(\s*"([A-Z_]+)"', settings))
    explained = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert len(names) > 15
    assert names - explained == set()
