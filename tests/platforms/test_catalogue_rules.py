"""Every rule of the loader names a planted mistake, and none complains about the real files."""

import pytest

from platforms.checks import RULES, Catalogue, broken_rules, counts
from platforms.checks.base import Mistake

from .planted import MISTAKES, TEXTS, Planted, emptied, line_of, sound, with_mistake


def broken(planted: Planted) -> list[Mistake]:
    return list(RULES[planted.rule](Catalogue(with_mistake(planted))))


def test_the_delivered_files_break_no_rule() -> None:
    assert broken_rules(Catalogue(sound())) == []


def test_there_are_34_rules_and_each_has_a_planted_mistake() -> None:
    assert sorted(RULES) == list(range(1, 35))
    assert {planted.rule for planted in MISTAKES} | {34} == set(RULES)


@pytest.mark.parametrize("planted", MISTAKES, ids=str)
def test_planted_mistake_is_named_by_its_rule(planted: Planted) -> None:
    mistakes = broken(planted)
    assert planted.id in {mistake.id for mistake in mistakes}
    assert all(mistake.rule == planted.rule for mistake in mistakes)


@pytest.mark.parametrize("rule", [1, 5, 6, 18, 32, 33])
def test_a_mistake_of_any_stage_is_reported(rule: int) -> None:
    planted = next(planted for planted in MISTAKES if planted.rule == rule)
    assert rule in {mistake.rule for mistake in broken_rules(Catalogue(with_mistake(planted)))}


def test_a_mistake_is_shown_with_file_line_id_and_rule() -> None:
    (planted,) = [p for p in MISTAKES if (p.rule, p.id) == (26, "x-dsa")]
    (mistake,) = broken(planted)
    assert str(mistake) == (
        f"platforms.yaml:{line_of(planted)}: x-dsa: rule 26: min_gap_hours: is below 24 hours"
    )


def test_nothing_may_be_empty() -> None:
    planted = Planted(34, "benchmarks", TEXTS["benchmarks"], "", "the file")
    text = emptied(TEXTS["benchmarks"], "benchmarks")
    mistakes = broken(Planted(34, "benchmarks", planted.before, text, "the file"))
    assert [(m.rule, m.text) for m in mistakes] == [(34, "there are no benchmarks")]


def test_the_counts_are_those_of_the_files() -> None:
    assert counts(Catalogue(sound())) == {
        "platforms": 24,
        "channels": 120,
        "to be confirmed": 45,
        "grounds": 22,
        "authorities": 123,
        "offences": 20,
        "ladders": 21,
        "answers": 48,
        "benchmarks": 55,
    }
