"""What looks and notices amount to."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.link_states import LinkState, state_of

T = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("result", "checked_at", "sent_at", "was_gone", "state"),
    [
        (None, None, None, False, LinkState.TO_DO),
        (None, None, T, False, LinkState.NOTICE_SENT),
        ("online", T, None, False, LinkState.TO_DO),
        ("online", T - HOUR, T, False, LinkState.NOTICE_SENT),
        ("online", T + HOUR, T, False, LinkState.ONLINE),
        ("gone", T + HOUR, T, True, LinkState.GONE),
        ("gone", T - HOUR, T, True, LinkState.GONE),
        ("looks_gone", T + HOUR, T, False, LinkState.LOOKS_GONE),
        ("looks_gone", T - HOUR, T, False, LinkState.NOTICE_SENT),
        ("online", T + HOUR, T, True, LinkState.BACK),
        ("online", T + HOUR, None, True, LinkState.BACK),
        ("online", T, T + HOUR, True, LinkState.NOTICE_SENT),
        ("here_only", T + HOUR, T, False, LinkState.HERE_ONLY),
        ("delisted", T + HOUR, T, False, LinkState.DELISTED),
        ("unclear", T + HOUR, T, False, LinkState.UNCLEAR),
        ("unclear", T - HOUR, T, False, LinkState.NOTICE_SENT),
    ],
)
def test_a_link_stands_where_its_newest_fact_puts_it(
    result: str | None,
    checked_at: datetime | None,
    sent_at: datetime | None,
    was_gone: bool,
    state: LinkState,
) -> None:
    assert state_of(result, checked_at, sent_at, was_gone) == state
