"""What a visit means, and when a machine is believed. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.checker import meaning
from cases.checker.meaning import as_believed, is_too_sudden, result_of

T = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANNOT_TELL = [
    "sign_in", "refused", "too_many", "451", "500", "503", "redirect", "timeout", "tls", "204",
    "202", "400", "no_connection", "no_address", "not_public", "odd_address", "odd_answer", "",
]  # fmt: skip


def at(hours):
    return T + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("met", "is_telling", "was_reached", "result"),
    [
        ("200", True, False, "online"),
        ("206", True, False, "online"),
        ("200", False, False, "unclear"),
        ("200", False, True, "unclear"),
        ("404", True, False, "gone"),
        ("404", False, True, "gone"),
        ("404", False, False, "unclear"),
        ("410", False, False, "gone"),
    ],
)
def test_what_a_status_says_of_a_link(met, is_telling, was_reached, result):
    assert result_of(met, is_telling=is_telling, was_reached=was_reached) == result


@pytest.mark.parametrize("met", CANNOT_TELL)
@pytest.mark.parametrize("is_telling", [True, False])
def test_everything_else_says_nothing(met, is_telling):
    assert result_of(met, is_telling=is_telling, was_reached=True) == "unclear"


@pytest.mark.parametrize(
    ("sightings", "result"),
    [
        ([], "looks_gone"),
        ([(at(-0.5), "looks_gone")], "looks_gone"),
        ([(at(-1), "looks_gone")], "gone"),
        ([(at(-3), "looks_gone"), (at(-0.1), "looks_gone")], "gone"),
        ([(at(-0.1), "gone")], "gone"),
    ],
)
def test_a_machine_is_believed_when_it_sees_the_same_an_hour_apart(sightings, result):
    assert as_believed(sightings, T) == result


@pytest.mark.parametrize(
    ("links", "life", "sudden"), [(4, 0, False), (5, 0, True), (50, 0, True), (50, 1, False)]
)
def test_many_at_once_are_not_believed_while_nothing_there_answers(links, life, sudden):
    assert is_too_sudden(links, life) is sudden


def test_what_was_met_is_said_in_words_and_a_status_stays_a_number():
    assert meaning.said("sign_in") == "asked us to sign in"
    assert meaning.said("503") == "answers with 503"
    assert meaning.said("") == ""
