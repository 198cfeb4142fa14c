"""Until when a platform asks us to wait, as a moment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notices.reading.dates import estimates

# A Saturday, one in the afternoon in Brussels.
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")
PROMISED = """
We aim to answer within 24 hours.|2026-11-22 12:00
Wir melden uns innerhalb von 48 Stunden.|2026-11-23 12:00
Nous vous répondrons sous 7 jours ouvrés.|2026-12-01 23:00
U krijgt binnen 5 werkdagen antwoord.|2026-11-27 23:00
Riceverai una risposta entro 3 giorni lavorativi.|2026-11-25 23:00
Le responderemos en un plazo de 5 días hábiles.|2026-11-27 23:00
We will get back to you within two business days.|2026-11-24 23:00
Our review takes 24-48 hours.|2026-11-23 12:00
Our review usually takes 3 to 5 days.|2026-11-26 23:00
You will hear from us within one week.|2026-11-28 23:00
We expect to decide by 30 November 2026.|2026-11-30 23:00
We will reply by December 4th.|2026-12-04 23:00
Wir antworten bis zum 4. Dezember.|2026-12-04 23:00
Wir antworten bis 04.12.2026.|2026-12-04 23:00
Nous vous répondrons avant le 4 décembre.|2026-12-04 23:00
You will have our decision by 2026-12-04.|2026-12-04 23:00
""".strip().split("\n")
NOT_PROMISED = """
Please provide the link within 14 days.
Unless you send us proof of a court action within 10 business days, the material may be restored.
I am out of the office until 30 November.
Ich bin bis 4. Dezember im Urlaub.
You must answer within 7 days.
We reviewed it 3 days ago.
Can you answer within 3 days?
We will keep your data for 10 years.
We will reply by 3/4/2027.
""".strip().split("\n")


@pytest.mark.parametrize("line", PROMISED)
def test_a_promise_is_a_moment(line):
    text, until = line.split("|")
    (found,) = estimates(text, AT, BRUSSELS)
    assert f"{found.until:%Y-%m-%d %H:%M}" == until
    assert found.phrase == text


@pytest.mark.parametrize("text", NOT_PROMISED)
def test_a_time_set_for_us_or_somebody_else_is_none(text):
    assert estimates(text, AT, BRUSSELS) == ()


def test_holidays_of_the_country_are_no_working_days():
    text = "We aim to answer within 5 business days."
    at = datetime(2026, 12, 22, 12, tzinfo=UTC)
    (plain,) = estimates(text, at, BRUSSELS)
    (belgian,) = estimates(text, at, BRUSSELS, "BE")
    assert belgian.until > plain.until


def test_nobody_lets_us_wait_for_ever():
    assert estimates("We will reply within 90 days.", AT, BRUSSELS) == ()
