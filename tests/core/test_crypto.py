"""Sealing, and the ring: what opens, what does not, and what a bad ring says."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import crypto

KEY = bytes(range(32))
LINES = {
    name: crypto.ring_line(name, bytes([number]) * 32)
    for number, name in enumerate(("new", "old", "index"))
}


@given(st.binary(max_size=300), st.text(max_size=60))
def test_what_is_sealed_opens_with_the_same_key_in_the_same_place(plain, place):
    assert crypto.unseal(KEY, crypto.seal(KEY, plain, place), place) == plain


def test_the_same_text_never_looks_the_same_twice():
    assert crypto.seal(KEY, b"x", "a") != crypto.seal(KEY, b"x", "a")


@pytest.mark.parametrize("place", ["b", "", "a "])
def test_another_place_does_not_open_it(place):
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(KEY, crypto.seal(KEY, b"x", "a"), place)


def test_another_key_does_not_open_it():
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(bytes(32), crypto.seal(KEY, b"x", "a"), "a")


@pytest.mark.parametrize("position", range(30))
def test_no_byte_can_be_changed(position):
    sealed = bytearray(crypto.seal(KEY, b"x", "a"))
    sealed[position] ^= 1
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(KEY, bytes(sealed), "a")


@pytest.mark.parametrize("length", range(29))
def test_a_cut_value_does_not_open(length):
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(KEY, crypto.seal(KEY, b"x", "a")[:length], "a")


def test_the_first_named_key_wraps_and_all_of_them_unwrap(settings):
    settings.KEYRING = f"{LINES['new']},{LINES['old']},{LINES['index']}"
    ring = crypto.ring()
    assert ring.current == "new"
    assert set(ring.keys) == {"new", "old"}
    assert ring.index == b"\x02" * 32


def test_the_ring_is_read_from_its_file_when_the_environment_has_none(settings, tmp_path):
    file = tmp_path / "ring"
    file.write_text("\n".join([LINES["old"], "", LINES["index"], ""]))
    settings.KEYRING, settings.KEYRING_FILE = "", str(file)
    assert crypto.ring().current == "old"


@pytest.mark.parametrize(
    ("ring", "complaint"),
    [
        (LINES["index"], "needs one wrapping key"),
        (LINES["new"], "needs one wrapping key"),
        ("new !!!!", "not base64"),
        (f"new {base64.b64encode(b'short').decode()}", "not 32 bytes"),
        (" , ", "needs one wrapping key"),
    ],
)
def test_a_ring_that_cannot_be_used_says_why(settings, ring, complaint):
    settings.KEYRING = ring
    with pytest.raises(crypto.KeyRingError, match=complaint):
        crypto.ring()


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_ring_that_cannot_be_read_says_what_to_set(settings, tmp_path, content):
    file = tmp_path / "ring"
    if content:
        file.write_bytes(content)
    settings.KEYRING, settings.KEYRING_FILE = "", str(file)
    with pytest.raises(crypto.KeyRingError, match="KEYRING_FILE"):
        crypto.ring()


def test_a_complaint_about_the_ring_shows_no_key(settings):
    settings.KEYRING = f"{LINES['new']},index c2hvcnQ="
    with pytest.raises(crypto.KeyRingError) as error:
        crypto.ring()
    assert "c2hvcnQ" not in str(error.value)
    assert LINES["new"].split()[1] not in str(error.value)
