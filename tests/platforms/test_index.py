"""The table of all platforms."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from platforms.models import Channel, Platform

pytestmark = pytest.mark.usefixtures("catalogue")
URL = "/platforms/"


def row_of(page: str, name: str) -> str:
    """The table row in which this platform is linked."""
    rows = page.split("<tr data-row>")[1:]
    return next(row.split("</tr>")[0] for row in rows if f">{name}</a>" in row)


def page_for(user: Any, as_user: Any) -> str:
    response = as_user(user).get(URL)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "role", ["advocate", "volunteer", "reviewer", "coordinator", "administrator"]
)
def test_everybody_signed_in_sees_all_platforms(role: str, people: Any, as_user: Any) -> None:
    page = page_for(getattr(people, role), as_user)
    assert page.count("<tr data-row>") == 24
    assert "Catalogue of 21 November 2026." in page


def test_nobody_else_does(client: Any) -> None:
    assert client.get(URL).status_code == 302


def test_a_row_says_how_to_write_and_what_the_law_gives(people: Any, as_user: Any) -> None:
    row = row_of(page_for(people.advocate, as_user), "Discord")
    assert "Web form" in row
    assert "<strong>48\u00a0h</strong> TAKE IT DOWN Act, section 3 · Intimate image" in row
    assert "<strong>1\u00a0month</strong> Erasure" in row
    assert "the person&#x27;s legal name" in row
    assert "21 Nov 2026" in row


def test_an_ended_platform_accepts_nothing_and_says_so(people: Any, as_user: Any) -> None:
    page = page_for(people.advocate, as_user)
    assert "Shut down" in row_of(page, "Wickr Me")
    assert "Seized" in row_of(page, "Anon-IB")
    assert 'data-label="Accepts">None' in row_of(page, "Wickr Me")


def test_what_rests_on_memory_is_unverified(people: Any, as_user: Any) -> None:
    page = page_for(people.advocate, as_user)
    assert "Unverified" in row_of(page, "Generic host")
    assert "Unverified" not in row_of(page, "Slack")


def test_past_its_review_day_a_platform_is_to_be_checked(
    people: Any, as_user: Any, frozen: Any
) -> None:
    assert "Check before sending" not in page_for(people.advocate, as_user)
    frozen.shift(days=100)
    assert "Check before sending" in row_of(page_for(people.advocate, as_user), "Slack")


def test_a_retired_platform_is_not_listed(people: Any, as_user: Any) -> None:
    Platform.objects.filter(key="tumblr").update(retired=True)
    assert ">Tumblr</a>" not in page_for(people.advocate, as_user)


def test_more_platforms_cost_no_more_queries(people: Any, as_user: Any, frozen: Any) -> None:
    client = as_user(people.coordinator)
    client.get(URL)
    with CaptureQueriesContext(connection) as all_of_them:
        client.get(URL)
    Platform.objects.exclude(key="x").update(retired=True)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    assert len(all_of_them) == len(one)


def test_the_page_is_there_before_any_catalogue(people: Any, as_user: Any) -> None:
    Channel.objects.all().delete()
    Platform.objects.all().delete()
    assert "The catalogue is not loaded yet." in page_for(people.coordinator, as_user)


def test_the_day_is_that_of_the_organisation(people: Any, as_user: Any, frozen: Any) -> None:
    Organisation.objects.update(zone="Pacific/Kiritimati")
    Channel.objects.update(review_after=frozen.now.date())
    assert "Check before sending" in row_of(page_for(people.advocate, as_user), "Slack")
