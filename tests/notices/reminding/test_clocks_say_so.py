"""Reminders leave when a clock says so, each once, and not where something stands before them."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from accounts.models import Organisation
from cases import agreeing, checks
from cases import lifecycle as case_moves
from cases.models import Case, Task
from core.errors import RuleBroken
from notices import delivery as outbox
from notices import lifecycle, replies
from notices.models import Delivery, Reminder
from notices.reminding import making, plans, rounds
from tests import factories

pytestmark = pytest.mark.django_db
HOURS_72 = timedelta(hours=72)


def test_t2_intervals_count_from_the_sending_and_not_from_the_draft(chase):
    assert chase.pending().due_at == chase.notice.sent_at + HOURS_72
    assert chase.pending().state == "planned"


def test_t2_a_form_counts_from_the_moment_a_person_submitted_it(desk, form_channel, frozen):
    notice = desk.approved(channel=form_channel)
    frozen.shift(days=5)
    submitted = frozen.now - timedelta(hours=3)
    lifecycle.confirm_submission(notice, desk.people.volunteer, frozen.now, submitted_at=submitted)
    assert Reminder.objects.get().due_at == submitted + HOURS_72


def test_t14_nothing_fires_when_the_notice_leaves(chase):
    assert chase.tick() == 0
    assert chase.mails() == []
    assert not Task.objects.filter(kind="escalate").exists()


def test_a_due_reminder_goes_into_the_outbox_with_its_own_bytes(chase):
    chase.frozen.shift(hours=73)
    assert chase.tick() == 1
    (mail,) = chase.mails()
    assert (mail.state, mail.seq, mail.kind) == ("queued", 1, "reminder")
    assert mail.content == mail.reminder.mime != mail.approval.mime
    assert mail.sha256 == mail.reminder.mime_sha256
    assert mail.reminder.made_by is None


def test_t1_after_a_reminder_the_notice_needs_none_until_the_next_interval(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    assert chase.pending() is None
    chase.leave()
    left_at = chase.frozen.now
    assert chase.pending().due_at == left_at + HOURS_72
    chase.frozen.shift(hours=71)
    assert chase.tick() == 0
    chase.frozen.shift(hours=2)
    assert chase.tick() == 1
    assert [mail.seq for mail in chase.mails()] == [1, 2]


def test_t1_a_proposed_reminder_leaves_the_list_at_once_when_it_is_sent(proposing):
    proposing.frozen.shift(hours=73)
    proposing.tick()
    assert proposing.pending().state == "proposed"
    making.remind(proposing.fresh(), proposing.people.coordinator, proposing.frozen.now)
    assert proposing.pending() is None
    proposing.leave()
    assert proposing.pending().state == "planned"


def test_t3_a_second_message_within_the_gap_is_refused(chase):
    chase.frozen.shift(hours=71)
    with pytest.raises(RuleBroken, match="too early"):
        making.remind(chase.fresh(), chase.people.coordinator, chase.frozen.now)
    chase.frozen.shift(hours=1)
    making.remind(chase.fresh(), chase.people.coordinator, chase.frozen.now)
    with pytest.raises(RuleBroken, match="on its way"):
        making.remind(chase.fresh(), chase.people.coordinator, chase.frozen.now)


def test_t3_t4_their_estimate_moves_the_plan_in_the_same_transaction(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    until = chase.frozen.now + timedelta(days=6)
    plans.set_estimate(chase.fresh(), until, chase.people.volunteer, chase.frozen.now)
    assert chase.mails() == [], "it waited in the outbox and was called back"
    assert chase.pending().due_at == until
    assert chase.tick() == 0
    chase.frozen.move_to(until)
    assert chase.tick() == 1


def test_an_estimate_in_a_filed_answer_counts_and_goes_when_the_filing_is_undone(chase):
    until = chase.frozen.now + timedelta(days=9)
    message = chase.they_say("ack_human", details={"estimate_until": until.isoformat()})
    assert chase.pending().due_at == until
    replies.unfile(message, chase.people.advocate, chase.frozen.now)
    assert chase.fresh().estimate_until is None
    assert chase.pending().due_at == chase.notice.sent_at + HOURS_72


def test_t4_of_two_answers_that_ask_us_to_wait_the_newer_counts_and_undoing_it_the_other(chase):
    later, sooner = (chase.frozen.now + timedelta(days=days) for days in (12, 9))
    older = chase.they_write()
    chase.frozen.shift(hours=1)
    newer = chase.they_write()
    for message, until in ((newer, sooner), (older, later)):
        details = {"estimate_until": until.isoformat()}
        replies.file(message, "ack_human", chase.people.advocate, chase.frozen.now, details=details)
        assert chase.fresh().estimate_until == sooner
    replies.unfile(newer, chase.people.advocate, chase.frozen.now)
    assert chase.fresh().estimate_until == later


def test_undoing_a_filing_leaves_alone_until_when_a_person_said_to_wait(chase):
    until, said = (chase.frozen.now + timedelta(days=days) for days in (9, 12))
    message = chase.they_say("ack_human", details={"estimate_until": until.isoformat()})
    plans.set_estimate(chase.fresh(), said, chase.people.volunteer, chase.frozen.now)
    replies.unfile(message, chase.people.advocate, chase.frozen.now)
    assert chase.fresh().estimate_until == said


def test_undoing_a_filing_brings_back_until_when_a_person_said_to_wait(chase):
    until, said = (chase.frozen.now + timedelta(days=days) for days in (9, 12))
    plans.set_estimate(chase.fresh(), said, chase.people.volunteer, chase.frozen.now)
    chase.frozen.shift(minutes=5)
    message = chase.they_say("ack_human", details={"estimate_until": until.isoformat()})
    assert chase.fresh().estimate_until == until
    replies.unfile(message, chase.people.advocate, chase.frozen.now)
    assert chase.fresh().estimate_until == said
    assert chase.pending().due_at == said


def test_a_reminder_whose_case_somebody_holds_stays_its_clocks(chase, monkeypatch):
    chase.frozen.shift(hours=80)

    def held(*_):
        raise OperationalError("canceling statement due to lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr(rounds.making, "remind", held)
        assert chase.tick() == 0
    assert chase.pending().state == "planned"
    assert chase.tick() == 1
    assert len(chase.mails()) == 1


def test_a_question_that_failed_to_be_asked_is_asked_by_the_next_tick(chase, monkeypatch):
    chase.they_say("refused_no_violation")
    asked = chase.pending()
    assert asked.kind == "escalate"

    def fails(*_):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(rounds.making, "ask_how_to_go_on", fails)
        chase.tick()
    assert chase.pending().state == "planned"
    assert chase.tick() == 1
    assert Task.objects.open().filter(kind="escalate").count() == 1


def test_an_estimate_that_was_read_in_a_filed_answer_counts_for_a_month_at_most(chase):
    for days, counted in ((9, 9), (400, 31)):
        message = chase.they_write()
        message.reading = {"estimate_until": (chase.frozen.now + timedelta(days=days)).isoformat()}
        message.save(update_fields=["reading"])
        replies.file(message, "ack_human", chase.people.advocate, chase.frozen.now)
        assert chase.fresh().estimate_until == chase.frozen.now + timedelta(days=counted)


def test_t5_an_unread_reply_blocks_the_reminder_and_is_asked_for_once(chase):
    chase.frozen.shift(hours=10)
    message = chase.they_write()
    assert not Task.objects.filter(kind="reply_unread").exists(), "nothing is held back yet"
    chase.frozen.shift(hours=63)
    for _ in range(3):
        chase.tick()
    assert chase.mails() == []
    assert chase.pending().state == "blocked"
    task = Task.objects.get(kind="reply_unread")
    assert (task.subject_code, task.done_at) == (chase.notice.code, None)
    replies.file(message, "ack_human", chase.people.advocate, chase.frozen.now)
    task.refresh_from_db()
    assert task.done_at
    assert chase.tick() == 1


def test_t5_a_reply_calls_back_what_waits_in_the_outbox(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    chase.they_write()
    assert chase.mails() == []
    assert chase.pending().state == "blocked"
    assert Task.objects.filter(kind="reply_unread", done_at=None).count() == 1


def test_t6_a_withdrawn_notice_is_never_reminded_again_also_when_they_write_back(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    lifecycle.withdraw(chase.fresh(), chase.people.advocate, chase.frozen.now)
    assert (chase.mails(), chase.pending()) == ([], None)
    message = chase.they_write()
    replies.file(message, "ack_human", chase.people.advocate, chase.frozen.now)
    chase.frozen.shift(days=30)
    chase.tick()
    assert (chase.mails(), chase.pending()) == ([], None)


def test_t6_without_the_mandate_no_reminder_ever_leaves_again(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    agreeing.withdraw(chase.desk.case, chase.people.advocate, chase.frozen.now)
    assert (chase.mails(), chase.pending()) == ([], None)
    chase.they_say("ack_human")
    chase.frozen.shift(days=30)
    assert chase.tick() == 0
    assert (chase.mails(), chase.pending()) == ([], None)


def test_t7_three_days_without_a_tick_fire_each_reminder_once(desk, frozen):
    links = [factories.link(desk.case, f"https://x.com/i/status/55{n}") for n in range(3)]
    notices = [desk.sent(links=[link]) for link in links]
    frozen.shift(days=6)
    assert rounds.remind_due() == 3
    assert rounds.remind_due() == 0
    made = Reminder.objects.filter(state="made")
    assert sorted(made.values_list("notice", flat=True)) == sorted(n.pk for n in notices)


def test_t7_what_one_statement_does_not_take_is_proposed_in_the_same_round(proposing, monkeypatch):
    desk, channel = proposing.desk, proposing.notice.channel
    monkeypatch.setattr(rounds, "PROPOSED_AT_ONCE", 2)
    monkeypatch.setattr(rounds, "_each_due", lambda at, ends: 0)
    for n in range(4):
        link = factories.link(desk.case, f"https://x.com/i/status/66{n}")
        desk.sent(links=[link], channel=channel)
    proposing.they_write()
    proposing.frozen.shift(days=6)
    assert rounds.remind_due() == 4
    assert not Reminder.objects.filter(state="proposed", notice=proposing.notice).exists()


def test_t8_the_same_round_twice_makes_one_mail(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    chase.tick()
    assert len(chase.mails()) == 1


def test_t13_the_stop_switch_ends_reminders_until_sending_goes_on(chase, client):
    chase.frozen.shift(hours=73)
    outbox.stop_sending(chase.people.coordinator, chase.frozen.now)
    assert chase.tick() == 0
    with pytest.raises(RuleBroken, match="stopped"):
        making.remind(chase.fresh(), chase.people.coordinator, chase.frozen.now)
    client.force_login(chase.people.volunteer)
    page = client.get(chase.notice.get_absolute_url()).content.decode()
    assert "Sending is stopped" in page
    chase.frozen.shift(days=3)
    outbox.resume_sending(chase.people.coordinator, chase.frozen.now)
    assert chase.tick() == 1
    assert chase.tick() == 0


def test_a_paused_case_is_not_reminded_and_goes_on_when_it_is_resumed(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    case_moves.pause(
        Case.objects.get(pk=chase.notice.case_id), chase.people.advocate, chase.frozen.now
    )
    assert (chase.mails(), chase.pending().state) == ([], "blocked")
    chase.frozen.shift(days=2)
    assert chase.tick() == 0
    case_moves.resume(
        Case.objects.get(pk=chase.notice.case_id), chase.people.advocate, chase.frozen.now
    )
    assert chase.pending().state == "planned"
    assert chase.tick() == 1


def test_a_question_of_theirs_stops_the_chase_and_our_own_target_but_no_law(chase):
    before = {clock.key: clock.due_at for clock in chase.notice.clocks.all()}
    chase.frozen.shift(hours=10)
    chase.they_say("info_requested")
    notice = chase.fresh()
    assert notice.waits_for_us_since == notice.platform_claims_incomplete_at == chase.frozen.now
    assert chase.pending().state == "blocked"
    chase.frozen.shift(days=4)
    assert chase.tick() == 0
    making.note_answered(notice, chase.people.advocate, chase.frozen.now, via="portal")
    notice = chase.fresh()
    assert notice.waits_for_us_since is None
    after = {clock.key: clock.due_at for clock in notice.clocks.all()}
    assert after["removal"] == before["removal"]
    assert after["nudge"] == before["nudge"] + timedelta(days=4)
    assert chase.pending().due_at == chase.frozen.now + HOURS_72


def test_says_removed_ends_the_chase_until_somebody_sees_that_it_is_still_there(chase):
    chase.frozen.shift(hours=10)
    chase.they_say("removed")
    assert chase.pending() is None
    chase.frozen.shift(hours=2)
    checks.look(chase.desk.links[0], "online", chase.people.advocate, chase.frozen.now)
    assert chase.pending().state == "planned"


def test_a_refusal_asks_for_the_next_step_and_stops_the_chase(chase):
    chase.frozen.shift(hours=10)
    chase.they_say("refused_no_violation")
    chase.tick()
    task = Task.objects.get(kind="escalate")
    assert task.subject_code == chase.notice.code
    chase.frozen.shift(days=3)
    assert chase.tick() == 0
    assert Task.objects.filter(kind="escalate").count() == 1


def test_after_three_reminders_a_task_asks_how_to_go_on(chase):
    for _ in range(3):
        chase.frozen.shift(hours=73)
        assert chase.tick() == 1
        chase.leave()
    chase.frozen.shift(hours=73)
    chase.tick()
    assert len(chase.mails()) == 3
    assert Task.objects.filter(kind="escalate", done_at=None).count() == 1
    chase.frozen.shift(days=30)
    chase.tick()
    assert len(chase.mails()) == 3
    assert Task.objects.filter(kind="escalate", done_at=None).count() == 1


def test_a_reminder_that_was_left_out_comes_again_after_the_next_interval(proposing):
    proposing.frozen.shift(hours=73)
    proposing.tick()
    making.leave_out(proposing.fresh(), proposing.people.volunteer, proposing.frozen.now)
    row = proposing.pending()
    assert (row.n, row.due_at) == (2, proposing.frozen.now + HOURS_72)


def test_links_that_are_gone_are_not_asked_for_and_end_the_chase(chase):
    chase.frozen.shift(hours=73)
    chase.tick()
    checks.look(chase.desk.links[0], "gone", chase.people.advocate, chase.frozen.now)
    assert len(chase.mails()) == 0, "the mail named a link that is gone"
    chase.tick()
    (mail,) = chase.mails()
    assert b"2222222222" in mail.content and b"1234567890" not in mail.content
    checks.look(chase.desk.links[1], "gone", chase.people.advocate, chase.frozen.now)
    assert (chase.mails(), chase.pending()) == ([], None)


def test_a_held_reminder_can_be_taken_back(proposing):
    proposing.frozen.shift(hours=73)
    proposing.tick()
    making.remind(proposing.fresh(), proposing.people.coordinator, proposing.frozen.now)
    making.take_back(proposing.fresh(), proposing.people.coordinator, proposing.frozen.now)
    assert (proposing.mails(), proposing.pending().state) == ([], "proposed")


def test_a_form_takes_the_reminder_by_hand(by_form):
    by_form.frozen.shift(hours=73)
    by_form.tick()
    assert by_form.pending().state == "proposed"
    at = by_form.frozen.now
    made = making.sent_by_hand(by_form.fresh(), by_form.people.volunteer, at, sent_at=at)
    assert by_form.notice.code in made.text
    assert by_form.pending().due_at == at + HOURS_72
    assert Organisation.current() is not None


def test_a_reminder_that_their_server_refuses_waits_for_a_person(chase, client):
    chase.frozen.shift(hours=73)
    chase.tick()
    Delivery.objects.filter(kind="reminder").update(state="failed", last_code="550")
    chase.frozen.shift(days=9)
    assert chase.tick() == 0
    client.force_login(chase.people.advocate)
    html = client.get("/outbox/").content.decode()
    assert "The reminder was not delivered" in html
    assert "was not delivered" in client.get(chase.notice.get_absolute_url()).content.decode()
    making.leave_out(chase.fresh(), chase.people.advocate, chase.frozen.now)
    assert chase.pending().n == 2
    assert "The reminder was not delivered" not in client.get("/outbox/").content.decode()
