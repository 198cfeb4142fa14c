"""Taking down a report: `/cases/new/`."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from cases import drafts
from cases.models import Case, Draft, Person, Task
from core import keystore
from core.errors import WrongState
from tests.cases.conftest import signed_in

pytestmark = pytest.mark.django_db
X_POST = "https://x.com/someone/status/1725000000000000000"


def begin(client: Client) -> str:
    return client.get(reverse("cases:create"))["Location"]


def test_a_new_case_has_an_address_of_its_own_for_each_window(advocate: Client) -> None:
    assert begin(advocate) != begin(advocate)


@pytest.mark.parametrize(
    ("field", "text"), [("alias", "Robin"), ("links_text", X_POST), ("note", "Called at noon.")]
)
def test_one_thing_written_down_is_enough(
    advocate: Client, platforms: Any, field: str, text: str
) -> None:
    answer = advocate.post(begin(advocate), {"version": "1", field: text})
    assert answer.status_code == 302
    assert Case.objects.count() == 1


def test_nothing_written_down_gets_a_sentence_and_makes_no_case(advocate: Client) -> None:
    answer = advocate.post(begin(advocate), {"version": "1", "alias": "  ", "note": "\n"})
    assert answer.status_code == 422
    assert "Write at least one thing: a name to use, a link, or a note." in answer.content.decode()
    assert not Case.objects.exists()


def test_links_that_were_typed_become_links_and_other_lines_wait(
    advocate: Client, platforms: Any
) -> None:
    text = f"{X_POST}\nt.me/somechannel/12\nshe said it was on a forum"
    answer = advocate.post(begin(advocate), {"version": "1", "links_text": text})
    case = Case.objects.get()
    assert [link.canonical for link in case.links.all()] == [
        X_POST,
        "https://t.me/somechannel/12",
    ]
    waiting = Draft.objects.get(form="paste", subject_code=case.code)
    assert [row["verbatim"] for row in waiting.data["rows"]] == ["she said it was on a forum"]
    page = advocate.get(answer["Location"]).content.decode()
    assert reverse("cases:choose_links", args=[case.code, waiting.pk]) in page


def test_an_empty_name_is_filled_with_a_pseudonym(advocate: Client, platforms: Any) -> None:
    url = begin(advocate)
    pseudonym = Draft.objects.get().data["pseudonym"]
    assert pseudonym in advocate.get(url).content.decode()
    advocate.post(url, {"version": "1", "note": "Called."})
    assert Person.objects.get().alias == pseudonym


def test_what_is_typed_is_saved_by_itself_and_comes_back(advocate: Client) -> None:
    url = begin(advocate)
    draft = Draft.objects.get()
    saving = reverse("cases:save_draft", args=[draft.pk])
    said = advocate.post(
        saving, {"version": "1", "note": "Half a sent", "wants": ["removal", "talk"]}
    )
    assert said.json()["version"] == 2
    page = advocate.get(url).content.decode()
    assert "Half a sent" in page
    assert page.count("checked") >= 2


def test_two_windows_on_one_draft_end_at_both_texts(advocate: Client) -> None:
    url = begin(advocate)
    draft = Draft.objects.get()
    saving = reverse("cases:save_draft", args=[draft.pk])
    advocate.post(saving, {"version": "1", "note": "from the first window"})
    refused = advocate.post(saving, {"version": "1", "note": "from the second window"})
    assert refused.status_code == 409
    both = advocate.post(refused.json()["url"], {"version": "1", "note": "from the second window"})
    assert both.status_code == 409
    assert "from the first window" in both.content.decode()
    assert "from the second window" in both.content.decode()
    merged = advocate.post(url, {"version": "2", "note": "both"})
    assert merged.status_code == 302


def test_a_window_that_saves_after_another_one_did_keeps_its_words(
    advocate: Client, platforms: Any
) -> None:
    url = begin(advocate)
    advocate.post(url, {"version": "1", "note": "saved first"})
    late = advocate.post(url, {"version": "1", "note": "typed in the other window"})
    assert late.status_code == 409
    assert "typed in the other window" in late.content.decode()
    assert Case.objects.count() == 1
    case = Case.objects.get()
    assert reverse("cases:add_note", args=[case.code]) in late.content.decode()


def test_two_copies_of_one_draft_make_one_case(people: Any, frozen: Any) -> None:
    draft = drafts.start(people.advocate, "intake", frozen.now)
    other = Draft.objects.get(pk=draft.pk)
    drafts.use(draft, frozen.now, subject_code="K7Q4-2M")
    with pytest.raises(WrongState):
        drafts.use(other, frozen.now, subject_code="K7Q4-2N")


@pytest.mark.django_db(transaction=True)
def test_the_text_of_a_used_draft_can_never_be_read_again(people: Any, frozen: Any) -> None:
    draft = drafts.start(people.advocate, "intake", frozen.now, data={"note": "a secret"})
    drafts.use(draft, frozen.now, subject_code="K7Q4-2M")
    with pytest.raises(keystore.KeyDestroyed):
        _ = Draft.objects.get(pk=draft.pk).data


def test_a_discarded_draft_comes_back_within_a_day_and_not_later(
    advocate: Client, frozen: Any
) -> None:
    url = begin(advocate)
    draft = Draft.objects.get()
    advocate.post(
        reverse("cases:discard_draft", args=[draft.pk]),
        {"version": "1", "note": "kept", "alias": ""},
    )
    frozen.shift(hours=23)
    advocate.force_login(draft.user)
    assert advocate.post(reverse("cases:recover_draft", args=[draft.pk]))["Location"] == url
    assert "kept" in advocate.get(url).content.decode()
    advocate.post(reverse("cases:discard_draft", args=[draft.pk]))
    frozen.shift(hours=25)
    advocate.force_login(draft.user)
    advocate.post(reverse("cases:recover_draft", args=[draft.pk]))
    assert Draft.objects.get().discarded_at is not None


def test_a_draft_is_nobody_elses(advocate: Client, people: Any) -> None:
    url = begin(advocate)
    draft = Draft.objects.get()
    other = signed_in(people.coordinator)
    assert other.get(url).status_code == 404
    assert (
        other.post(reverse("cases:save_draft", args=[draft.pk]), {"version": "1"}).status_code
        == 404
    )


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_under_18_leads_to_the_childrens_route_and_tells_a_coordinator(
    advocate: Client, people: Any, platforms: Any, answer: str
) -> None:
    advocate.post(begin(advocate), {"version": "1", "note": "x", "under_18": answer})
    case = Case.objects.get()
    assert case.pathway == "minor"
    task = Task.objects.get(kind="minor_route")
    assert task in Task.objects.visible_to(people.coordinator)
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "This goes through the children" in page


def test_asking_later_makes_a_row_on_the_case(advocate: Client, platforms: Any) -> None:
    said = {"version": "1", "note": "x", "later": ["under_18", "threat"]}
    where = advocate.post(begin(advocate), said)["Location"]
    page = advocate.get(where).content.decode()
    assert "Ask: Is anyone threatening or demanding money?" in page
    assert Task.objects.filter(kind="ask_later").count() == 2


def test_somebody_else_may_be_calling(advocate: Client, platforms: Any) -> None:
    said = {"version": "1", "note": "x", "reporter_name": "Ines", "reporter_relation": "sister"}
    advocate.post(begin(advocate), said)
    assert Case.objects.get().reporter == {"name": "Ines", "relation": "sister"}


def test_saving_and_hiding_covers_the_next_page(advocate: Client, platforms: Any) -> None:
    where = advocate.post(begin(advocate), {"version": "1", "note": "x", "hide": "1"})["Location"]
    assert where.endswith("?hidden=1")


def test_the_line_below_the_links_says_what_was_recognised(
    advocate: Client, platforms: Any
) -> None:
    text = (
        f"{X_POST}\nhttps://x.com/other/status/1725000000000000001\nt.me/somechannel/12\nsomewhere"
    )
    said = advocate.post(reverse("cases:recognise"), {"links_text": text}).content.decode()
    assert said.strip() == "3 links recognised: X 2, Telegram 1 · 1 line to look at"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> {{ 7|add:7 }} {% debug %} %s %(x)s {0.__class__}",
        "שלום עולם — مرحبا بالعالم — Привет — 你好 — 👩‍👩‍👧",
        "=cmd|' /C calc'!A0",
        "line\r\nline\u2028line\u202eabc",
    ],
)
def test_hostile_and_foreign_text_is_stored_faithfully_and_shown_as_text(
    advocate: Client, platforms: Any, text: str
) -> None:
    where = advocate.post(begin(advocate), {"version": "1", "note": text, "alias": text[:40]})
    assert where.status_code == 302
    case = Case.objects.get()
    assert case.note.replace("\r\n", "\n") == text.replace("\r\n", "\n").strip()
    page = advocate.get(case.get_absolute_url()).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("alias", "a" * 41),
        ("note", "n" * 20_001),
        ("safe_contact", "s" * 201),
        ("links_text", "\n".join(f"https://x.com/a/status/{n}" for n in range(501))),
        ("note", "a\x00b"),
        ("country", "XX"),
        ("under_18", "perhaps"),
        ("wants", "everything"),
    ],
)
def test_too_much_or_impossible_input_gets_a_sentence_and_is_kept(
    advocate: Client, platforms: Any, field: str, text: str
) -> None:
    url = begin(advocate)
    answer = advocate.post(url, {"version": "1", "note": "fine", field: text})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Case.objects.exists()
    assert Draft.objects.get().data["fields"][field] == [text]


def test_the_report_is_not_readable_in_the_database(advocate: Client, platforms: Any) -> None:
    from django.db import connection

    advocate.post(begin(advocate), {"version": "1", "note": "Zanzibar-note", "alias": "Zanzibar"})
    with connection.cursor() as cursor:
        for table in ("cases_case", "cases_person", "cases_draft", "cases_timelineevent"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of this list
            assert b"Zanzibar" not in b"".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                for row in cursor.fetchall()
                for v in row
            )


def test_opening_a_case_is_in_the_audit_trail_without_a_word_of_it(
    advocate: Client, platforms: Any
) -> None:
    advocate.post(begin(advocate), {"version": "1", "note": "Zanzibar"})
    entries = AuditEntry.objects.filter(verb="case.opened")
    assert [entry.subject_code for entry in entries] == [Case.objects.get().code]
    assert "Zanzibar" not in str([entry.details for entry in AuditEntry.objects.all()])


@pytest.mark.parametrize("role", ["volunteer", "reviewer", "administrator"])
def test_only_advocates_and_coordinators_take_reports(people: Any, role: str) -> None:
    client = signed_in(people.of_role(role))
    assert client.get(reverse("cases:create")).status_code == 404
    assert client.post(reverse("cases:recognise"), {"links_text": "x"}).status_code == 404


def test_an_unknown_draft_is_nothing(advocate: Client) -> None:
    assert advocate.get(reverse("cases:draft", args=[uuid.uuid4()])).status_code == 404
