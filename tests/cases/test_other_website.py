"""A link on a host that nobody knows is another website, and can be written to."""

from typing import Any

import pytest

from cases import links
from cases.pasting import rows_of
from core import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("https://unknown-board.example/thread/7", "generic-site"),
        ("https://bit.ly/3abcdef", None),
        ("https://x.com/i/status/1234567890123456789", "x"),
    ],
)
def test_an_unknown_host_is_another_website_and_a_short_link_is_nobodys(
    people: Any, frozen: Any, text: str, platform: str | None
) -> None:
    factories.platform("generic-site", name="Other website")
    factories.platform("x")
    case = factories.case(people.advocate)
    (link,) = links.add(case, rows_of(text), people.advocate, clock.now())
    assert (link.platform.key if link.platform else None) == platform
