"""What the pages of cases are tried with: a few platforms, a case of the advocate's."""

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from tests import factories


@pytest.fixture
def platforms(db: None) -> dict[str, Any]:
    names = {"x": "X", "telegram": "Telegram", "discord": "Discord", "slack": "Slack"}
    return {key: factories.platform(key, name=name) for key, name in names.items()}


@pytest.fixture
def case(people: Any, platforms: Any) -> Case:
    return factories.case(people.advocate)


@pytest.fixture
def advocate(people: Any) -> Client:
    return signed_in(people.advocate)


def signed_in(user: Any) -> Client:
    factories.organisation()
    client = Client()
    client.force_login(user)
    return client
