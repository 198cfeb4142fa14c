"""Nothing in a text can end a mail early, begin another one, or add a recipient."""

import pytest

from notices.sending import rounds, smtp
from tests.notices.delivery import outbox

ENDINGS = [
    "\r\n.\r\n",
    "\n.\n",
    "\r.\r",
    "\n.\r\n",
    "\r\n.\n",
    "\r.\r\n",
    "\r\n.\r",
    "\n\n.\r\r\n",
]
SMUGGLED = "MAIL FROM:<abuser@y.example>\r\nRCPT TO:<victim@y.example>\r\nDATA\r\nSubject: x\r\n"


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_dot_in_a_text_never_ends_the_mail(people, frozen, sink, ending):
    from tests import factories

    factories.organisation()
    delivery = outbox.delivery(body=f"Before{ending}{SMUGGLED}After.\r\n")
    frozen.shift(seconds=61)
    assert rounds.send_due() == 1
    (mail,) = sink.accepted
    assert mail["to"] == [delivery.recipient, delivery.archive_recipient]
    assert "Before" in mail["content"]
    assert mail["content"].rstrip().endswith("After.")


@pytest.mark.parametrize("ending", ENDINGS)
def test_on_the_wire_every_line_ends_alike_and_none_is_a_single_dot(ending):
    wire = smtp.dotted(f"A{ending}B".encode())
    lines = wire.split(b"\r\n")
    assert b"." not in lines
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert wire.endswith(b"\r\n")


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written():
    assert smtp.dotted(b".hidden\r\n..two\r\n") == b"..hidden\r\n...two\r\n"
