"""Every timeline entry has a line that begins with a verb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import sentences, timeline
from cases.sentences import KINDS, say

KNOWN_TO_OTHERS = (
    "notice.prepared", "notice.taken", "notice.asked_approval", "notice.approved",
    "notice.changes_asked", "notice.undone", "notice.sent", "notice.withdrawn", "delivery.failed",
    "delivery.unconfirmed", "reply.received", "reply.filed", "link.added", "link.removed",
    "link.gone", "link.back_again", "link.checked", "contact.shown", "contact.changed",
    "contact.confirmed", "mandate.recorded", "mandate.withdrawn", "case.opened", "case.activated",
    "case.paused", "case.resumed", "case.closed", "case.reopened", "note.added",
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted({*KNOWN_TO_OTHERS, *timeline.SHAPES, *KINDS}))
def test_every_kind_has_a_sentence_even_when_it_knows_nothing_more(kind: str) -> None:
    assert kind in KINDS, f"{kind} needs words in cases/sentences.py"
    said = say(kind, {}, "K7Q4-2M-1")
    assert said.head[0].isupper()
    assert "%(" not in said.head


def test_a_sent_notice_says_which_and_to_whom() -> None:
    said = say("notice.sent", {"platform": "X", "ground": "us-tida-s3"}, "K7Q4-2M-1")
    assert said.head == "Sent notice K7Q4-2M-1 to X"


def test_an_unknown_kind_is_said_in_its_own_words() -> None:
    assert say("robot.danced", {}, "K7Q4-2M").head == "Robot danced k7q4-2m"


@given(st.dictionaries(st.sampled_from(["platform", "text", "reason", "n", "to"]), st.text()))
def test_hostile_values_never_format_anything(params: dict[str, str]) -> None:
    params = {name: value for name, value in params.items() if name != "n"}
    for kind in sorted(sentences.KINDS):
        say(kind, params, "K7Q4-2M-1")
