"""What the machine made of a mail, in words. No database."""

import pytest

from notices import answers
from notices.matching.scoring import WORTH
from notices.replies import words
from notices.replies.senders import is_deaf


def test_a_guess_says_how_likely_it_is_and_why():
    said = words.likelihood(0.86, ["sender_domain", "one_open_notice"])
    assert said == "86%: the sender is the platform, one notice is open there"
    assert words.likelihood(None, ["ticket"]) == ""
    assert words.likelihood(0.4, []) == "40%"


def test_every_reason_of_the_matching_has_its_words():
    codes = {*WORTH, "sender_domain", "link_in_text", "another_notice_too", "not_trusted"}
    assert codes <= set(words.REASONS)


def test_a_code_without_words_is_shown_as_it_is():
    assert words.reasons(["brand_new"]) == "brand new"
    assert words.trouble("brand_new") == "It could not be read."


def test_what_was_dropped_is_counted_by_kind():
    parts = [{"type": kind} for kind in ("image/png", "image/jpeg", "video/mp4", "application/zip")]
    assert words.dropped(parts[:1]) == "1 image removed, not kept"
    assert words.dropped(parts) == "2 images, 1 file, 1 film removed, not kept"
    assert words.dropped([]) == ""


def test_verdicts_are_told_in_words_and_only_where_there_are_some():
    found = words.verdicts({"dkim": "pass", "spf": "softfail", "dmarc": ""})
    assert [came for _check, came in found] == ["holds", "rather does not hold"]


@pytest.mark.parametrize(
    ("address", "deaf"),
    [
        ("noreply@x.example", True),
        ("X Trust <no-reply+abc@x.example>", True),
        ("do_not.reply@x.example", True),
        ("DoNotReply@x.example", True),
        ("no-responder@x.example", True),
        ("reply@x.example", False),
        ("nora@x.example", False),
        ("support@noreply.example", False),
        ("", False),
        ("<" * 5000, False),
    ],
)
def test_t20_addresses_that_nobody_reads_are_known(address, deaf):
    assert is_deaf(address) is deaf


def test_what_they_claim_is_said_as_a_claim():
    assert answers.answer("removed").in_words == "says removed"
    assert answers.answer("already_gone").in_words == "says it was gone already"
    assert answers.answer("ack_auto").in_words == "automatic receipt"


def test_one_key_files_where_nothing_is_left_to_ask():
    at_once = {family.id: family.at_once for family in answers.families() if family.at_once}
    assert {key: one.code for key, one in at_once.items()} == {"auto_receipt": "ack_auto"}
