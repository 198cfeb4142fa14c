"""A receipt that is filed by itself consists of sentences that are all known to ask nothing."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notices.reading.parsed import Parsed
from notices.reading.reading import read
from tests.mails import corpus

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECEIPT = "We have received your report."


def is_bare(text, **headers):
    headers = {"auto_submitted": "auto-replied", **headers}
    mail = Parsed(from_address="desk@x.example", subject="Re: Notice", text=text, **headers)
    return read(mail, at=AT, zone=ZoneInfo("Europe/Brussels")).is_bare


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        f"Hello,\n\n{RECEIPT} Your ticket number is #48213.\n\nKind regards,\nThe X Team",
        f"{RECEIPT} We aim to answer within 2 business days.",
        f"{RECEIPT}\n\nThis is an automated message, please do not reply to this e-mail.",
        "Bonjour,\n\nNous avons bien reçu votre signalement.\n\nCordialement,\nL'équipe X",
        "Sehr geehrte Damen und Herren,\n\nIhre Meldung ist eingegangen.\n\nFreundliche Grüße",
        "Wij hebben uw melding ontvangen. U krijgt binnen 5 werkdagen antwoord.",
        "Abbiamo ricevuto la sua segnalazione. Messaggio automatico, si prega di non rispondere.",
        "Hemos recibido su denuncia. Le responderemos en un plazo de 5 días hábiles.",
    ],
)
def test_a_receipt_and_its_courtesies_are_bare(text):
    assert is_bare(text)


@pytest.mark.parametrize(
    "more",
    [
        "Please confirm her name.",
        "Is it still online?",
        "Click https://x.example/confirm to go on.",
        "Write to legal@x.example from now on.",
        "The flurb has been wibbled.",
        "We never received the links.",
        "The post does not break our rules.",
        "Thank you, now send us her passport.",
        "Hello, tell us where she lives.",
        "Fill in form 12 and do not reply to this e-mail.",
        "Your ticket number is 48213 and it closes unless you write again.",
        "We removed the post.",
        "I am out of the office until Monday.",
    ],
)
def test_one_sentence_more_is_for_a_person(more):
    assert is_bare(RECEIPT)
    assert not is_bare(f"{RECEIPT}\n\n{more}")
    assert not is_bare(f"{more}\n\n{RECEIPT}")


@pytest.mark.parametrize(
    "sentence",
    [
        "We have received your report but could not open it.",
        "Your report has been received and will be looked at once we have her name.",
        "Thank you for your report, which we need in French.",
        "Nous avons bien reçu votre signalement, mais il manque son adresse.",
        "Ihre Meldung ist eingegangen, sobald der Ausweis da ist, geht es los.",
        "Wij hebben uw melding ontvangen, maar zonder naam.",
        "Abbiamo ricevuto la sua segnalazione, serve ancora il nome.",
        "Hemos recibido su denuncia, falta el nombre.",
    ],
)
def test_a_receipt_that_wants_something_in_the_same_breath_is_for_a_person(sentence):
    assert not is_bare(sentence)


def test_what_a_person_wrote_is_read_by_one():
    assert not is_bare(RECEIPT, auto_submitted="")
    assert is_bare(RECEIPT, auto_submitted="", precedence="bulk")


def test_a_receipt_longer_than_what_is_read_of_it_is_for_a_person():
    assert not is_bare("\n\n".join([RECEIPT] * 200))
    assert is_bare("\n\n".join([RECEIPT] * 20))


@pytest.mark.parametrize("folder", ["*.yaml", "heldout/*.yaml"])
def test_no_other_mail_of_the_corpus_is_bare(folder):
    read_as_bare = {
        mail.id: mail.kind
        for mail in corpus(folder)
        if read(mail.parsed, at=AT, zone=ZoneInfo("Europe/Brussels")).is_bare
    }
    assert set(read_as_bare.values()) == {"automatic_receipt"}
