"""What a case holds about a person, looked for in every answer that somebody else can get."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from cases import notes, timeline
from cases.models import Case, Draft, Person, Task
from core import clock
from tests.notices.conftest import quick_press as quick_press  # noqa: PLC0414 - a fixture
from tests.test_permissions import ADDRESSES, TABLE, World, address
from tests.test_permissions import world as world  # noqa: PLC0414 - a fixture

# The same few rows and 1500 answers. What SQLite could change in a page, or in who may not open
# it, is seen by the page's own tests, which run on both.
pytestmark = pytest.mark.one_database

SECRETS = {
    "alias": "Wilhelmina",
    "legal name": "Quillfeather",
    "phone": "+32 471 99 88 77",
    "e-mail": "quill@private.example",
    "safe contact": "after the night shift",
    "code word": "marmalade",
    "note": "the ex has her laptop",
    "later note": "she moved to her aunt",
    "reporter": "sister Griselda",
    "draft": "unsaved words of an advocate",
    "hand-over": "be gentle on Mondays",
}
LINK = "https://x.com/i/status/1234567890"


@pytest.fixture
def told(world: World, frozen: Any) -> World:
    """Fill the case of the world with everything that a case can know about a person."""
    at = clock.now()
    case = Case.objects.get(code=world.args["code"]["cases"])
    person = Person.objects.get(case=case)
    person.alias, person.legal_name = SECRETS["alias"], SECRETS["legal name"]
    person.contacts = {"phone": SECRETS["phone"], "email": SECRETS["e-mail"]}
    person.safe = {"quick": SECRETS["safe contact"], "code_word": SECRETS["code word"]}
    person.safe_summary = SECRETS["safe contact"]
    person.save()
    case.note, case.reporter = SECRETS["note"], {"name": SECRETS["reporter"]}
    case.save()
    notes.add(case, SECRETS["later note"], world.people.advocate, at)
    params = {"to": "Ada", "text": SECRETS["hand-over"]}
    timeline.add(case, "case.assigned", world.people.advocate, at, params=params)
    Task.objects.create(
        case=case, kind="call_back", text=SECRETS["note"], owner=world.people.advocate, made_at=at
    )
    draft = Draft.objects.get(pk=world.args["draft_id"])
    draft.data = {"fields": {"note": [SECRETS["draft"]]}}
    draft.save()
    return world


def _answers(client: Any, world: World, user: User, name: str) -> list[Any]:
    client.force_login(user)
    url = address(name, world)
    ways = (
        (client.get, {}),
        (client.get, {"HX-Request": "true"}),
        (client.post, {"X-Background": "1"}),
    )
    found = []
    for method, headers in ways:
        with transaction.atomic():
            found.append(method(url, headers=headers))
            transaction.set_rollback(True)
    return found


def _leaks(answers: list[Any], secrets: list[str]) -> set[str]:
    texts = [each.content.decode("utf-8", "ignore") + str(each.headers) for each in answers]
    return {secret for secret in secrets for text in texts if secret in text}


# The first three need a row that only a longer story makes; the last is a picture of the letter.
LACKS_ITS_ROW = {
    "accounts:accept_invitation",
    "cases:tell_shared",
    "cases:undo_look",
    "notices:page",
}


def _known_of_the_case(world: World) -> list[str]:
    return [LINK, "1234567890", world.args["code"]["cases"], "removal@x.example"]


def _shows_what_was_asked(name: str) -> bool:
    """Tell whether an address names a row of the case itself, or is about platforms at large."""
    asked = bool(ADDRESSES[name].pattern.converters)
    return asked or name.startswith(("platforms:", "accounts:", "help"))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["volunteer", "reviewer", "administrator", "stranger"])
def test_nothing_about_the_person_is_in_any_answer(client, told, role):
    """Nor, for who has no part in it, anything of the case at all."""
    user, has_no_part = getattr(told.people, role), role in ("administrator", "stranger")
    for name in sorted(set(TABLE) - LACKS_ITS_ROW):
        answers = _answers(client, told, user, name)
        assert all(answer.status_code < 500 for answer in answers), name
        secret = list(SECRETS.values())
        if has_no_part and not _shows_what_was_asked(name):
            secret += _known_of_the_case(told)
        assert _leaks(answers, secret) == set(), name


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["volunteer", "reviewer", "stranger"])
@pytest.mark.parametrize("query", ["Wilhelmina", "Quillfeather", "+32 471 99 88 77", "marmalade"])
def test_a_search_for_the_person_finds_nothing(client, told, role, query):
    client.force_login(getattr(told.people, role))
    answer = client.post(reverse("cases:search"), {"q": query}, follow=True)
    page = answer.content.decode()
    assert told.args["code"]["cases"] not in page
    assert not set(SECRETS.values()) & (
        {word for word in SECRETS.values() if word in page} - {query}
    )


@pytest.mark.django_db
def test_a_draft_is_read_by_its_author_alone(client, told):
    for role in ("volunteer", "reviewer", "coordinator", "administrator", "stranger"):
        client.force_login(getattr(told.people, role))
        for name in (
            "cases:draft",
            "cases:save_draft",
            "cases:draft_conflict",
            "cases:recover_draft",
        ):
            for method in (client.get, client.post):
                answer = method(address(name, told))
                assert answer.status_code in (404, 405)
                assert SECRETS["draft"] not in answer.content.decode()
