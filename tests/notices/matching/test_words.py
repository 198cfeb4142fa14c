"""Whatever the machine gives as a reason is said in a sentence, not in a code."""

import ast
from pathlib import Path

from notices.matching import scoring
from notices.reading import verdicts
from notices.replies import words


def yielded(module) -> set[str]:
    tree = ast.parse(Path(module.__file__).read_text())
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Yield))
    return {value.value for value in values if isinstance(value, ast.Constant)}


def test_every_sign_of_a_match_has_words():
    codes = {*scoring.WORTH, "sender_domain", "link_in_text", "another_notice_too", "not_trusted"}
    assert codes <= set(words.REASONS)


def test_every_sign_against_a_sender_has_words():
    assert yielded(verdicts) >= {"lookalike", "refuted", "nobody_vouches"}
    assert yielded(verdicts) <= set(words.SIGNS)
