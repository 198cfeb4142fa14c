"""What a machine saw unchanged is one line. Pure."""

from datetime import UTC, datetime, timedelta

from cases import runs
from cases.models import Check

T = datetime(2026, 11, 21, 12, tzinfo=UTC)


def look(hours, result, *, met="", by_machine=True, undone=False, pk=None):
    at = T - timedelta(hours=hours)
    return Check(
        pk=pk or hours, at=at, result=result, met=met, by_machine=by_machine,
        undone_at=at if undone else None,
    )  # fmt: skip


def said(*looks):
    return [(run.newest.result, run.looks, run.since) for run in runs.of(looks)]


def test_looks_of_a_machine_that_saw_the_same_are_one_line():
    seen = [look(n, "unclear", met="200") for n in range(12)]
    assert said(*seen) == [("unclear", 12, T - timedelta(hours=11))]


def test_another_answer_begins_another_line():
    seen = [look(0, "unclear", met="403"), look(1, "unclear", met="200"), look(2, "online")]
    assert [row[1] for row in said(*seen)] == [1, 1, 1]


def test_a_person_and_what_was_taken_back_stand_alone():
    seen = [
        look(0, "online", by_machine=False),
        look(1, "online", by_machine=False),
        look(2, "online"),
        look(3, "online", undone=True),
        look(4, "online"),
    ]
    assert [row[1] for row in said(*seen)] == [1, 1, 1, 1, 1]


def test_nothing_is_no_line():
    assert said() == []
