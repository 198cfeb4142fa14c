"""How a notice leaves, ends, and follows what happens to its case and links."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cases import checks, signals
from cases.models import Case, Check, TimelineEvent
from core.errors import RuleBroken, WrongState
from notices import checking, clocks, lifecycle
from notices.drafting import compose
from notices.facts import of_notice
from notices.models import Approval, Delivery, Outcome
from notices.states import StopReason
from tests import factories


def look(desk, number, result, at):
    return checks.look(desk.links[number - 1], result, desk.people.advocate, at)


def outcome(desk, number):
    return Outcome.objects.get(link=desk.links[number - 1])


# ------------------------------------------------------------------ leaving


def test_t2_sending_starts_every_clock_at_the_moment_it_left(desk, frozen):
    notice = desk.approved()
    left = frozen.shift(minutes=1)
    lifecycle.mark_sent(notice, left)
    assert (notice.status, notice.sent_at) == ("sent", left)
    assert set(notice.outcomes.values_list("sent_at", flat=True)) == {left}
    rows = {clock.key: clock for clock in notice.clocks.all()}
    assert {row.starts_at for row in rows.values()} == {left}
    assert rows["removal"].due_at == left + timedelta(hours=48)
    assert rows["removal"].is_limit and rows["removal"].kind == "statutory"
    assert rows["nudge"].kind == "policy" and not rows["nudge"].is_limit
    assert TimelineEvent.objects.get(kind="notice.sent").at == left


def test_a_notice_leaves_once(desk):
    notice = desk.approved()
    copy = desk.again(notice)
    lifecycle.mark_sent(notice, desk.at)
    with pytest.raises(WrongState):
        lifecycle.mark_sent(copy, desk.at)
    assert notice.disclosures.count() == 1


def test_a_statutory_time_that_may_not_have_begun_makes_nobody_late(desk, frozen):
    desk.channel.starts_statutory_clock = "unknown"
    desk.channel.save()
    notice = desk.sent()
    limit = notice.clocks.get(is_limit=True)
    assert (limit.kind, notice.clocks.get(key="removal").certain) == ("policy", False)


def test_the_platforms_own_promise_is_a_deadline_apart(desk):
    desk.channel.facts = {"self_declared_clock": {"value": 24, "unit": "elapsed_hours"}}
    desk.channel.save()
    notice = desk.sent()
    words = {running.clock.kind: running.words for running in clocks.of(notice)}
    assert "own page says" in words["self_declared"]
    assert words["policy"].startswith("Our own target")
    assert notice.clocks.get(is_limit=True).kind == "statutory"


# ------------------------------------------------------------------ ending


def test_withdrawing_what_is_held_lets_nothing_leave(desk):
    notice = desk.approved()
    lifecycle.withdraw(notice, desk.people.advocate, desk.at)
    assert desk.again(notice).status == "withdrawn"
    assert Delivery.objects.get().state == "cancelled"
    assert Approval.objects.get().voided_at == desk.at


def test_withdrawing_what_was_sent_ends_the_following_of_its_links(desk):
    notice = desk.sent()
    lifecycle.withdraw(notice, desk.people.advocate, desk.at)
    assert set(notice.outcomes.values_list("stop_reason", flat=True)) == {StopReason.WE_STOPPED}


def test_nothing_is_withdrawn_while_it_leaves(desk):
    notice = desk.approved()
    Delivery.objects.update(state="sending")
    with pytest.raises(RuleBroken, match="leaving"):
        lifecycle.withdraw(notice, desk.people.advocate, desk.at)


def test_what_is_finished_or_withdrawn_stays_so(desk):
    notice = desk.sent()
    lifecycle.finish(notice, desk.people.advocate, desk.at)
    for verb in (lifecycle.finish, lifecycle.withdraw, lifecycle.take_back):
        with pytest.raises(WrongState):
            verb(notice, desk.people.advocate, desk.at)


# ------------------------------------------------------------------ what happens to the case


def withdraw_mandate(desk):
    mandate = desk.case.mandates.get()
    mandate.withdrawn_at = desk.at
    mandate.save(update_fields=["withdrawn_at"])
    signals.mandate_withdrawn.send(
        type(mandate), case=desk.case, mandate=mandate, actor=desk.people.advocate, at=desk.at
    )


def test_a_withdrawn_mandate_stops_what_has_not_left(desk):
    links = [factories.link(desk.case, f"https://x.com/i/status/8{n}") for n in range(4)]
    draft = desk.written(links=links[:1])
    review = desk.in_review(links=links[1:2])
    held = desk.approved(links=links[2:3])
    sent = desk.sent(links=links[3:])
    withdraw_mandate(desk)
    for notice in (draft, review, held):
        notice = desk.again(notice)
        assert (notice.status, notice.withdrawn_reason) == ("withdrawn", "mandate")
    assert desk.again(sent).status == "sent"
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"cancelled", "held"}
    assert Delivery.objects.get(notice=held).state == "cancelled"


def test_what_is_leaving_when_she_withdraws_is_left_to_the_claim(desk):
    notice = desk.approved()
    Delivery.objects.update(state="sending")
    withdraw_mandate(desk)
    assert desk.again(notice).status == "approved"


def test_another_mandate_that_covers_it_keeps_the_draft_and_asks_for_a_new_approval(desk):
    draft, held = desk.written(links=desk.links[:1]), desk.approved(links=desk.links[1:])
    old = desk.case.mandates.get()
    factories.mandate(desk.case, form="written")
    old.withdrawn_at = desk.at
    old.save(update_fields=["withdrawn_at"])
    signals.mandate_withdrawn.send(
        type(old), case=desk.case, mandate=old, actor=desk.people.advocate, at=desk.at
    )
    assert desk.again(draft).status == "drafted"
    assert desk.again(held).status == "drafted"
    assert Delivery.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("reason", "stopped"),
    [("withdrew", StopReason.PERSON_WITHDREW), ("handed_over", StopReason.WE_STOPPED)],
)
def test_a_closed_case_ends_drafts_and_following(desk, reason, stopped):
    draft, sent = desk.prepared(links=desk.links[:1]), desk.sent(links=desk.links[1:])
    Case.objects.filter(pk=desk.case.pk).update(
        status="closed", close_reason=reason, closed_at=desk.at
    )
    desk.case.refresh_from_db()
    signals.case_closed.send(Case, case=desk.case, actor=desk.people.advocate, at=desk.at)
    assert desk.again(draft).withdrawn_reason == "case_closed"
    assert sent.outcomes.get().stop_reason == stopped
    assert draft.outcomes.get().stopped_at is None


# ------------------------------------------------------------------ what is seen


def test_a_look_bounds_the_removal_of_its_link_alone(desk, frozen):
    desk.sent()
    online = frozen.shift(hours=2)
    look(desk, 1, "online", online)
    gone = frozen.shift(hours=4)
    look(desk, 1, "gone", gone)
    one, other = outcome(desk, 1), outcome(desk, 2)
    assert (one.last_seen_online_at, one.first_seen_gone_at) == (online, gone)
    assert other.first_seen_gone_at is None


def test_a_look_before_sending_sets_nothing(desk, frozen):
    desk.prepared()
    look(desk, 1, "gone", desk.at)
    assert outcome(desk, 1).first_seen_gone_at is None


def test_an_undone_look_is_worked_out_again(desk, frozen):
    desk.sent()
    check = look(desk, 1, "gone", frozen.shift(hours=4))
    checks.undo(check, desk.people.advocate, frozen.shift(minutes=1))
    assert outcome(desk, 1).first_seen_gone_at is None


def test_what_comes_back_keeps_its_first_removal_and_opens_an_episode(desk, client, frozen):
    first = desk.sent(links=desk.links[:1])
    gone = frozen.shift(hours=4)
    look(desk, 1, "gone", gone)
    back = frozen.shift(days=17)
    look(desk, 1, "online", back)
    row = outcome(desk, 1)
    assert (row.first_seen_gone_at, row.reappeared_at, row.episode) == (gone, back, 1)
    client.force_login(desk.people.advocate)
    page = client.get(f"/notices/{first.code}/").content.decode()
    assert "It came back" in page and "after 17 days" in page
    client.post(f"/notices/{first.code}/again/")
    second = first.later.get()
    assert second.outcomes.get().episode == 2
    assert second.earlier == first
    assert Outcome.objects.get(notice=first).first_seen_gone_at == gone
    letter = compose(of_notice(desk.again(second), frozen.now)).text
    assert "You removed the same material before" in letter


# ------------------------------------------------------------------ the page


def test_the_read_page_shows_what_was_sent_and_what_runs(desk, client):
    notice = desk.sent()
    client.force_login(desk.people.coordinator)
    page = client.get(f"/notices/{notice.code}/").content.decode()
    approval = notice.approvals.get()
    for words in (
        approval.mime_sha256, approval.pdf_sha256, "Exactly what was sent", "48 hours by law",
        "Our own target", "48 h left", "Nothing that names the person is among them",
    ):  # fmt: skip
        assert words in page
    assert "Robin" not in page


def test_one_key_marks_a_link_and_one_takes_it_back(desk, client, frozen):
    notice = desk.sent()
    frozen.shift(minutes=3)
    client.force_login(desk.people.volunteer)
    page = client.post(f"/notices/{notice.code}/links/1/look/", {"result": "gone"}, follow=True)
    assert f"/notices/{notice.code}/links/1/undo/" in page.content.decode()
    assert outcome(desk, 1).first_seen_gone_at == frozen.now
    client.post(f"/notices/{notice.code}/links/1/undo/")
    assert outcome(desk, 1).first_seen_gone_at is None
    page = client.post(f"/notices/{notice.code}/links/1/look/", {"result": "odd"}, follow=True)
    assert "Choose what you saw" in page.content.decode()
    assert Check.objects.filter(undone_at=None).count() == 0


@pytest.mark.parametrize("role", ["stranger", "reviewer", "administrator"])
def test_nobody_else_marks_links(desk, client, role):
    notice = desk.sent()
    client.force_login(desk.people.of_role(role))
    url = f"/notices/{notice.code}/links/1/look/"
    assert client.post(url, {"result": "gone"}).status_code == 404
    assert outcome(desk, 1).first_seen_gone_at is None


@pytest.mark.parametrize("role", ["volunteer", "reviewer", "stranger"])
def test_only_who_has_the_case_withdraws(desk, client, role):
    notice = desk.written()
    client.force_login(desk.people.of_role(role))
    for verb in ("withdraw", "finish", "again"):
        assert client.post(f"/notices/{notice.code}/{verb}/").status_code == 404
    assert desk.again(notice).status == "drafted"


def test_a_verb_is_not_a_link(desk, client):
    notice = desk.approved()
    client.force_login(desk.people.coordinator)
    for verb in ("withdraw", "finish", "again", "undo", "send", "approve", "take", "pass-on"):
        assert client.get(f"/notices/{notice.code}/{verb}/").status_code == 405
    assert desk.again(notice).status == "approved"


def test_the_case_page_lists_its_notices(desk, client):
    notice = desk.sent()
    client.force_login(desk.people.advocate)
    assert notice.code in client.get(f"/cases/{desk.case.code}/").content.decode()


def test_a_no_counts_from_the_midnight_of_the_office(desk, frozen):
    frozen.move_to(datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    notice = desk.approved()
    day = date(2026, 11, 22)
    factories.mandate(desk.case, purposes=[], refused=["write"], given_on=day)
    with pytest.raises(RuleBroken, match="said no"):
        checking.refuse_without_yes(notice, frozen.now)
