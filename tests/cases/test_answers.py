"""Questions that are answered later, and things put on the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from cases import answering, intake
from cases.models import Case, Task
from core.errors import WrongState
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db


def url(case: Case, name: str = "answers") -> str:
    return reverse(f"cases:{name}", args=[case.code])


def test_an_answer_is_written_down_and_takes_its_question_off_the_list(
    advocate: Any, case: Case, people: Any
) -> None:
    intake._ask_later(case, ["self_taken", "threat"], people.advocate, case.opened_at)
    said = {"version": "1", "self_taken": "yes", "country": "BE", "wants": ["removal"],
            "first_seen": "about a week ago"}  # fmt: skip
    assert advocate.post(url(case), said).status_code == 302
    case.refresh_from_db()
    assert (case.self_taken, case.country, case.wants) == ("yes", "BE", ["removal"])
    assert case.answers == {"first_seen": "about a week ago"}
    assert [task.text for task in case.tasks.open()] == ["threat"]
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "Belgium (emergency: 112)" in page
    assert "Wrote down answers" in page


def test_answers_that_somebody_changed_meanwhile_are_not_overwritten(
    advocate: Any, case: Case
) -> None:
    advocate.post(url(case), {"version": "1", "country": "BE"})
    late = advocate.post(url(case), {"version": "1", "country": "FR"})
    assert late.status_code == 409
    case.refresh_from_db()
    assert case.country == "BE"


def test_two_copies_are_answered_once(people: Any, case: Case, frozen: Any) -> None:
    said: dict[str, Any] = dict.fromkeys([*answering.SAID, "self_taken", "country", "language"], "")
    said |= {"content_kind": [], "wants": []}
    answering.answer(case, {**said, "country": "BE"}, 1, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        answering.answer(case, {**said, "country": "FR"}, 1, people.coordinator, frozen.now)


@pytest.mark.parametrize(
    "said",
    [{"country": "XX"}, {"self_taken": "perhaps"}, {"contacted_what": "w" * 20_001},
     {"first_seen": "a\x00"}],
)  # fmt: skip
def test_impossible_answers_get_a_sentence(advocate: Any, case: Case, said: dict[str, str]) -> None:
    answer = advocate.post(url(case), {"version": "1", **said})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_call_to_make_lets_the_case_wait_for_the_person(
    people: Any, case: Case, frozen: Any
) -> None:
    client = signed_in(people.advocate)
    due = (frozen.now + timedelta(days=2)).date().isoformat()
    said = {"what": "Ask about the forum", "calls": "on", "due_on": due}
    assert client.post(url(case, "add_task"), said).status_code == 302
    task = case.tasks.get()
    assert (task.kind, task.text) == ("call_back", "Ask about the forum")
    assert task not in Task.objects.due(frozen.now)
    page = client.get(reverse("cases:index") + "?tab=waiting").content.decode()
    assert case.code in page


@pytest.mark.parametrize("said", [{}, {"what": "w" * 201}, {"what": "x", "due_on": "soon"}])
def test_a_task_without_words_gets_a_sentence(
    advocate: Any, case: Case, said: dict[str, str]
) -> None:
    assert advocate.post(url(case, "add_task"), said).status_code == 422
    assert not case.tasks.exists()


@pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer", "administrator"])
def test_others_neither_answer_nor_add(people: Any, case: Case, who: str) -> None:
    client = signed_in(people.of_role(who))
    for name in ("answers", "add_task"):
        assert client.get(url(case, name)).status_code == 404
        assert client.post(url(case, name), {"what": "x", "version": "1"}).status_code == 404
