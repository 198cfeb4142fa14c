"""What holds for any text: fixed points, no crash, time that grows with the length only."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from platforms.catalogue import files
from platforms.recognise import PROBLEMS, WARNINGS, recognise, recognise_lines
from platforms.recognise.canonical import place_of
from platforms.recognise.grammar import live

from .recognise_cases import CASES

EXAMPLES = [
    str(row["text"]) for row in files.read(files.CATALOGUE / "examples.yaml").root["examples"]
]
TEXTS = [text for _name, text, _places in CASES] + EXAMPLES
PIECES = [
    "https://", "hxxps://", "t.me/", "x.com", "/a/status/1", "[.]", "@", ":", "//", "?u=", "&",
    "%2F", "#", "evil.example", "javascript:", "data:", "\\", "(", ")", "[", "]", "](", "\u200b",
    "\u202e", "а", "é", " ", "\n", "www.", "l.facebook.com/l.php?u=", "tg://resolve?domain=",
    "https%3A%2F%2F", "u/name", "Telegram: @x", "xn--", ".", ",", "1", "localhost", "[::1]", ":443",
]  # fmt: skip

messy = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from(EXAMPLES), st.text(max_size=8)), max_size=12
).map("".join)


def assert_fixed(text: str) -> None:
    for place in recognise(text):
        assert place.kind in live().kinds or place.kind == "note"
        assert place.problem is None or place.problem in PROBLEMS
        assert place.warning is None or place.warning in WARNINGS
        if place.canonical is None:
            continue
        again = place_of(place.canonical, live())
        assert again.canonical == place.canonical
        assert (again.platform, again.kind) == (place.platform, place.kind) or place.problem


@pytest.mark.parametrize("text", TEXTS)
def test_canonical_form_is_its_own_canonical_form(text: str) -> None:
    assert_fixed(text)
    for place in recognise(text):
        if place.canonical is not None:
            assert [p.canonical for p in recognise(place.canonical)] == [place.canonical]


@given(messy)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example("https://l.facebook.com/l.php?u=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dx")
@example("https://evil.example\\@x.com")
def test_any_text_gives_fixed_points(text: str) -> None:
    assert_fixed(text)


@given(messy)
@settings(max_examples=200, deadline=None)
def test_every_line_with_letters_is_reported_once(text: str) -> None:
    numbers = [line.number for line in recognise_lines(text)]
    assert numbers == sorted(set(numbers))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_characters_are_survived(text: str) -> None:
    recognise(text)


def test_redirects_in_redirects_stop_after_three() -> None:
    from urllib.parse import quote

    link = "https://t.me/somechannel"
    for _depth in range(4):
        link = f"https://l.facebook.com/l.php?u={quote(link, safe='')}"
    (place,) = recognise(link)
    assert (place.canonical, place.problem) == (None, "wrapped")


def test_a_link_without_end_is_a_problem_and_kept() -> None:
    link = "https://t.me/" + "a" * 5000
    (place,) = recognise(link)
    assert (place.problem, place.canonical, place.verbatim) == ("too_long", None, link)


MEGABYTE = 1_000_000
HUGE = {
    "one word": "a" * MEGABYTE,
    "dots": "a." * (MEGABYTE // 2),
    "blanks": " " * MEGABYTE,
    "brackets": "([{" * (MEGABYTE // 3),
    "closing": "https://t.me/a" + ")" * MEGABYTE,
    "slashes": "/" * MEGABYTE,
    "schemes": "https://" * (MEGABYTE // 8),
    "colons": "a:" * (MEGABYTE // 2),
    "letters of a scheme": "javascript" * (MEGABYTE // 10),
    "spread scheme": "j " * (MEGABYTE // 2),
    "at signs": "@a" * (MEGABYTE // 2),
    "zero-width": "\u200b" * MEGABYTE,
    "ampersands": "https://t.me/a?" + "&a=1" * (MEGABYTE // 4),
    "defanged": "a[.]" * (MEGABYTE // 4),
    "handles": "@name " * (MEGABYTE // 6),
    "platform names": "telegram " * (MEGABYTE // 9),
    "links": "".join(f"https://x.com/a/status/{n}\n" for n in range(34_000)),
    "prose": "He put it on a site and told them to share it with everyone. " * (MEGABYTE // 61),
    "lines": "a\n" * (MEGABYTE // 2),
    "hyphens": "a-" * (MEGABYTE // 2),
    "letters that are no Latin": "请看" * (MEGABYTE // 6),
}


YARDSTICK = 0.04  # seconds that `yardstick` takes on a plain machine that does nothing else


def seconds_for(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def yardstick() -> object:
    """A little of what recognising does, to know how slow this machine is at this moment."""
    pattern = re.compile(r"(a|b)+c")
    return [pattern.sub("x", f"ab{n}c") for n in range(40_000)]


@pytest.mark.parametrize("name", HUGE)
def test_a_quarter_of_a_megabyte_does_not_blow_up(name: str) -> None:
    """What grows with the square of the text takes a minute; a busy machine a second or two."""
    text = HUGE[name][: MEGABYTE // 4]
    assert seconds_for(lambda: recognise(text)) < 8


@pytest.mark.long
@pytest.mark.parametrize("name", HUGE)
def test_a_megabyte_takes_less_than_two_seconds(name: str) -> None:
    """The best of three, on a machine that may be busy with other things."""
    for _attempt in range(3):
        slowness = max(1.0, seconds_for(yardstick) / YARDSTICK)
        if seconds_for(lambda: recognise(HUGE[name])) < 2.0 * slowness:
            return
    pytest.fail(f"{name}: too slow three times")
