"""Addresses and codes that arrive broken are found again, and nothing else is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from notices.matching import mangled

TOKEN = "0123456789abcdef0123456789abcdef"
HERE = "reply.harbour.example"


def tokens(*written):
    return mangled.tokens(written, HERE)


def test_a_whole_address_is_found_however_it_is_wrapped():
    for written in (
        f"r-{TOKEN}@{HERE}",
        f"<Casework team <r-{TOKEN}@{HERE}>>",
        f'"r-{TOKEN}@{HERE}" <r-{TOKEN}@{HERE}>',
        f"'R-{TOKEN.upper()}@Reply.Harbour.Example'",
        f"other@x.example, Casework team <r-{TOKEN}@{HERE}>,",
    ):
        assert tokens(written)[0] == [TOKEN], written


def test_one_character_wrong_missing_or_too_many_is_nearly_it():
    for broken in ("1" + TOKEN[1:], TOKEN[:-1], TOKEN + "0", TOKEN[:7] + "o" + TOKEN[8:]):
        (near,) = tokens(f"r-{broken}@{HERE}")[1]
        assert TOKEN in mangled.near_tokens(near), broken


def test_at_another_domain_nothing_is_guessed():
    assert tokens(f"r-{TOKEN[:-1]}@elsewhere.example") == ([], [])


def test_two_characters_wrong_are_not_it():
    assert TOKEN not in mangled.near_tokens("11" + TOKEN[2:-1] + "0")


def test_codes_are_found_in_every_spelling_of_the_dash():
    assert mangled.notice_codes("re: k7q4-2m-1 and K7Q4‑2M‑12.") == ["K7Q4-2M-1", "K7Q4-2M-12"]
    assert mangled.notice_codes("XK7Q4-2M-1 K7Q4-2M K7O4-2M-1") == []


def test_a_code_with_a_sign_that_codes_never_have_is_nearly_one():
    assert "K7Q4-2M-1" in mangled.near_codes("Ref K7O4-2M-1")
    assert "K7Q4-2M-1" in mangled.near_codes("Ref K7Q4 2N 1")
    assert len(mangled.near_codes("A2B3-CD-1 " * 500)) < 400


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_it(one, other):
    mangled.tokens([one, other], HERE)
    mangled.notice_codes(one)
    mangled.near_codes(other)
