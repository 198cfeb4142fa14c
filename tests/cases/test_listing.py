"""What a row of the list of cases counts."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import listing, standing
from cases.models import Check, Link
from tests import factories

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "looks",
    [
        [],
        [("online", SENT - HOUR)],
        [("online", SENT + HOUR)],
        [("gone", SENT + HOUR)],
        [("gone", SENT + HOUR), ("online", SENT + 2 * HOUR)],
    ],
)
def test_a_row_counts_the_states_that_its_links_have(looks: list[tuple[str, datetime]]) -> None:
    case = factories.case()
    link = factories.link(case)
    factories.outcome(factories.notice(case, status="sent", sent_at=SENT), link)
    for result, at in looks:
        Check.objects.create(link=link, result=result, at=at)
    links = Link.objects.with_state_facts().filter(case=case)
    assert listing.rows([case])[0].counts == standing.count([link.state for link in links])
