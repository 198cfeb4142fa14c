"""What she agreed to, on the page: recorded, changed, withdrawn."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import agreeing, signals
from cases.models import Case, Mandate
from core.errors import WrongState
from tests import factories
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db


def url(case: Case, name: str = "mandates") -> str:
    return reverse(f"cases:{name}", args=[case.code])


def say(**more: Any) -> dict[str, Any]:
    return {"purpose_write": "yes", "purpose_sign": "yes", "form": "spoken",
            "given_on": "2026-11-21", "language": "en", **more}  # fmt: skip


@pytest.fixture
def told() -> Any:
    heard: list[Mandate] = []

    def hear(mandate: Mandate, **more: Any) -> None:
        heard.append(mandate)

    signals.mandate_withdrawn.connect(hear, weak=False)
    yield heard
    signals.mandate_withdrawn.disconnect(hear)


@pytest.fixture
def client(people: Any, frozen: Any) -> Client:
    return signed_in(people.advocate)


def test_recording_costs_one_press_and_begins_the_work(client: Client, case: Case) -> None:
    assert client.post(url(case), say(purpose_police="no")).status_code == 302
    mandate = case.mandates.get()
    assert (mandate.purposes, mandate.refused) == (["write", "sign"], ["police"])
    case.refresh_from_db()
    assert case.status == "active"


def test_allowing_more_replaces_the_row_without_telling_anybody_to_stop(
    client: Client, case: Case, told: list[Mandate]
) -> None:
    client.post(url(case), say())
    client.post(url(case), say(purpose_police="yes"))
    assert told == []
    assert case.mandates.filter(withdrawn_at=None).get().purposes == ["write", "sign", "police"]
    assert case.mandates.count() == 2


def test_allowing_less_says_the_effect_first_and_then_tells(
    client: Client, case: Case, told: list[Mandate]
) -> None:
    client.post(url(case), say())
    factories.notice(case)
    asked = client.post(url(case), say(purpose_sign="no"))
    assert "This allows less than before" in asked.content.decode()
    assert "1 draft" in asked.content.decode()
    assert case.mandates.count() == 1
    client.post(url(case), say(purpose_sign="no", confirmed="1"))
    assert case.mandates.filter(withdrawn_at=None).get().refused == ["sign"]
    assert len(told) == 1


def test_withdrawing_says_what_stops_and_takes_two_presses(
    client: Client, case: Case, told: list[Mandate], people: Any, frozen: Any
) -> None:
    client.post(url(case), say())
    for _ in range(3):
        factories.notice(case)
    for _ in range(2):
        factories.notice(case, status="sent", sent_at=frozen.now)
    page = client.get(url(case, "withdraw")).content.decode()
    assert "Withdrawing stops 3 drafts." in page
    assert "2 notices already sent cannot be recalled." in page
    after = client.post(url(case, "withdraw"))
    assert after["Location"] == url(case, "withdrawn")
    assert len(told) == 1
    assert not case.mandates.filter(withdrawn_at=None).exists()
    assert client.get(url(case, "withdrawn")).status_code == 200


def test_two_presses_of_withdraw_withdraw_once(people: Any, case: Case, frozen: Any) -> None:
    factories.mandate(case)
    agreeing.withdraw(case, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        agreeing.withdraw(Case.objects.get(pk=case.pk), people.advocate, frozen.now)


@pytest.mark.parametrize(
    "said",
    [
        {"purpose_write": "", "purpose_sign": ""},
        {"given_on": "2026-11-22"},
        {"given_on": "yesterday"},
        {"given_on": ""},
        {"until": "2026-11-01"},
        {"purpose_write": "maybe"},
        {"form": "shouted"},
        {"fields_told": ["shoe_size"]},
        {"platforms": ["nowhere"]},
        {"kept_where": "k" * 201},
    ],
)
def test_impossible_answers_get_a_sentence_and_write_nothing(
    client: Client, case: Case, said: dict[str, Any]
) -> None:
    answer = client.post(url(case), say(**said))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not case.mandates.exists()


def test_an_empty_form_gets_a_sentence(client: Client, case: Case) -> None:
    assert client.post(url(case), {}).status_code == 422


@pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer", "administrator"])
def test_only_who_keeps_the_case_records_and_withdraws(people: Any, case: Case, who: str) -> None:
    client = signed_in(people.of_role(who))
    assert client.post(url(case), say()).status_code == 404
    assert client.post(url(case, "withdraw")).status_code == 404
    assert not case.mandates.exists()
