"""How signs are weighed: the best counts, agreement helps, contradiction leaves it to a person."""

import pytest

from notices.matching.scoring import choose, worth

A, B = "A", "B"


def choice(may_act: bool = True, **found: str):
    signs = {notice: frozenset(names.split()) for notice, names in found.items()}
    return choose(signs, may_act=may_act)


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ("reply_address", 1.0),
        ("thread", 0.95),
        ("code_in_subject", 0.8),
        ("code_in_text", 0.8),
        ("code_in_text sender_domain", 0.95),
        ("ticket sender_domain", 0.9),
        ("ticket_of_somebody", 0.6),
        ("one_open_notice sender_domain", 0.7),
        ("several_open_notices sender_domain", 0.4),
        ("several_open_notices sender_domain link_in_text", 0.6),
        ("one_open_notice sender_domain link_in_text", 0.9),
        ("nearly_reply_address", 0.85),
        ("nearly_code", 0.6),
        ("thread code_in_subject code_in_text", 0.99),
        ("sender_domain", 0.0),
    ],
)
def test_each_sign_has_its_worth(signs, expected):
    assert worth(frozenset(signs.split())) == expected


@pytest.mark.parametrize(
    "signs",
    [
        "reply_address",
        "thread",
        "code_in_subject sender_domain",
        "ticket sender_domain",
        "one_open_notice sender_domain link_in_text",
    ],
)
def test_from_nine_tenths_on_it_is_sure(signs):
    assert choice(A=signs).is_sure


@pytest.mark.parametrize(
    "signs",
    [
        "code_in_subject",
        "ticket_of_somebody",
        "one_open_notice sender_domain",
        "nearly_reply_address",
    ],
)
def test_below_it_is_a_suggestion(signs):
    found = choice(A=signs)
    assert (found.key, found.is_sure) == (A, False)


def test_nothing_found_is_nothing_chosen():
    assert choice().key is None


def test_the_address_of_one_and_the_code_of_another_is_never_sure():
    found = choice(A="reply_address", B="code_in_text")
    assert (found.key, found.is_sure) == (A, False)
    assert "another_notice_too" in found.reasons


def test_the_address_of_one_and_the_thread_of_another_is_never_sure():
    assert not choice(A="reply_address code_in_subject", B="thread code_in_subject").is_sure


def test_a_code_that_both_share_speaks_against_neither():
    found = choice(A="reply_address code_in_text", B="code_in_text")
    assert (found.key, found.is_sure) == (A, True)


def test_two_notices_near_each_other_are_for_a_person():
    found = choice(A="ticket sender_domain", B="ticket sender_domain")
    assert not found.is_sure
    assert found.confidence < 0.9


def test_who_is_not_trusted_is_never_sure():
    found = choice(may_act=False, A="reply_address thread code_in_subject sender_domain")
    assert (found.key, found.is_sure) == (A, False)
    assert "not_trusted" in found.reasons


def test_the_reasons_come_strongest_first():
    found = choice(A="sender_domain code_in_subject reply_address")
    assert found.reasons == ("reply_address", "code_in_subject", "sender_domain")
