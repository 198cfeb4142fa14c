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
    "MAILBOX_URL": "",
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
    ("recourse.E008", {"MAILBOX_URL": "imap://u:p@mail.office.example/INBOX"}),
    ("recourse.E008", {"MAILBOX_URL": "mail.office.example"}),
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


@pytest.mark.parametrize("url", ["imaps://u:p@mail.office.example/INBOX", "imap://u@[::1]:1143/"])
def test_a_mailbox_is_read_over_tls_or_on_this_machine(settings, url):
    assert found(settings, MAILBOX_URL=url) == []


def test_a_demo_reads_no_real_mailbox(settings):
    home = {"DEMO": True, "SITE_IS_LOOPBACK": True, "SUBMISSION_URL": "smtp://127.0.0.1:2525"}
    url = "imaps://u:p@mail.office.example/INBOX"
    assert found(settings, **home, MAILBOX_URL=url) == ["recourse.E004"]


def test_a_demo_on_this_machine_with_the_catcher_is_fine(settings):
    home = {"DEMO": True, "SITE_IS_LOOPBACK": True, "SUBMISSION_URL": "smtp://127.0.0.1:2525"}
    assert found(settings, **home) == []
