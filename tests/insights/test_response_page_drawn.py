"""The page with its real pictures, once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories
from tests.factories import People
from tests.insights.history import SENT, imported

pytestmark = pytest.mark.django_db


def test_pictures_on_the_page_are_safe_linked_and_say_n(
    client: Client, people: People, frozen: Any
) -> None:
    cache.clear()
    factories.organisation()
    frozen.move_to(SENT + timedelta(days=90))
    client.force_login(people.volunteer)
    for hour in range(12):
        imported("fast", gone=hour + 6)
        imported("slow", stopped=200 + hour)
    found = client.get("/response/").content.decode()
    pictures = re.findall(r"<svg role=.*?</svg>", found, re.S)
    # Two widths of the curve, the shares and the three panels of medians, and two small ones.
    assert len(pictures) == 12
    assert all("var(--" in svg for svg in pictures)
    (behind,) = re.findall(r'<symbol id="([^"]+)"', found)
    assert found.count(f'<use href="#{behind}"') == 2
    assert 'aria-label="Slow, 72 h: 100 % still online, n=12"' in found
    ids = re.findall(r'\bid="([^"]+)"', found)
    assert len(ids) == len(set(ids))
