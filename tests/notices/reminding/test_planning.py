"""When the next follow-up is due: values in, values out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import deadlines
from core.deadlines import Span
from notices.reminding.planning import ASK_AGAIN, MOST, Known, Limit, next_step, objection

SENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def limit(key, hours, *, sent_at=SENT, is_limit=False):
    return Limit(key, sent_at, sent_at + timedelta(hours=hours), is_limit)


TIDA = (limit("removal", 48, is_limit=True), limit("nudge", 24))
DSA = (limit("ack_nudge", 24, is_limit=True), limit("silence_escalation", 24 * 7))


def known(**changes):
    values = {
        "sent_at": SENT,
        "limits": TIDA,
        "chase": "send",
        "by_mail": True,
        "min_gap": 72 * HOUR,
        "last_step_at": SENT,
        **changes,
    }
    return Known(**values)


def after(n, **changes):
    """What is known when the n-th reminder left 72 h after the one before."""
    return known(steps=n, last_step_at=SENT + n * 72 * HOUR, **changes)


def test_t14_nothing_is_due_when_the_notice_leaves():
    for chase in ("send", "propose", "never"):
        for limits in (TIDA, DSA, ()):
            assert next_step(known(chase=chase, limits=limits)).due_at > SENT


def test_the_first_reminder_waits_for_the_clock_and_for_the_gap():
    assert next_step(known()).due_at == SENT + 72 * HOUR
    assert next_step(known(min_gap=24 * HOUR)).due_at == SENT + 24 * HOUR
    assert next_step(known(min_gap=6 * HOUR)).due_at == SENT + 24 * HOUR


def test_a_ground_without_a_target_of_ours_waits_for_the_platforms_own_limit():
    month = (limit("response", 24 * 31, is_limit=True),)
    assert next_step(known(limits=month)).due_at == SENT + 31 * DAY


def test_without_any_clock_the_gap_of_the_channel_counts():
    assert next_step(known(limits=())).due_at == SENT + 72 * HOUR


def test_t1_after_a_reminder_the_next_interval_begins():
    step = next_step(after(1))
    assert (step.kind, step.n, step.due_at) == ("chase", 2, SENT + 144 * HOUR)


def test_t3_the_gap_counts_from_whatever_we_wrote_last():
    wrote = SENT + 60 * HOUR
    assert next_step(known(last_step_at=wrote)).due_at == wrote + 72 * HOUR


def test_t3_their_estimate_holds_the_reminder_back_until_it_is_over():
    until = SENT + 10 * DAY
    assert next_step(known(estimate_until=until)).due_at == until
    assert next_step(known(estimate_until=SENT + HOUR)).due_at == SENT + 72 * HOUR


def test_after_three_reminders_a_person_decides():
    step = next_step(after(MOST))
    assert (step.kind, step.n, step.due_at) == ("escalate", 1, SENT + 4 * 72 * HOUR)


def test_what_stays_open_after_the_question_is_asked_about_again():
    asked = SENT + 12 * DAY
    step = next_step(after(MOST, escalations=1, escalated_at=asked))
    assert (step.kind, step.n, step.due_at) == ("escalate", 2, asked + ASK_AGAIN)


def test_the_clock_of_escalation_comes_before_a_reminder_that_would_be_later():
    step = next_step(after(2, limits=DSA))
    assert (step.kind, step.due_at) == ("escalate", SENT + 7 * DAY)


def test_after_the_question_nothing_goes_by_itself_unless_they_take_it_up_again():
    asked = SENT + 7 * DAY
    silent = after(1, limits=DSA, escalations=1, escalated_at=asked)
    assert next_step(silent).kind == "escalate"
    again = after(1, limits=DSA, escalations=1, escalated_at=asked, resumed_at=asked + DAY)
    assert next_step(again).kind == "chase"


def test_t15_a_receipt_ends_the_asking_for_one_and_moves_no_other_clock():
    without = next_step(known(limits=DSA))
    acknowledged = next_step(known(limits=DSA, is_acknowledged=True))
    assert (without.kind, without.due_at) == ("chase", SENT + 72 * HOUR)
    assert (acknowledged.kind, acknowledged.due_at) == ("escalate", SENT + 7 * DAY)
    assert next_step(known(is_acknowledged=True)) == next_step(known())


def test_a_channel_that_must_not_be_reminded_asks_a_person_when_its_limit_is_over():
    step = next_step(known(chase="never"))
    assert (step.kind, step.due_at) == ("escalate", SENT + 48 * HOUR)


@pytest.mark.parametrize(
    ("chase", "by_mail", "by_itself"),
    [("send", True, True), ("propose", True, False), ("send", False, False)],
)
def test_only_mail_on_a_channel_that_allows_it_goes_by_itself(chase, by_mail, by_itself):
    assert next_step(known(chase=chase, by_mail=by_mail)).by_itself is by_itself


@pytest.mark.parametrize("changes", [{"is_open": False}, {"is_stuck": True}, {"course": "stop"}])
def test_nothing_is_planned_where_nothing_may_follow(changes):
    assert next_step(known(**changes)) is None


@pytest.mark.parametrize("course", ["stop", "other_channel"])
def test_a_refusal_or_another_way_asks_a_person_at_once_and_only_once(course):
    said = SENT + 5 * HOUR
    refused = known(course=course, decide_since=said)
    assert (next_step(refused).kind, next_step(refused).due_at) == ("escalate", said)
    asked = known(course=course, decide_since=said, escalations=1, escalated_at=said + HOUR)
    assert next_step(asked).due_at == said + HOUR + ASK_AGAIN


@pytest.mark.parametrize(
    ("changes", "by"),
    [
        ({"has_unread": True}, "unread"),
        ({"course": "wait"}, "waits"),
        ({"is_paused": True}, "paused"),
    ],
)
def test_what_comes_first_is_named(changes, by):
    step = next_step(known(**changes))
    assert (step.blocked_by, step.due_at) == (by, SENT + 72 * HOUR)
    assert objection(known(**changes), SENT + 30 * DAY)


def test_a_reminder_may_leave_only_when_gap_and_estimate_are_over():
    assert objection(known(), SENT + 72 * HOUR) == ""
    assert objection(known(), SENT + 72 * HOUR - timedelta(seconds=1))
    assert objection(known(estimate_until=SENT + 9 * DAY), SENT + 8 * DAY)
    assert objection(known(chase="never"), SENT + 30 * DAY)
    assert objection(known(course="other_channel"), SENT + 30 * DAY)


NIGHTS = [
    ("Europe/Rome", "2026-03-28T23:30", "2026-10-24T23:30"),
    ("America/New_York", "2026-03-07T23:30", "2026-10-31T23:30"),
    ("Australia/Lord_Howe", "2026-10-03T23:30", "2026-04-04T23:30"),
]


@pytest.mark.parametrize(("zone", "spring", "autumn"), NIGHTS)
def test_seventy_two_hours_are_seventy_two_hours_in_a_night_of_changing_clocks(
    zone, spring, autumn
):
    for evening in (spring, autumn):
        local = datetime.fromisoformat(evening).replace(tzinfo=ZoneInfo(zone))
        sent_at = local.astimezone(UTC)
        limits = (limit("nudge", 72, sent_at=sent_at),)
        step = next_step(known(sent_at=sent_at, last_step_at=sent_at, limits=limits))
        assert (step.due_at - sent_at) == 72 * HOUR
        assert step.due_at != (local + 72 * HOUR).astimezone(UTC), "a local sum would be off"


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Australia/Lord_Howe"])
def test_seven_business_days_end_with_the_seventh_of_them(zone):
    place = ZoneInfo(zone)
    sent_at = datetime(2026, 11, 20, 12, 0, tzinfo=place).astimezone(UTC)
    ends = deadlines.due_at(sent_at, Span(7, "business_days", "US"), place)
    limits = (Limit("resolve", sent_at, ends, is_limit=True),)
    step = next_step(known(sent_at=sent_at, last_step_at=sent_at, limits=limits))
    assert step.due_at == ends
    assert step.due_at.astimezone(place).date().isoformat() == "2026-12-03"
    assert step.due_at.astimezone(place).hour == 0
