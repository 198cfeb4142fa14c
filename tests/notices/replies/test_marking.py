"""The text of a mail as it is shown: text, nothing else, with the telling phrase marked."""

from time import perf_counter

import pytest

from notices.replies.marking import marked, plain


def test_the_phrase_is_marked_whatever_its_capitals_and_line_breaks():
    text = "Hello,\nit Has been\n  removed from our site."
    assert marked(text, "has been removed from") == (
        "Hello,\nit <mark>Has been\n  removed from</mark> our site."
    )


def test_what_is_not_there_is_not_marked():
    assert marked("Nothing here.", "has been removed") == "Nothing here."
    assert marked("Nothing here.", "   ") == "Nothing here."


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</mark><svg onload=alert(1)>",
        '"><a href="javascript:alert(1)">x</a>',
    ],
)
def test_s15_what_a_stranger_wrote_is_never_markup(text):
    for shown in (marked(text), marked(f"a {text} b", text), marked(text, "script")):
        inner = shown.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in inner and '"' not in inner


def test_s25_no_link_opens_and_none_reads_backwards():
    shown = plain("see https://x.example/a and \u202emoc.elpmaxe//:sptth")
    assert "https://x" not in shown and "hxxps://x.example/a" in shown
    assert "\u202e" not in shown and "\ufffd" in shown
    assert plain("إزالة") == "إزالة"


def test_a_phrase_with_signs_of_patterns_is_taken_as_it_stands():
    assert marked("a (b+c)* d", "(b+c)*") == "a <mark>(b+c)*</mark> d"


def test_a_megabyte_is_searched_in_no_time():
    began = perf_counter()
    marked("has been " * 120_000, "has been removed from")
    assert perf_counter() - began < 2
