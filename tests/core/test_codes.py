"""Codes that people read aloud, and tokens that nobody guesses."""

from collections import Counter

import pytest

from core import codes


def test_a_case_code_is_six_signs_that_cannot_be_mistaken_for_one_another():
    for _ in range(500):
        code = codes.new_case_code()
        assert codes.CASE_CODE.fullmatch(code)
        assert not set(code) & set("01ILOU")


def test_codes_tell_neither_order_nor_volume():
    made = [codes.new_case_code() for _ in range(2000)]
    assert len(set(made)) > 1990
    assert made != sorted(made)
    firsts = Counter(code[0] for code in made)
    assert set(firsts) == set(codes.ALPHABET)


def test_the_alphabet_has_thirty_signs_and_none_twice():
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 30


@pytest.mark.parametrize("text", ["k7q4-2m", "K7Q42M", "K7Q4-2", "K7Q4-2M1", "K1Q4-2M", "K7Q4-2O"])
def test_what_is_no_code_is_not_taken_for_one(text):
    assert not codes.CASE_CODE.fullmatch(text)


def test_a_token_has_128_bits_in_signs_that_survive_a_mail_address():
    tokens = {codes.new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(token) == 32 and int(token, 16) >= 0 for token in tokens)
    assert all(token == token.lower() for token in tokens)
