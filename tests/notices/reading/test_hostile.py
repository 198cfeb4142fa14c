"""No text, however it is made, stops the reading or slows it down."""

from datetime import UTC, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.answers import answers
from notices.reading.parsed import Parsed
from notices.reading.reading import Reading, read
from notices.reading.rules import LANGUAGES, file_of, languages, look
from notices.reading.words import Pattern
from tests.mails import corpus

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Brussels")
LETTER = "Please remove the content named below, and tell us when you have. " * 50
SIZE = 50_000
# Below this a clock tells nothing.
UNSEEN = 0.02
UNITS = [
    "We have removed the content. ", "we have removed the content and ", "Wij hebben de foto's ",
    "the ", "a", "a ", "(((", "> ", "On 1 a@b.c wrote:\n", "On 1 a@b.c \n", "a <a@b.c>:\n",
    "From: x\nSent: y\n", "From: x\n", "#1 #12 ", "#1a-", "ticket ticket number is ", "1234567890",
    "1-1-1-", "we reply within 3 days by 4 December 2026. ", "reply within 3 3 3 3 ",
    "1 jan 1 feb ", "https://x.example/a ", "a@", "\n", "\r\n", "- a\n", "é ﷺ ", "\udc80 ",
    "\0 ", "– ", ". . . ", ",,,, ", "if if if not not ",
    "se il contenuto è stato rimosso, wir haben nicht gelöscht, on ne peut pas; ",
    "please send us a copy of your passport to verify your identity. ", "-----Original Message",
    "_" * 23 + "\n", "which post do you mean? ", "1/2/2026 1.2.2026 2026-01-02 reply ", " ", "\t",
]  # fmt: skip


def reading_of(text: str, subject: str = "", sender: str = "mailer-daemon@x.example") -> Reading:
    parsed = Parsed(text=text, subject=subject, from_address=sender)
    return read(parsed, at=AT, zone=ZONE, our_text=LETTER)


@pytest.fixture(scope="module", autouse=True)
def _warm():
    for mail in corpus("*.yaml"):
        read(mail.parsed, at=AT, zone=ZONE)


def cost(unit: str, size: int) -> float:
    """Return the seconds of work that a text of this size takes, the least of three."""
    text = (unit * (size // len(unit) + 1))[:size]
    found = []
    for sender in ("desk@x.example", "mailer-daemon@x.example", "desk@x.example"):
        started = process_time()
        reading_of(text, text, sender)
        found.append(process_time() - started)
    return min(found)


@pytest.mark.parametrize("unit", UNITS, ids=[repr(unit[:16]) for unit in UNITS])
def test_ten_times_as_much_of_anything_takes_ten_times_as_long(unit):
    """What is quadratic takes a hundred times as long; how fast the machine is does not matter."""
    assert cost(unit, SIZE) < 30 * cost(unit, SIZE // 10) + UNSEEN


@pytest.mark.parametrize(
    "unit", ["We have removed the content. ", "On 1 a@b.c wrote:\n", "a", "\n"]
)
def test_a_megabyte_is_read_as_well(unit):
    assert reading_of(unit * (1_000_000 // len(unit))).kind != "says_removed"


@given(
    st.text(st.characters(codec=None), max_size=3000),
    st.text(max_size=300),
    st.dictionaries(st.sampled_from(["action", "status", "final-recipient"]), st.text(max_size=60)),
)
@example("\udc80\x00 We have removed", "[Case: \x00]", {"status": "5.x.1"})
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it(text, subject, status):
    parsed = Parsed(
        text=text, subject=subject, from_address=subject, from_name=text, delivery_status=(status,)
    )
    found = read(parsed, at=AT, zone=ZONE, our_text=text[::-1])
    assert found.answer == "" or found.answer in answers()
    found.stored()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_rule_of_a_language_is_well_formed_and_names_a_known_answer(code):
    data = file_of(code)
    names = {**data["names"], "country": data["countries"]}
    signs = {"out_of_office", "complies", "voice", "matter", "not_received", "courtesy"}
    assert set(data["answers"]) - signs <= set(answers())
    lists = [
        *data["answers"].values(), *data["doubts"].values(), data["estimates"], data["demands"],
        *(rules for name, rules in data["removal"].items() if name not in {"lead", "that", "but"}),
    ]  # fmt: skip
    for rule in (rule for rules in lists for rule in rules):
        assert Pattern(rule, names).regex.pattern.isascii(), f"write {rule!r} without accents"
    assert code in languages()


def test_a_rule_that_is_misspelt_is_refused():
    for rule in ("(a|b", "a)", "<unknown>", "=unknown a", "(a)?"):
        with pytest.raises((ValueError, KeyError)):
            _ = Pattern(rule, {}).regex


def test_a_sentence_without_a_word_of_a_rule_tries_none():
    assert look("xylophone quartz") == {}
