"""What became of a mail is asked of a server that offers to report it (RFC 3461), of no other."""

import socket
from threading import Thread

import pytest

from accounts.mail import Submission
from accounts.models import Security
from notices.sending import smtp

NOTICE = smtp.Envelope("r-1@reply.harbour.example", "desk@x.example", "archive@harbour.example")
DIGEST = smtp.Envelope("notices@harbour.example", "ada@harbour.example")


class Server(Thread):
    """Say yes to one conversation, with `offers` after EHLO, and remember what was asked."""

    def __init__(self, *offers: str) -> None:
        super().__init__(daemon=True)
        self.offers, self.heard = offers, list[str]()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def run(self) -> None:
        with self.listening, self.listening.accept()[0] as line, line.makefile("rwb") as talk:
            self._say(talk, "220 ready")
            while words := talk.readline().decode().strip():
                self.heard.append(words)
                self._say(talk, *self._answer(words))
                if words == "DATA":
                    while talk.readline() != b".\r\n":
                        pass
                    self._say(talk, "250 kept")

    def _answer(self, words: str) -> tuple[str, ...]:
        if words.startswith("ehlo"):
            return ("250-far.example", *(f"250-{offer}" for offer in self.offers), "250 HELP")
        return ("354 go on",) if words == "DATA" else ("250 ok",)

    def _say(self, talk, *lines: str) -> None:
        for line in lines:
            talk.write(f"{line}\r\n".encode())
        talk.flush()


def asked(envelope, *offers):
    """Hand one mail over; return what was said of its sender and its recipients."""
    server = Server(*offers)
    server.start()
    to = Submission("127.0.0.1", server.port, Security.NONE, "", "")
    with smtp.Connection(to) as connection:
        connection.hand_over(envelope, b"Subject: x\r\n\r\nx\r\n", lambda: None)
    server.join(10)
    return [line for line in server.heard if line.startswith(("mail", "rcpt"))]


def test_of_what_leaves_the_house_everything_is_asked_and_no_letter_comes_back():
    assert asked(NOTICE, "DSN") == [
        "mail FROM:<r-1@reply.harbour.example> RET=HDRS",
        "rcpt TO:<desk@x.example> NOTIFY=SUCCESS,FAILURE,DELAY",
        "rcpt TO:<archive@harbour.example> NOTIFY=FAILURE",
    ]


def test_that_a_digest_arrived_is_not_asked():
    assert asked(DIGEST, "DSN")[1:] == ["rcpt TO:<ada@harbour.example> NOTIFY=FAILURE,DELAY"]


@pytest.mark.parametrize("offers", [(), ("SIZE 1000000",)])
def test_a_server_that_offers_no_reports_is_asked_for_none(offers):
    lines = asked(NOTICE, *offers)
    assert len(lines) == 3
    assert not any("NOTIFY" in line or "RET" in line for line in lines)


def test_the_final_dot_does_not_wait_until_the_body_is_acknowledged():
    server = Server()
    server.start()
    to = Submission("127.0.0.1", server.port, Security.NONE, "", "")
    with smtp.Connection(to) as connection:
        connection.hand_over(NOTICE, b"Subject: x\r\n\r\nx\r\n", lambda: None)
        line = connection._smtp.sock
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
