"""One table: every address of the product against every role. An address that is missing fails.

A advocate of the case, V volunteer who took the notice, R reviewer, C coordinator,
M administrator, S an advocate of another team, who must see nothing of the case.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from cases.models import Draft, Task
from core import clock
from notices.models import Message
from notices.states import Direction
from platforms.models import ChannelEdit, ChannelTrouble
from tests import factories

# The same few rows and 2000 answers. What SQLite could change in a page, or in who may not open
# it, is seen by the page's own tests, which run on both.
pytestmark = pytest.mark.one_database

STAFF = "AVRCMS"
CASEWORK = "AVRCS"
LETTERS = {
    "A": "advocate",
    "V": "volunteer",
    "R": "reviewer",
    "C": "coordinator",
    "M": "administrator",
    "S": "stranger",
}

# Who is let in. "public" needs no sign-in; "signed in" is the sign-in program's own.
TABLE: dict[str, str] = {
    "root": STAFF,
    "healthz": "public",
    "readyz": "public",
    "cover": "signed in",
    "uncover": "signed in",
    "help": STAFF,
    "help_topic": STAFF,
    "accounts:set_up": "public",
    "accounts:accept_invitation": "public",
    "accounts:carried": "signed in",
    "accounts:stop_digest": "public",
    "accounts:profile": STAFF,
    "accounts:stay": STAFF,
    "accounts:end_other_sessions": STAFF,
    "accounts:settings": "M",
    "accounts:organisation": "M",
    "accounts:audit": "M",
    "accounts:people": "M",
    "accounts:invite": "M",
    "accounts:withdraw_invitation": "M",
    "accounts:seat": "M",
    "accounts:switch": "M",
    "accounts:add_team": "M",
    "insights:today": STAFF,
    "insights:health": "CM",
    "insights:response": STAFF,
    "insights:response_notices": STAFF,
    "insights:response_table": STAFF,
    "insights:response_platform": STAFF,
    "insights:import_history": "C",
    "platforms:index": STAFF,
    "platforms:detail": STAFF,
    "platforms:propose_edit": "CM",
    "platforms:confirm_edit": "CM",
    "platforms:discard_edit": "CM",
    "platforms:clear_trouble": "CM",
    "cases:index": "ACS",
    "cases:create": "ACS",
    "cases:recognise": "ACS",
    "cases:draft": "A",
    "cases:save_draft": "A",
    "cases:draft_conflict": "A",
    "cases:discard_draft": "A",
    "cases:recover_draft": "A",
    "cases:finish_task": "AC",
    "cases:reopen_task": "AC",
    "cases:search": CASEWORK,
    "cases:results": "A",
    "cases:detail": "AC",
    "cases:add_note": "AC",
    "cases:pause": "AC",
    "cases:resume": "AC",
    "cases:close": "AC",
    "cases:reopen": "AC",
    "cases:assign": "C",
    "cases:under_18": "AC",
    "cases:add_task": "AC",
    "cases:answers": "AC",
    "cases:contact": "AC",
    "cases:confirm_contact": "AC",
    "cases:show_contact": "AC",
    "cases:show_name": "AC",
    "cases:person": "AC",
    "cases:mandates": "AC",
    "cases:withdraw": "AC",
    "cases:withdrawn": "AC",
    "cases:add_links": "AC",
    "cases:add_place": "AC",
    "cases:quick_add": "AC",
    "cases:choose_links": "A",
    "cases:mark_links": "AC",
    "cases:link": "AVC",
    "cases:look": "AVC",
    "cases:undo_look": "AVC",
    "cases:tell_shared": "A",
    "cases:remove_link": "AC",
    "cases:restore_link": "AC",
    # For those who said yes to opening live pages; here everybody did.
    "cases:checks": "AVCS",
    "cases:check": "AVC",
    "cases:open_link": "AVC",
    "cases:mark_check": "AVC",
    "cases:pass_on": "AVC",
    "cases:checker": "CM",
    "cases:check_interval": "CM",
    "notices:plan": "AC",
    "notices:index": CASEWORK,
    "notices:take_next": "AVCS",
    "notices:detail": "AVRC",
    "notices:take": "AVC",
    "notices:pass_on": "AVC",
    "notices:edit": "AVRC",
    "notices:autosave": "AVRC",
    "notices:leave_out": "AVRC",
    "notices:review": "RC",
    "notices:approve": "RC",
    "notices:ask_changes": "RC",
    "notices:refuse": "RC",
    "notices:undo": "AVRC",
    "notices:send": "AVRC",
    "notices:guide": "AVRC",
    "notices:pdf": "AVRC",
    "notices:page": "AVRC",
    "notices:delivery_log": "AVRC",
    "notices:delivery_log_pdf": "AVRC",
    "notices:withdraw": "AC",
    "notices:finish": "AC",
    "notices:again": "AC",
    "notices:chase": "AVCS",
    "notices:remind": "AVC",
    "notices:leave_out_reminder": "AVC",
    "notices:undo_reminder": "AVC",
    "notices:estimate": "AVC",
    "notices:answered": "AVC",
    "notices:look": "AVC",
    "notices:undo_look": "AVC",
    "notices:add_reply_to": "AVC",
    "notices:outbox": CASEWORK,
    "notices:stop_sending": "CM",
    "notices:resume_sending": "CM",
    "notices:decide_left": "AC",
    "notices:decide_send_again": "AC",
    "notices:replies": CASEWORK,
    "notices:add_reply": "AVCS",
    "notices:reply": "AVRC",
    "notices:file_reply": "AVC",
    "notices:unfile": "AVC",
    "notices:match_reply": "AVC",
    "notices:many_replies": "AVCS",
    "notices:accept_guess": "AVC",
    "notices:reject_guess": "AVC",
    "notices:bring_back_guess": "AVC",
    "notices:detach": "AVC",
    "notices:set_aside": "AVC",
    "notices:bring_back": "AVC",
    "notices:ask_person": "AVC",
    "notices:quarantine": "C",
    "notices:try_mail_again": "C",
    "notices:set_mail_aside": "C",
    "notices:bring_back_mail": "C",
}
SIGN_IN_PROGRAM = ("account_", "mfa_")


@dataclass
class World:
    """A case with one of everything, and who goes where."""

    people: factories.People
    args: dict[str, Any]


def names(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}", pattern


ADDRESSES = dict(names(get_resolver().url_patterns))


def test_every_address_stands_in_the_table_and_nothing_else():
    ours = {name for name in ADDRESSES if not name.startswith(SIGN_IN_PROGRAM)}
    assert ours - {"styleguide"} == set(TABLE)


@pytest.fixture
def world(people, frozen):
    at = clock.now()
    User.objects.update(opens_links=True)
    factories.organisation()
    case = factories.case(people.advocate)
    link = factories.link(case)
    factories.mandate(case)
    notice = factories.notice(case, link, taken_by=people.volunteer, taken_at=at)
    draft = Draft.objects.create(user=people.advocate, form="intake", started_at=at, saved_at=at)
    paste = Draft.objects.create(
        user=people.advocate, form="paste", subject_code=case.code, data={"rows": []},
        started_at=at, saved_at=at,
    )  # fmt: skip
    message = Message.objects.create(
        notice=notice, direction=Direction.RECEIVED, text="…", received_at=at, logged_at=at
    )
    edit = ChannelEdit.objects.create(
        channel=notice.channel, changes={}, proposed_by=people.stranger, proposed_at=at
    )
    trouble = ChannelTrouble.objects.create(
        channel=notice.channel, kind="refused", address="a@x.example", seen_at=at
    )
    task = Task.objects.create(case=case, kind="other", owner=people.advocate, made_at=at)
    return World(
        people,
        {
            "code": {"cases": case.code, "notices": notice.code, "plan": case.code},
            "number": link.number,
            "draft_id": draft.pk,
            "paste_id": paste.pk,
            "message_id": message.pk,
            "mail_id": factories.received_mail(state="quarantined").pk,
            "edit_id": edit.pk,
            "trouble_id": trouble.pk,
            "task_id": task.pk,
            "delivery_id": uuid4(),
            "invitation_id": uuid4(),
            "user_id": people.stranger.pk,
            "token": uuid4(),
            "key": {"platforms:detail": "x", "insights": "x", "platforms": "x-mail", "cases": "x"},
            "slug": "keys",
        },
    )


# Needs a row of a kind that only a long story makes; their views are tested where they live.
OTHERWISE_TESTED = {
    "accounts:accept_invitation",
    "accounts:withdraw_invitation",
    "notices:decide_left",
    "notices:decide_send_again",
    "cases:results",
    "cases:choose_links",
    "cases:tell_shared",
    "cases:restore_link",
    "cases:undo_look",
    "notices:undo_look",
}


def address(name, world):
    given = {}
    for part in ADDRESSES[name].pattern.converters:
        value = world.args["paste_id" if name == "cases:choose_links" else part]
        if isinstance(value, dict):
            app = name.partition(":")[0]
            value = value.get(name) or value["plan" if name == "notices:plan" else app]
        given[part] = value
    return reverse(name, kwargs=given)


def statuses(client, url):
    """Return what GET and POST answer; whatever they changed is rolled back."""
    found = []
    for method in (client.get, client.post):
        with transaction.atomic():
            found.append(method(url).status_code)
            transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", sorted(name for name, who in TABLE.items() if name not in OTHERWISE_TESTED)
)
def test_who_may_open(client, world, name):
    url, who = address(name, world), TABLE[name]
    anonymous = statuses(client, url)
    if who == "public":
        assert 500 not in anonymous
        return
    assert set(anonymous) <= {302, 401, 404, 405}, "a stranger without a seat came in"
    allowed = STAFF if who == "signed in" else who
    for letter, role in LETTERS.items():
        client.force_login(getattr(world.people, role))
        found = statuses(client, url)
        if letter in allowed:
            assert set(found) - {404, 405} and 500 not in found, (role, found)
            assert 404 not in found or 405 in found, (role, found)
        else:
            assert set(found) <= {404, 405} and 404 in found, (role, found)
        client.logout()
