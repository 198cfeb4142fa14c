"""Every address that takes a POST, with what nobody expects in it: an answer, and never a 500.

Each address and form meets some of it here, in turn; all of it in the long run.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from core.forms import Sentences
from tests.hostile import MARKUP, TEXT, VALUES, Form, forms_of
from tests.test_permissions import LETTERS, STAFF, TABLE, World, address
from tests.test_permissions import world as world  # noqa: PLC0414 - a fixture

ROOT = Path(__file__).resolve().parents[1]
APPS = ("accounts", "audit", "cases", "notices", "insights", "platforms", "core", "config")
READ = re.compile(r'(?:POST|GET)\.(?:get|getlist)\("([\w-]+)"|"([\w-]+)" in request\.POST')


def _kinds(kind: type) -> set[type]:
    return {kind, *(each for sub in kind.__subclasses__() for each in _kinds(sub))}


def _names() -> list[str]:
    """Every name that any form declares, any view reads, or any model has a column for."""
    declared = {name for kind in _kinds(Sentences) for name in getattr(kind, "base_fields", {})}
    read = {
        name
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for pair in READ.findall(path.read_text(encoding="utf-8"))
        for name in pair
        if name
    }
    columns = {
        field.name
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.concrete_fields
    }
    return sorted(declared | read | columns | {"ground-x", "platform-0"})


NAMES = _names()
WORST = [VALUES[name] for name in ("everything", "nul", "many digits", "last minute")]
PLAIN = "application/x-www-form-urlencoded"
# The sign-in program's own, and the search in the frame of every page.
ELSEWHERE = {"/accounts/logout/", "/search/", "/cover/open/"}


def _person(world: World, name: str) -> Any:
    who = STAFF if TABLE[name] in ("signed in", "public") else TABLE[name]
    return getattr(world.people, LETTERS[who[0]])


def _post(client: Any, url: str, data: dict[str, Any], **headers: str) -> Any:
    """Post as a form without files is posted, and take back whatever that changed."""
    with transaction.atomic():
        answer = client.post(url, urlencode(data, doseq=True), content_type=PLAIN, headers=headers)
        assert answer.status_code < 500
        assert MARKUP not in answer.content.decode("utf-8", "ignore")
        transaction.set_rollback(True)
    return answer


# These need a row that only a longer story makes.
LACKS_ITS_ROW = {
    "accounts:accept_invitation",
    "accounts:set_up",
    "cases:tell_shared",
    "cases:undo_look",
}
SWEPT = sorted(set(TABLE) - LACKS_ITS_ROW)
HOW_MUCH = pytest.mark.parametrize(
    "how_much", ["some", pytest.param("all", marks=pytest.mark.long)]
)


def _of(texts: Sequence[str], how_much: str, turn: int) -> Sequence[str]:
    return texts if how_much == "all" else [texts[turn % len(texts)]]


@pytest.mark.django_db
@HOW_MUCH
@pytest.mark.parametrize("name", SWEPT)
def test_every_address_answers_whatever_every_field_holds(client, world, name, how_much):
    url = address(name, world)
    client.force_login(_person(world, name))
    for text in _of(WORST, how_much, SWEPT.index(name)):
        _post(client, url, {each: text[: 900_000 // len(NAMES)] for each in NAMES})
    _post(client, url, {each: [TEXT, ""] for each in NAMES})


def _pages(world: World) -> list[str]:
    case, notice = world.args["code"]["cases"], world.args["code"]["notices"]
    of_case = (
        "detail", "contact", "person", "mandates", "add_links", "add_place", "add_task", "answers",
        "assign", "close", "under_18",
    )  # fmt: skip
    of_notice = ("detail", "edit", "review", "guide", "add_reply_to")
    alone = (
        "accounts:people", "accounts:organisation", "accounts:profile", "insights:today",
        "insights:import_history", "notices:add_reply", "notices:outbox", "notices:index",
    )  # fmt: skip
    return [
        *(reverse(f"cases:{name}", args=[case]) for name in of_case),
        reverse("cases:link", args=[case, 1]),
        reverse("cases:draft", args=[world.args["draft_id"]]),
        reverse("cases:choose_links", args=[case, world.args["paste_id"]]),
        *(reverse(f"notices:{name}", args=[notice]) for name in of_notice),
        reverse("notices:plan", args=[case]),
        reverse("notices:reply", args=[world.args["message_id"]]),
        reverse("platforms:detail", args=["x"]),
        reverse("platforms:propose_edit", args=["x-mail"]),
        *(reverse(name) for name in alone),
    ]


def _forms(client: Any, world: World) -> list[Form]:
    """Return each form with texts in it once, as a browser would have it."""
    found: dict[str, Form] = {}
    for page in _pages(world):
        answer = client.get(page)
        if answer.status_code == 200:
            for form in forms_of(answer, page):
                if form.texts and form.action not in ELSEWHERE:
                    found.setdefault(form.action, form)
    return list(found.values())


@pytest.mark.one_database
@pytest.mark.django_db
@HOW_MUCH
@pytest.mark.parametrize(
    "role", ["advocate", "volunteer", "reviewer", "coordinator", "administrator"]
)
def test_a_form_filled_in_well_but_for_its_texts_is_answered(client, world, role, how_much):
    client.force_login(getattr(world.people, role))
    for turn, form in enumerate(_forms(client, world)):
        for text in _of([*VALUES.values()], how_much, turn):
            _post(client, form.action, form.filled(text))
        for name in _of(form.texts, how_much, turn):
            _post(client, form.action, form.filled("7") | {name: [TEXT]})


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "role",
    [
        "advocate",
        pytest.param("coordinator", marks=pytest.mark.long),
        pytest.param("administrator", marks=pytest.mark.long),
    ],
)
def test_what_was_stored_breaks_no_page_that_shows_it(client, world, role):
    client.force_login(getattr(world.people, role))
    forms = _forms(client, world)
    stored = [client.post(form.action, form.filled("<b>{{ x }}%s\r\nb")) for form in forms]
    assert 302 in [answer.status_code for answer in stored]
    for reader in ("coordinator", "administrator", "volunteer"):
        client.force_login(getattr(world.people, reader))
        for page in _pages(world):
            answer = client.get(page)
            assert answer.status_code in (200, 302, 404), page
            assert "<b>{{ x }}" not in answer.content.decode(), page


# Columns that no form may write by itself, and what somebody would like to find in them.
TEMPTING = {
    "role": "administrator", "is_active": "", "email": "mallory@elsewhere.example",
    "password": "x", "status": "sent", "pathway": "adult", "is_demo": "on", "only": "",
    "sending_stopped_at": "2026-01-01 00:00", "sending_stopped_by": "x", "taken_by": "1",
    "prepared_by": "1", "approved_at": "2026-01-01 00:00", "sent_at": "2026-01-01 00:00",
    "advocate": "1", "confirmed_at": "2026-01-01 00:00", "confirmed_by": "1", "filed_by": "1",
    "recorded_by": "1", "added_by": "1", "by_machine": "on", "done_at": "2026-01-01 00:00",
    "first_seen_gone_at": "2026-01-01 00:00", "withdrawn_at": "2026-01-01 00:00",
    "notices_made": "70", "links_made": "70", "version": None, "code": None,
}  # fmt: skip


def _kept_columns() -> dict[str, list[Any]]:
    """Return what stands in those columns, row order and random values aside."""
    found = {}
    for model in apps.get_models():
        own = {field.name for field in model._meta.concrete_fields}
        names = sorted((own & set(TEMPTING)) - {"version", "code", "password"})
        if model._meta.app_label in APPS and names:
            rows = model._base_manager.values_list(*names)
            found[model._meta.label] = sorted(map(str, rows))
    return found


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize(
    "role",
    [
        "volunteer",
        "coordinator",
        "administrator",
        pytest.param("advocate", marks=pytest.mark.long),
        pytest.param("reviewer", marks=pytest.mark.long),
    ],
)
def test_a_field_that_a_form_does_not_have_changes_nothing(client, world, role):
    client.force_login(getattr(world.people, role))
    for form in _forms(client, world):
        plain = form.filled("seven")
        more = {name: [value] for name, value in TEMPTING.items() if value is not None}
        results = []
        for said in (plain, more | plain):
            with transaction.atomic():
                client.post(form.action, said)
                results.append(_kept_columns())
                transaction.set_rollback(True)
        assert results[0] == results[1], form.action
