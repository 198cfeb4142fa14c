"""The page of one platform: how to report, what is known, who was seen there."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platforms.models import Community, Count, Platform

pytestmark = pytest.mark.usefixtures("catalogue")


def page_of(key: str, user: Any, as_user: Any) -> str:
    response = as_user(user).get(f"/platforms/{key}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def community(name: str = "Harbour nights", key: str = "slack") -> Community:
    return Community.objects.create(
        code="C-7Q4K",
        platform=Platform.objects.get(key=key),
        name=name,
        first_seen_on=date(2026, 9, 1),
    )


@pytest.mark.one_database
def test_every_platform_has_a_page(people: Any, as_user: Any) -> None:
    for key in Platform.objects.values_list("key", flat=True):
        page_of(key, people.coordinator, as_user)


def test_an_unknown_platform_is_not_there(people: Any, as_user: Any) -> None:
    assert as_user(people.coordinator).get("/platforms/friendster/").status_code == 404


def test_a_way_is_told_in_steps(people: Any, as_user: Any) -> None:
    page = page_of("slack", people.volunteer, as_user)
    assert "integrity@slack.com" in page
    assert "report of illegal content in my workspace" in page
    assert "the law, with its section" in page
    assert "One workspace in each notice." in page
    assert "Members of the place only" in page


def test_a_form_opens_in_a_new_tab_and_tells_the_other_side_nothing(
    people: Any, as_user: Any
) -> None:
    page = page_of("x", people.volunteer, as_user)
    assert (
        '<a href="https://help.x.com/forms/ipi" target="_blank" rel="noreferrer noopener">' in page
    )


def test_the_clock_of_a_ground_and_its_doubt_are_said(people: Any, as_user: Any) -> None:
    page = page_of("facebook", people.volunteer, as_user)
    assert "TAKE IT DOWN Act, section 3 (48 h)" in page
    assert "The statutory time may not have started by writing here." in page
    assert "DMCA notice (expeditiously)" in page


def test_what_is_passed_on_and_what_they_ask_about_her_is_warned_of(
    people: Any, as_user: Any
) -> None:
    page = page_of("pornhub", people.volunteer, as_user)
    assert "Passes on what it gets to the person who posted" in page
    assert "Publishes the name of the owner" in page
    assert "pictures to verify the person" in page
    assert "Asks about her: ask first" in page


def test_confidence_day_and_source_of_each_way_are_shown(people: Any, as_user: Any) -> None:
    page = page_of("slack", people.volunteer, as_user)
    assert "Read at the source, 21 Nov 2026" in page
    assert "Slack: Report illegal content" in page
    assert "from memory" in page
    assert "Look again after 19 Feb 2027." in page


def test_an_unknown_address_is_for_a_coordinator_first(people: Any, as_user: Any) -> None:
    page = page_of("x", people.volunteer, as_user)
    assert "a coordinator confirms one first." in page
    assert "Where it may be found:" in page


def test_an_ended_service_keeps_its_history_and_takes_no_notice(people: Any, as_user: Any) -> None:
    page = page_of("wickr", people.advocate, as_user)
    assert "This service ended on 31 December 2023." in page
    assert "No new notice can be made for it." in page
    assert "This service ended on 25 April 2018." in page_of("anon-ib", people.advocate, as_user)


def test_why_there_is_no_way_is_said(people: Any, as_user: Any) -> None:
    page = page_of("slack", people.advocate, as_user)
    assert "services for internal business use are exempt" in page


def test_channels_of_authorities_are_not_shown_to_volunteers(people: Any, as_user: Any) -> None:
    assert "https://legalrequests.x.com" not in page_of("x", people.volunteer, as_user)
    assert "https://legalrequests.x.com" in page_of("x", people.advocate, as_user)


def test_communities_are_named_only_to_those_who_may(people: Any, as_user: Any) -> None:
    seen = community()
    Count.objects.create(community=seen, seen_on=date(2026, 9, 1), members=90)
    Count.objects.create(community=seen, seen_on=date(2026, 10, 1), members=104)
    named = page_of("slack", people.advocate, as_user)
    assert "Harbour nights" in named
    assert "104" in named
    assert "1 Oct 2026" in named
    hidden = page_of("slack", people.volunteer, as_user)
    assert "Harbour nights" not in hidden
    assert "C-7Q4K" in hidden


def test_a_community_without_a_count_says_so(people: Any, as_user: Any) -> None:
    community()
    assert "Not counted" in page_of("slack", people.advocate, as_user)


def test_a_hostile_name_is_text(people: Any, as_user: Any) -> None:
    community(name="<script>alert(1)</script>")
    page = page_of("slack", people.advocate, as_user)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_more_communities_cost_no_more_queries(people: Any, as_user: Any) -> None:
    client = as_user(people.coordinator)
    community()
    client.get("/platforms/slack/")
    with CaptureQueriesContext(connection) as one:
        client.get("/platforms/slack/")
    for number in range(5):
        made = Community.objects.create(
            code=f"C-{number}",
            platform=Platform.objects.get(key="slack"),
            name=f"Room {number}",
            first_seen_on=date(2026, 9, 1),
        )
        Count.objects.create(community=made, seen_on=date(2026, 9, 2), members=number)
    with CaptureQueriesContext(connection) as six:
        client.get("/platforms/slack/")
    assert len(six) == len(one)
