from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from insights.durations import Interval, kaplan_meier
from insights.endpoints import Endpoint
from insights.filters import Clock, Filters, State
from insights.queries import (
    By,
    Group,
    behind,
    came_back,
    chosen,
    followed,
    groups,
    groups_per_notice,
    look_gap,
)
from notices.models import Outcome
from notices.models.outcome import OutcomeQuerySet
from tests import factories
from tests.insights.history import IMPORTED, SENT, imported, notice_of

pytestmark = pytest.mark.django_db
AT = SENT + timedelta(days=90)


def hours(filters: Filters | None = None, at: datetime = AT) -> list[tuple[float, bool]]:
    found = groups(filters or Filters(), at)
    return sorted((i.hours, i.event) for g in found for i in intervals(g) for _ in range(i.count))


def intervals(group: Group) -> list[Interval]:
    ended = [Interval(seconds / 3600, True, n) for seconds, n in group.ended.items()]
    return ended + [Interval(seconds / 3600, False, n) for seconds, n in group.stopped.items()]


def test_a_link_seen_gone_ends_at_the_first_look_that_missed_it() -> None:
    imported(gone=20.5, seen=12)
    assert hours() == [(20.5, True)]


def test_a_row_that_stopped_is_followed_until_then() -> None:
    imported(stopped=70, stop_reason="case withdrawn", seen=66)
    assert hours() == [(70, False)]


def test_what_happened_after_following_stopped_does_not_count() -> None:
    imported(stopped=30, gone=50)
    assert hours() == [(30, False)]


def test_an_end_in_the_hour_of_the_stop_counts() -> None:
    imported(stopped=30, gone=30)
    assert hours() == [(30, True)]


def test_our_own_open_link_is_followed_until_now() -> None:
    notice_of(1)
    assert hours(at=SENT + timedelta(hours=36)) == [(36, False)]


def test_a_page_may_round_the_moment_of_open_rows_down_but_no_event() -> None:
    notice_of(1)
    notice_of(1, first_seen_gone_at=SENT + timedelta(hours=36))
    at, rounded = SENT + timedelta(hours=36, minutes=7), SENT + timedelta(hours=36)
    found = groups(Filters(), at, open_at=rounded)[0]
    assert sorted((i.hours, i.event) for i in intervals(found)) == [(36, False), (36, True)]


def test_an_open_imported_link_is_followed_until_it_was_last_seen_online() -> None:
    imported(seen=100)
    assert hours() == [(100, False)]


def test_an_open_imported_link_nobody_looked_at_is_followed_until_the_import() -> None:
    imported()
    imported(seen=-5)
    until_import = (IMPORTED - SENT) / timedelta(hours=1)
    assert hours() == [(until_import, False), (until_import, False)]


def test_an_imported_answer_that_never_came_is_known_until_the_import() -> None:
    imported(seen=100)
    until_import = (IMPORTED - SENT) / timedelta(hours=1)
    assert hours(Filters(endpoint=Endpoint.ANSWERED)) == [(until_import, False)]


def test_what_happens_after_the_moment_asked_about_is_not_known_yet() -> None:
    imported(gone=50)
    assert hours(at=SENT + timedelta(hours=40)) == [(40, False)]


def test_what_was_never_sent_has_no_waiting_time() -> None:
    case = factories.case()
    factories.notice(case, factories.link(case))
    assert hours() == []


@pytest.mark.parametrize("endpoint", Endpoint)
def test_each_endpoint_reads_its_own_moment(endpoint: Endpoint) -> None:
    imported(acknowledged=1, answered=20, decided=30, gone=40)
    expected = {"acknowledged": 1, "answered": 20, "decided": 30, "gone": 40}
    assert hours(Filters(endpoint=endpoint)) == [(expected[endpoint], True)]


def test_the_clock_may_begin_with_the_receipt_and_leaves_out_who_has_none() -> None:
    imported(acknowledged=4, gone=20)
    imported(gone=20)
    imported(acknowledged=30, gone=20)
    assert hours(Filters(clock=Clock.ACKNOWLEDGED)) == [(0, True), (16, True)]


def test_rows_alike_are_counted_together_by_the_database() -> None:
    for _ in range(3):
        imported(gone=20)
    assert intervals(groups(Filters(), AT)[0]) == [Interval(20, True, 3)]


def test_platforms_are_kept_apart_and_grounds_and_channels_when_asked() -> None:
    mail = factories.channel("x-mail")
    imported("x", gone=1, channel=mail)
    imported("x", gone=2, ground="eu-dsa-16")
    imported("reddit", gone=3)
    assert [(g.platform, g.ground) for g in groups(Filters(), AT)] == [
        ("reddit", None),
        ("x", None),
    ]
    by_ground = groups(Filters(), AT, by=By.GROUND)
    assert [(g.platform, g.ground) for g in by_ground] == [
        ("reddit", "us-tida-s3"),
        ("x", "eu-dsa-16"),
        ("x", "us-tida-s3"),
    ]
    by_channel = groups(Filters(), AT, by=By.CHANNEL)
    assert {(g.platform, g.channel) for g in by_channel} == {
        ("reddit", None),
        ("x", None),
        ("x", "x-mail"),
    }


def test_filters_narrow_to_platform_ground_and_channel() -> None:
    imported("x", gone=1, channel=factories.channel("x-mail"))
    imported("x", gone=2, ground="eu-dsa-16")
    imported("reddit", gone=3)
    assert hours(Filters(platform="x")) == [(1, True), (2, True)]
    assert hours(Filters(ground="eu-dsa-16")) == [(2, True)]
    assert hours(Filters(channel="x-mail")) == [(1, True)]


def test_days_of_sending_belong_to_the_organisations_zone_and_are_both_included() -> None:
    # 23:30 UTC on 1 March is half past midnight on the 2nd in Brussels.
    imported(sent=datetime(2026, 3, 1, 23, 30, tzinfo=SENT.tzinfo), gone=1)
    brussels = ZoneInfo("Europe/Brussels")
    day = date(2026, 3, 2)
    assert chosen(Filters(since=day, until=day, zone=brussels)).count() == 1
    assert chosen(Filters(since=day, until=day)).count() == 0


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(day: date) -> None:
    imported(gone=1)
    assert chosen(Filters(since=day, until=day, zone=ZoneInfo("Asia/Tokyo"))).count() == 0


def test_an_answer_to_three_links_is_three_rows_and_one_notice() -> None:
    notice_of(3, answered_at=SENT + timedelta(hours=10))
    notice_of(2)
    filters = Filters(endpoint=Endpoint.ANSWERED)
    assert groups(filters, AT)[0].curve.n == 5
    whole = groups(filters, AT, per_notice=True)[0]
    assert (whole.curve.n, whole.curve.events) == (2, 1)


def test_a_notice_is_answered_when_one_of_its_links_is() -> None:
    made = notice_of(2)
    first = made.outcomes.first()
    assert first is not None
    Outcome.objects.filter(pk=first.pk).update(answered_at=SENT + timedelta(hours=7))
    whole = groups(Filters(endpoint=Endpoint.ANSWERED), AT, per_notice=True)[0]
    assert intervals(whole) == [Interval(7, True)]


def test_receipts_and_answers_read_together_are_those_read_one_by_one() -> None:
    notice_of(2, acknowledged_at=SENT + timedelta(hours=1))
    notice_of(3, answered_at=SENT + timedelta(hours=9))
    imported("reddit", acknowledged=2, answered=30)
    both = [Endpoint.ACKNOWLEDGED, Endpoint.ANSWERED]
    alone = [groups(Filters(endpoint=endpoint), AT, per_notice=True) for endpoint in both]
    assert groups_per_notice(both, Filters(), AT) == alone


def test_behind_a_mark_lie_exactly_the_rows_it_counts() -> None:
    for row in ({"gone": 24}, {"gone": 30}, {"stopped": 24}, {"stopped": 10}, {"stopped": 90}):
        imported(**row)
    curve = groups(Filters(), AT)[0].curve
    for hour in (0, 10, 24, 30, 48, 90):
        counts = curve.followed_at(hour)
        found = {state: behind(Filters(), AT, state=state, hours=hour).count() for state in State}
        assert found[State.WAITING] == counts.followed
        assert found[State.ENDED] == counts.gone
        assert found[State.STOPPED] == counts.stopped


def test_without_an_hour_the_state_is_that_of_now() -> None:
    notice_of(1)
    imported(gone=5)
    imported(stopped=5)
    imported(seen=5)
    counts = {s: behind(Filters(), AT, state=s).count() for s in (State.WAITING, State.ENDED)}
    assert counts == {State.WAITING: 1, State.ENDED: 1}
    assert behind(Filters(), AT, state=State.STOPPED).count() == 2
    assert behind(Filters(), AT, state=None).count() == 4


def test_a_reappearance_keeps_the_first_removal_counted() -> None:
    imported(gone=5, reappeared=50)
    imported(gone=6)
    imported()
    assert came_back(Filters(), AT) == (1, 2)
    assert behind(Filters(), AT, state=State.BACK).count() == 1
    assert groups(Filters(), AT)[0].curve.events == 2


def test_the_usual_gap_between_looks_is_known() -> None:
    imported(gone=10, seen=4)
    imported(gone=30, seen=20)
    imported(gone=30, seen=10)
    imported(gone=30)
    assert look_gap(Filters(), AT) == 10
    assert look_gap(Filters(platform="reddit"), AT) is None


def test_the_cost_is_rows_and_names_however_many_there_are(
    django_assert_num_queries: object,
) -> None:
    for hour in range(30):
        imported("x" if hour % 2 else "reddit", gone=hour)
    with django_assert_num_queries(2):  # type: ignore[operator]
        groups(Filters(), AT)


def test_no_length_is_ever_negative() -> None:
    imported(seen=-50, stopped=-3)
    assert [row.length for row in followed(Filters(), AT)] == [0]


@pytest.mark.parametrize("endpoint", Endpoint)
@pytest.mark.parametrize("per_notice", [False, True])
def test_grouped_by_the_database_is_row_by_row_to_the_last_digit(
    endpoint: Endpoint, *, per_notice: bool
) -> None:
    dice = Random(f"{endpoint} {per_notice}")
    for _ in range(25):
        made = notice_of(dice.randrange(1, 4), sent=SENT + timedelta(hours=dice.randrange(30)))
        for row in made.outcomes.all():
            _happen(row, dice)
    for _ in range(10):
        imported(dice.choice(["x", "reddit"]), answered=dice.randrange(20), gone=40, seen=9)
    filters, at = Filters(endpoint=endpoint), SENT + timedelta(hours=60)
    found = groups(filters, at, per_notice=per_notice)
    assert {group.platform for group in found} == {"x", "reddit"}
    for group in found:
        rows = followed(filters.of(platform=group.platform), at)
        assert group.curve == kaplan_meier(_single(rows, per_notice=per_notice))


def _happen(row: Outcome, dice: Random) -> None:
    for name in (
        "acknowledged_at",
        "answered_at",
        "decided_at",
        "first_seen_gone_at",
        "stopped_at",
    ):
        if row.sent_at and dice.random() < 0.4:
            setattr(row, name, row.sent_at + timedelta(seconds=dice.randrange(250_000)))
    row.save()


def _single(rows: OutcomeQuerySet, *, per_notice: bool) -> list[Interval]:
    """Each row on its own; of a notice the first end, or else the longest wait."""
    ordered = sorted(rows, key=lambda r: (not r.ended, r.length if r.ended else -r.length))
    kept: dict[object, Interval] = {}
    for row in ordered:
        name = (row.notice_id or row.id) if per_notice else row.id
        kept.setdefault(name, Interval(row.length / 3600, row.ended))
    return list(kept.values())
