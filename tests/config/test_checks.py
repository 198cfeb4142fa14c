"""The start-up checks: each unsafe configuration has a number and says what to do."""

import pytest
from django.conf import settings as used

from config import checks

SAFE = {
    "SECRET_KEY": "s" * 50,
    "SITE_IS_HTTPS": True,
    "SITE_IS_LOOPBACK": False,
    "SUBMISSION_URL": "smtp://mail.office.example:587",
    "DEMO": False,
    "DEBUG": False,
}
UNSAFE = [
    ("recourse.E001", {"SECRET_KEY": "short"}),
    ("recourse.E001", {"SECRET_KEY": ""}),
    ("recourse.E002", {"KEYRING": "", "KEYRING_FILE": "/nonexistent"}),
    ("recourse.E002", {"KEYRING": "one AAAA"}),
    ("recourse.E002", {"KEYRING": "one " + "A" * 43 + "="}),
    ("recourse.E003", {"SITE_IS_HTTPS": False}),
    ("recourse.E004", {"DEMO": True}),
    (
        "recourse.E004",
        {"DEMO": True, "SITE_IS_LOOPBACK": True, "SUBMISSION_URL": "smtp://mail.office.example"},
    ),
    ("recourse.E005", {"DEBUG": True}),
    ("recourse.E007", {"SUBMISSION_URL": "http://mail.office.example"}),
]


def found(settings, **values):
    for name, value in {**SAFE, **values}.items():
        setattr(settings, name, value)
    return [message.id for message in checks.configuration()]


def test_a_safe_configuration_has_nothing_to_say(settings):
    assert found(settings) == []


@pytest.mark.parametrize(("number", "values"), UNSAFE)
def test_an_unsafe_configuration_is_named_by_its_number(settings, number, values):
    assert found(settings, **values) == [number]


def test_keys_and_data_in_one_database_are_refused(settings):
    one = used.DATABASES["default"]
    settings.DATABASES = {"default": one, "keys": dict(one)}
    assert found(settings) == ["recourse.E006"]


def test_a_demo_on_this_machine_with_the_catcher_is_fine(settings):
    home = {"DEMO": True, "SITE_IS_LOOPBACK": True, "SUBMISSION_URL": "smtp://127.0.0.1:2525"}
    assert found(settings, **home) == []
