"""The keyed index: finds what is the same, tells nothing, and never across purposes."""

import pytest

from core import blind, crypto


@pytest.mark.parametrize("other", ["robin", " ROBIN ", "Ｒｏｂｉｎ", "robin\n", "rOBIN\t"])
def test_case_width_and_surrounding_space_do_not_matter_to_a_name(other):
    assert blind.index("alias", other) == blind.index("alias", "Robin")


@pytest.mark.parametrize("other", ["robyn", "robi n", "", "ro\u200bbin"])
def test_another_name_has_another_value(other):
    assert blind.index("alias", other) != blind.index("alias", "Robin")


def test_two_purposes_never_share_a_value():
    assert blind.index("alias", "robin") != blind.index("handle", "robin")
    assert blind.index("a", "b") != blind.index("ab", "")
    assert blind.index("link", "x") != blind.exact("link", "x")


def test_a_link_is_found_letter_for_letter():
    assert blind.exact("link", "https://x.com/A") != blind.exact("link", "https://x.com/a")
    assert blind.exact("link", "https://x.com/A") == blind.exact("link", "https://x.com/A")


def test_the_value_depends_on_the_key_and_shows_nothing_of_the_text(settings):
    before = blind.index("alias", "Robin")
    assert len(before) == 64
    assert set(before) <= set("0123456789abcdef")
    settings.KEYRING = ",".join(
        [crypto.ring_line("k", b"\x01" * 32), crypto.ring_line("index", b"\x09" * 32)]
    )
    assert blind.index("alias", "Robin") != before


def test_signs_that_are_the_same_letter_in_another_spelling_are_found():
    assert blind.index("alias", "Zoe\u0301") == blind.index("alias", "Zo\u00e9")
    assert blind.index("alias", "STRASSE") == blind.index("alias", "straße")
