"""T23: "We have no record of your notice" is no receipt, and leads to the delivery log."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notices.reading.kinds import NOT_RECEIVED
from notices.reading.parsed import Parsed
from notices.reading.reading import read

SAID = [
    "We have no record of your notice.",
    "We have no record of ever receiving your request. Please send it again.",
    "We did not receive your earlier report.",
    "We never received the notice you mention.",
    "We were unable to locate your report in our system.",
    "No such notice has reached us.",
    "Your email of 3 November does not appear to have reached us.",
    "Nous n'avons aucune trace de votre signalement.",
    "Nous n'avons jamais reçu votre demande.",
    "Nous ne retrouvons pas votre demande dans notre système.",
    "Votre courriel ne nous est jamais parvenu.",
    "Wij hebben uw melding nooit ontvangen.",
    "Wij hebben geen melding van u ontvangen.",
    "Uw verzoek is niet bij ons binnengekomen.",
    "Wij kunnen uw melding niet terugvinden in ons systeem.",
    "Non abbiamo mai ricevuto la vostra segnalazione.",
    "Non risulta alcuna segnalazione da parte vostra.",
    "Non troviamo traccia della vostra richiesta.",
    "La vostra segnalazione non ci è pervenuta.",
    "Wir haben Ihre Meldung nie erhalten.",
    "Uns liegt keine Meldung von Ihnen vor.",
    "Ihre Anfrage ist bei uns nicht eingegangen.",
    "Wir können Ihre Meldung in unserem System nicht finden.",
    "Nunca hemos recibido su notificación.",
    "No nos consta ninguna solicitud suya.",
    "No tenemos constancia de su denuncia.",
    "Su correo no nos ha llegado.",
]
NOT_SAID = [
    "We received your notice and will look into it.",
    "If we did not receive your notice within a week, please send it again.",
    "You will not receive another message about this report.",
    "We have not received your passport.",
    "Nous avons bien reçu votre demande.",
    "Si nous n'avons pas reçu votre demande, nous vous le dirons.",
    "Wij hebben uw melding ontvangen.",
    "U zult geen bericht meer ontvangen.",
    "Abbiamo ricevuto la vostra segnalazione.",
    "Se non ha ricevuto una email, ci scriva.",
    "Wir haben Ihre Meldung erhalten.",
    "Sie werden keine weitere Nachricht erhalten.",
    "Hemos recibido su denuncia.",
    "Si no ha recibido ningún correo, escríbanos.",
]


def reading_of(text):
    mail = Parsed(from_address="desk@x.example", text=f"{text}\n")
    return read(mail, at=datetime(2026, 11, 21, tzinfo=UTC), zone=ZoneInfo("Europe/Brussels"))


@pytest.mark.parametrize("text", SAID)
def test_that_they_never_received_it_is_read_and_is_no_receipt(text):
    found = reading_of(text)
    assert NOT_RECEIVED in found.reasons
    assert (found.kind, found.answer) == ("wants_more", "info_requested")
    assert found.phrase in text


@pytest.mark.parametrize("text", NOT_SAID)
def test_a_receipt_and_a_condition_say_no_such_thing(text):
    assert NOT_RECEIVED not in reading_of(text).reasons


def test_beside_a_demand_it_is_said_as_well():
    found = reading_of("We have no record of your notice. Please send a copy of your passport.")
    assert (found.kind, NOT_RECEIVED in found.reasons) == ("demands_identity", True)


def test_what_else_they_say_is_read_as_it_is():
    found = reading_of("We have no record of your notice. We have removed the post.")
    assert found.kind == "says_removed"
