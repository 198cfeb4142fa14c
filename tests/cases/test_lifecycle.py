"""The moves of a case: pause, go on, close, reopen, hand over, under 18."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from cases import intake, lifecycle, signals, tasklist
from cases.models import Case, Task
from core.errors import RuleBroken, WrongState
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("at", "id").values_list("kind", flat=True))


def test_pausing_and_going_on_is_one_press_each(advocate: Client, case: Case) -> None:
    advocate.post(reverse("cases:pause", args=[case.code]))
    case.refresh_from_db()
    assert case.status == "paused"
    assert case.paused_at
    advocate.post(reverse("cases:resume", args=[case.code]))
    case.refresh_from_db()
    assert (case.status, case.paused_at) == ("active", None)


def test_pausing_twice_says_so_and_changes_nothing(advocate: Client, case: Case) -> None:
    for _ in range(2):
        answer = advocate.post(reverse("cases:pause", args=[case.code]), follow=True)
    assert "so it cannot become" in answer.content.decode()
    assert kinds(case).count("case.paused") == 1


def test_two_copies_of_one_case_cannot_both_be_moved(people: Any, case: Case, frozen: Any) -> None:
    copy = Case.objects.get(pk=case.pk)
    lifecycle.pause(case, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        lifecycle.close(copy, people.advocate, frozen.now, reason="withdrew")
    case.refresh_from_db()
    assert case.status == "paused"
    assert "case.closed" not in kinds(case)


def test_closing_asks_for_a_reason_and_tells_the_apps_above(
    advocate: Client, case: Case, people: Any
) -> None:
    told: list[Any] = []

    def hear(case: Case, actor: Any, at: Any, **more: Any) -> None:
        told.append((case.code, actor, at))

    signals.case_closed.connect(hear, weak=False)
    try:
        url = reverse("cases:close", args=[case.code])
        assert advocate.post(url, {}).status_code == 422
        advocate.post(url, {"reason": "withdrew"})
    finally:
        signals.case_closed.disconnect(hear)
    case.refresh_from_db()
    assert (case.status, case.close_reason) == ("closed", "withdrew")
    assert told == [(case.code, people.advocate, case.closed_at)]


def test_a_receiver_that_fails_leaves_the_case_open(people: Any, case: Case, frozen: Any) -> None:
    def fail(**more: Any) -> None:
        raise RuleBroken("not now")

    signals.case_closed.connect(fail, weak=False)
    try:
        with pytest.raises(RuleBroken):
            lifecycle.close(case, people.advocate, frozen.now, reason="withdrew")
    finally:
        signals.case_closed.disconnect(fail)
    assert Case.objects.get(pk=case.pk).status == "new"


def test_a_closed_case_opens_again_with_one_press(advocate: Client, case: Case) -> None:
    advocate.post(reverse("cases:close", args=[case.code]), {"reason": "mistake"})
    advocate.post(reverse("cases:reopen", args=[case.code]))
    case.refresh_from_db()
    assert (case.status, case.closed_at, case.close_reason) == ("active", None, "")


def test_only_a_coordinator_hands_a_case_over_and_says_why(people: Any, case: Case) -> None:
    url = reverse("cases:assign", args=[case.code])
    assert signed_in(people.advocate).get(url).status_code == 404
    client = signed_in(people.coordinator)
    assert client.post(url, {"to": people.stranger.pk, "note": ""}).status_code == 422
    client.post(url, {"to": people.stranger.pk, "note": "She prefers mornings."})
    case.refresh_from_db()
    assert (case.advocate, case.team) == (people.stranger, people.stranger.team)
    assert signed_in(people.stranger).get(case.get_absolute_url()).status_code == 200
    assert "mornings" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_volunteer_cannot_be_given_a_case(people: Any, case: Case, frozen: Any) -> None:
    with pytest.raises(RuleBroken):
        lifecycle.assign(case, people.volunteer, people.coordinator, frozen.now, note="x")


def test_every_move_stands_in_history_and_audit_alike(people: Any, case: Case, frozen: Any) -> None:
    lifecycle.activate(case, people.advocate, frozen.now)
    lifecycle.pause(case, people.advocate, frozen.now)
    lifecycle.resume(case, people.advocate, frozen.now)
    moves = ["case.activated", "case.paused", "case.resumed"]
    # All in one moment: they are still read in the order in which they happened.
    assert kinds(case) == moves
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == moves


@pytest.mark.parametrize(
    ("answer", "pathway"), [("yes", "minor"), ("unsure", "minor"), ("no", "adult")]
)
def test_the_answer_about_age_decides_the_route(
    advocate: Client, case: Case, answer: str, pathway: str
) -> None:
    advocate.post(reverse("cases:under_18", args=[case.code]), {"under_18": answer})
    case.refresh_from_db()
    assert (case.under_18, case.pathway) == (answer, pathway)
    assert Task.objects.filter(kind="minor_route").exists() == (pathway == "minor")


def test_answering_twice_tells_the_coordinator_once(people: Any, case: Case, frozen: Any) -> None:
    intake.answer_under_18(case, "unsure", people.advocate, frozen.now)
    intake.answer_under_18(case, "yes", people.advocate, frozen.now)
    assert Task.objects.filter(kind="minor_route").count() == 1


def test_the_minors_route_offers_no_ordinary_notice(advocate: Client, case: Case) -> None:
    advocate.post(reverse("cases:under_18", args=[case.code]), {"under_18": "yes"})
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "Prepare notices" not in page
    assert "takeitdown.ncmec.org" in page


def test_a_task_is_done_once(people: Any, case: Case, frozen: Any) -> None:
    task = Task.objects.create(case=case, kind="call_back", made_at=frozen.now)
    copy = Task.objects.get(pk=task.pk)
    tasklist.done(task, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        tasklist.done(copy, people.coordinator, frozen.now)


def test_a_task_can_be_put_back(advocate: Client, case: Case, frozen: Any, people: Any) -> None:
    task = Task.objects.create(case=case, kind="call_back", made_at=frozen.now)
    advocate.force_login(people.advocate)
    advocate.post(reverse("cases:finish_task", args=[task.pk]))
    advocate.post(reverse("cases:reopen_task", args=[task.pk]))
    task.refresh_from_db()
    assert task.done_at is None


def test_a_stranger_does_nobody_elses_tasks(people: Any, case: Case, frozen: Any) -> None:
    task = Task.objects.create(case=case, kind="call_back", made_at=frozen.now)
    client = signed_in(people.stranger)
    assert client.post(reverse("cases:finish_task", args=[task.pk])).status_code == 404


def test_closing_says_what_it_stops(advocate: Client, case: Case) -> None:
    factories.notice(case)
    page = advocate.get(reverse("cases:close", args=[case.code])).content.decode()
    assert "This stops 1 draft." in page
