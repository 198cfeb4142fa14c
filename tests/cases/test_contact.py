"""Safe contact, name and contact: `/cases/<code>/contact/`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from cases import contact
from cases import people as verbs
from cases.models import Case, Person
from core.errors import WrongState
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
WEEKDAYS = {str(day): [4] for day in range(5)}


def url(case: Case, name: str = "contact") -> str:
    return reverse(f"cases:{name}", args=[case.code])


def test_nobody_asked_counts_as_no_contact(advocate: Client, case: Case) -> None:
    page = advocate.get(url(case)).content.decode()
    assert "Nobody has asked yet what is safe. Ask before any contact." in page
    assert "No contact" in advocate.get(case.get_absolute_url()).content.decode()


def test_what_is_safe_is_saved_and_said_in_one_line(advocate: Client, case: Case) -> None:
    said = {
        "version": "1", "never": ["phone"], "channel_signal": "safe", "zone": "Europe/Brussels",
        "grid": [f"{day}-4" for day in range(5)], "code_word": "lilac",
    }  # fmt: skip
    assert advocate.post(url(case), said).status_code == 302
    person = Person.objects.get(case=case)
    assert person.safe_summary == "Signal, weekdays 12:00–15:00. Do not phone."
    assert person.safe_confirmed_at is not None
    assert person.safe["grid"] == WEEKDAYS
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "Signal, weekdays 12:00–15:00. Do not phone." in page


def test_never_wins_over_safe_and_the_contradiction_is_shown(advocate: Client, case: Case) -> None:
    said = {"version": "1", "never": ["phone"], "channel_phone": "safe"}
    advocate.post(url(case), said)
    person = Person.objects.get(case=case)
    assert contact.safe_channels(person.safe) == []
    assert "Never holds." in advocate.get(url(case)).content.decode()


def test_somebody_who_saved_meanwhile_is_not_overwritten(
    advocate: Client, case: Case, people: Any
) -> None:
    advocate.post(url(case), {"version": "1", "quick": "mornings"})
    late = advocate.post(url(case), {"version": "1", "quick": "evenings"})
    assert late.status_code == 409
    text = late.content.decode()
    assert "mornings" in text
    assert "evenings" in text
    assert Person.objects.get(case=case).safe["quick"] == "mornings"
    assert advocate.post(url(case), {"version": "2", "quick": "evenings"}).status_code == 302


def test_two_copies_of_one_person_are_written_once(case: Case, people: Any, frozen: Any) -> None:
    one, two = Person.objects.get(case=case), Person.objects.get(case=case)
    verbs.change_safe(one, {"quick": "mornings"}, 1, people.advocate, frozen.now)
    with pytest.raises(WrongState):
        verbs.change_safe(two, {"quick": "evenings"}, 1, people.advocate, frozen.now)


def test_after_thirty_days_the_page_asks_again_and_one_press_confirms(
    advocate: Client, case: Case, frozen: Any, people: Any
) -> None:
    advocate.force_login(people.advocate)
    advocate.post(url(case), {"version": "1", "quick": "mornings"})
    frozen.shift(days=31)
    advocate.force_login(people.advocate)
    assert "Check contact" in advocate.get(case.get_absolute_url()).content.decode()
    advocate.post(url(case, "confirm_contact"))
    assert "Check contact" not in advocate.get(case.get_absolute_url()).content.decode()


class TestShowingNameAndContact:
    @pytest.fixture
    def known(self, case: Case) -> Person:
        person = case.person
        person.legal_name, person.contacts = "Zelda Zanzibar", {"phone": "0470 12 34 56"}
        person.save()
        return person

    def test_is_a_fragment_and_is_written_down(
        self, advocate: Client, case: Case, known: Person
    ) -> None:
        shown = advocate.post(url(case, "show_contact"), headers={"HX-Request": "true"})
        assert "Zelda Zanzibar" in shown.content.decode()
        assert "<html" not in shown.content.decode()
        assert case.events.filter(kind="contact.shown").exists()
        entry = AuditEntry.objects.get(verb="contact.shown")
        assert entry.subject_code == case.code

    def test_works_without_javascript(self, advocate: Client, case: Case, known: Person) -> None:
        shown = advocate.post(url(case, "show_contact")).content.decode()
        assert "0470 12 34 56" in shown
        assert "<html" in shown

    def test_cannot_be_had_by_a_link(self, advocate: Client, case: Case, known: Person) -> None:
        assert advocate.get(url(case, "show_contact")).status_code == 405

    @pytest.mark.parametrize("name", ["detail", "contact", "person", "mandates", "add_links"])
    def test_no_page_holds_it_before(
        self, advocate: Client, case: Case, known: Person, name: str
    ) -> None:
        page = advocate.get(url(case, name)).content.decode()
        assert "Zelda" not in page
        assert "0470 12" not in page

    @pytest.mark.parametrize("who", ["stranger", "volunteer", "reviewer", "administrator"])
    def test_is_refused_like_a_page_that_does_not_exist(
        self, people: Any, case: Case, known: Person, who: str
    ) -> None:
        refused = signed_in(people.of_role(who)).post(url(case, "show_contact"))
        assert refused.status_code == 404
        assert not AuditEntry.objects.filter(verb="contact.shown").exists()


def test_an_empty_field_keeps_what_is_there_and_a_tick_removes_it(
    advocate: Client, case: Case
) -> None:
    page = url(case, "person")
    name = "Żółć O'Brien <b>"
    said = {"version": "1", "alias": "Robin", "pronoun": "she", "legal_name": name,
            "phone": "0470 1", "email": "robin@mail.example"}  # fmt: skip
    assert advocate.post(page, said).status_code == 302
    advocate.post(page, {"version": "2", "alias": "Wren", "pronoun": "she", "remove": ["phone"]})
    person = Person.objects.get(case=case)
    assert (person.alias, person.legal_name) == ("Wren", name)
    assert person.contacts == {"email": "robin@mail.example"}


@pytest.mark.parametrize(
    "said",
    [
        {"alias": ""},
        {"alias": "a" * 41},
        {"alias": "Robin", "email": "not an address"},
        {"alias": "Robin", "legal_name": "a\x00b"},
        {"alias": "Robin", "postal": "p" * 20_001},
    ],
)
def test_impossible_values_get_a_sentence(
    advocate: Client, case: Case, said: dict[str, str]
) -> None:
    answer = advocate.post(url(case, "person"), {"version": "1", "pronoun": "they", **said})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_hours_are_judged_in_the_zone_of_the_person() -> None:
    safe = {"grid": WEEKDAYS, "zone": "Europe/Brussels"}
    assert contact.is_safe_time(safe, MONDAY_NOON)
    assert not contact.is_safe_time(safe, SATURDAY_NOON)
    assert contact.not_now(safe, SATURDAY_NOON) == "Not now: safe hours are weekdays 12:00–15:00."
    assert contact.not_now(safe, MONDAY_NOON) == ""


def test_no_contact_at_all_is_never_a_good_moment() -> None:
    assert (
        contact.not_now({"never": ["any"], "grid": WEEKDAYS}, MONDAY_NOON) == "No contact at all."
    )


def test_neighbouring_blocks_read_as_one() -> None:
    assert (
        contact.hours({"grid": {"0": [3, 4], "5": [0]}})
        == "Monday 09:00–15:00; Saturday 00:00–03:00"
    )


def test_what_is_kept_is_named_without_its_value(case: Case) -> None:
    person = case.person
    person.contacts = {"email": "robin@mail.example"}
    assert verbs.known(person) == {"email"}
