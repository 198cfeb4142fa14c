"""The lists of notices, and that two volunteers never get the same one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import WrongState
from core.shell import Badge, badge_for
from notices import editing, replies
from notices.models import Notice
from tests import factories


def test_the_oldest_draft_is_taken_first(desk, frozen):
    old = desk.prepared(links=desk.links[:1])
    Notice.objects.filter(pk=old.pk).update(prepared_at=frozen.now.replace(hour=1))
    desk.prepared(links=desk.links[1:])
    assert editing.take_next(desk.people.volunteer, desk.at) == old


def test_two_volunteers_never_get_the_same_draft(desk):
    notice = desk.prepared()
    other = factories.user("Vera Volunteer", "volunteer")
    copy = desk.again(notice)
    editing.take(notice, desk.people.volunteer, desk.at)
    with pytest.raises(WrongState, match="Somebody else took"):
        editing.take(copy, other, desk.at)
    assert desk.again(notice).taken_by == desk.people.volunteer
    assert editing.take_next(other, desk.at) is None


def test_passing_on_needs_no_reason_and_puts_it_back(desk, client):
    notice = desk.prepared()
    editing.take(notice, desk.people.volunteer, desk.at)
    client.force_login(desk.people.volunteer)
    client.post(f"/notices/{notice.code}/pass-on/")
    assert desk.again(notice).taken_by is None
    with pytest.raises(WrongState):
        editing.pass_on(notice, desk.people.coordinator, desk.at)


def test_drafts_of_paused_and_minor_cases_wait_for_nobody(desk):
    desk.prepared()
    type(desk.case).objects.filter(pk=desk.case.pk).update(status="paused")
    assert editing.take_next(desk.people.volunteer, desk.at) is None


def test_an_empty_queue_says_so(desk, client):
    client.force_login(desk.people.volunteer)
    page = client.post("/notices/take-next/", follow=True)
    assert "The queue is empty." in page.content.decode()


@pytest.mark.parametrize(
    ("tab", "shows"),
    [("mine", "drafted"), ("unassigned", "free"), ("in_review", "review"),
     ("approved", "approved"), ("late", "late"), ("waiting", "late"), ("all", "late")],
)  # fmt: skip
def test_each_tab_shows_its_own(desk, client, frozen, tab, shows):
    links = [factories.link(desk.case, f"https://x.com/i/status/9{n}") for n in range(5)]
    codes = {
        "late": desk.sent(links=links[:1]).code,
        "approved": desk.approved(links=links[1:2]).code,
        "review": desk.in_review(links=links[2:3]).code,
        "drafted": desk.written(links=links[3:4]).code,
        "free": desk.prepared(links=links[4:]).code,
    }
    frozen.shift(hours=50)
    who = desk.people.volunteer if tab == "mine" else desk.people.coordinator
    client.force_login(who)
    page = client.get(f"/notices/?tab={tab}").content.decode()
    assert codes[shows] in page
    if tab == "late":
        assert "2 h late" in page
        assert codes["drafted"] not in page


def test_past_our_own_target_is_never_called_late(desk, client, frozen):
    desk.channel.starts_statutory_clock = "unknown"
    desk.channel.save()
    desk.sent()
    frozen.shift(hours=99)
    client.force_login(desk.people.coordinator)
    assert "past our target" in client.get("/notices/?tab=waiting").content.decode()
    assert "past our target" in client.get("/notices/?tab=past").content.decode()
    assert "Nothing is late." in client.get("/notices/?tab=late").content.decode()


def test_the_list_costs_the_same_for_one_row_as_for_many(desk, client):
    client.force_login(desk.people.coordinator)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/notices/?tab=all").status_code == 200
        return len(queries)

    desk.prepared(links=desk.links[:1])
    cost()
    one = cost()
    for n in range(6):
        desk.prepared(links=[factories.link(desk.case, f"https://x.com/i/status/7{n}")])
    assert cost() == one


@pytest.mark.parametrize(("role", "count"), [("stranger", 0), ("volunteer", 1), ("reviewer", 1)])
def test_who_sees_a_draft_in_the_queue(desk, role, count):
    desk.prepared()
    assert Notice.objects.visible_to(desk.people.of_role(role)).count() == count


def test_the_list_shows_a_volunteer_no_name(desk, client):
    desk.prepared()
    client.force_login(desk.people.volunteer)
    assert "Robin" not in client.get("/notices/?tab=unassigned").content.decode()


def test_the_navigation_counts_what_is_late_and_what_is_to_file(desk, client, frozen):
    notice = desk.sent()
    later = frozen.shift(hours=50)
    replies.receive(notice, desk.people.advocate, later, text="Hello", received_at=later)
    assert badge_for("notices", desk.people.coordinator, later) == Badge("1 late", is_late=True)
    assert badge_for("replies", desk.people.volunteer, later) == Badge("1")
    assert badge_for("notices", desk.people.stranger, later) is None
    assert badge_for("replies", desk.people.stranger, later) is None


@pytest.mark.parametrize(
    ("role", "tab"),
    [
        ("volunteer", "Mine"),
        ("advocate", "Mine"),
        ("reviewer", "In review"),
        ("coordinator", "In review"),
    ],
)
def test_the_list_opens_where_a_persons_work_is(desk, client, role, tab):
    client.force_login(getattr(desk.people, role))
    page = client.get("/notices/").content.decode()
    assert f'aria-current="page">{tab}</a>' in page


def test_today_leads_to_all_that_is_past_our_target(desk, client, frozen):
    desk.channel.starts_statutory_clock = "unknown"
    desk.channel.save()
    notice = desk.sent()
    frozen.shift(hours=99)
    client.force_login(desk.people.coordinator)
    page = client.get("/today/").content.decode()
    assert "1 thing waits for you." in page
    assert notice.code in page
    assert notice.code in client.get("/notices/?tab=past").content.decode()
