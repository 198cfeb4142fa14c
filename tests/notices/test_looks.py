"""What looks at a link say of a notice, without the database."""

from datetime import UTC, datetime, timedelta

import pytest

from notices.looks import Look, Seen, seen_since

SENT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def at(hours):
    return SENT + timedelta(hours=hours)


def looks(*each):
    return [Look(at(hours), result) for hours, result in each]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], Seen()),
        (looks((-3, "online")), Seen(at(-3))),
        (looks((1, "online"), (2, "online")), Seen(at(2))),
        (looks((1, "online"), (5, "gone")), Seen(at(1), at(5))),
        (looks((5, "gone"), (1, "online")), Seen(at(1), at(5))),
        (looks((5, "gone")), Seen(None, at(5))),
        (looks((-2, "gone")), Seen()),
        (looks((5, "gone"), (9, "gone")), Seen(None, at(5))),
        (looks((5, "gone"), (9, "online")), Seen(None, at(5), at(9))),
        (looks((5, "gone"), (9, "online"), (12, "gone")), Seen(None, at(5), at(9))),
        (looks((5, "here_only"), (6, "unclear"), (7, "delisted")), Seen()),
        (looks((5, "looks_gone")), Seen()),
        (looks((5, "looks_gone"), (5.5, "looks_gone")), Seen()),
        (looks((5, "looks_gone"), (6, "gone")), Seen(None, at(5))),
        (looks((5, "looks_gone"), (5.5, "unclear"), (6, "gone")), Seen(None, at(5))),
        (looks((5, "looks_gone"), (5.5, "online"), (6.2, "looks_gone")), Seen(at(5.5))),
        (looks((5, "looks_gone"), (5.5, "online"), (7, "gone")), Seen(at(5.5), at(7))),
        (looks((-1, "looks_gone"), (2, "gone")), Seen(None, at(2))),
    ],
)
def test_the_first_removal_after_sending_is_bounded_and_stays(seen, expected):
    assert seen_since(SENT, seen) == expected


def test_a_search_engine_only_delists():
    seen = looks((5, "delisted"))
    assert seen_since(SENT, seen, ["gone", "delisted"]) == Seen(None, at(5))
