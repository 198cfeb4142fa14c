from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from platforms import checks, loading
from tests import factories

from .planted import sound


@pytest.fixture
def catalogue(db: None, frozen: Any, monkeypatch: pytest.MonkeyPatch) -> loading.Loaded:
    """The delivered catalogue; that it breaks no rule is proved where the rules are tested."""
    monkeypatch.setattr(checks, "broken_rules", lambda catalogue: [])
    return loading.load_files(sound(), frozen.now)


@pytest.fixture
def as_user(db: None) -> Any:
    factories.organisation()

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of
