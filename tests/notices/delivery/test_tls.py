"""Between the organisation and its server: protected, or nothing is said."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from accounts.mail import Submission
from accounts.models import Security
from cases.models import Task
from notices.sending import rounds, smtp
from tests import factories
from tests.mail_sink import MailSink
from tests.notices.delivery import outbox

MAIL = outbox.mail("<m@harbour.example>")
ENVELOPE = smtp.Envelope("r-0@reply.harbour.example", "a@x.example", "archive@harbour.example")


def certificate(folder, *, days=30, host="127.0.0.1"):
    """Return the files of a self-signed certificate and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink.example")])
    begins = datetime.now(UTC) - timedelta(days=60)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture(scope="module")
def protected(tmp_path_factory):
    """Return a sink that offers STARTTLS with a good certificate."""
    folder = tmp_path_factory.mktemp("tls")
    sink = MailSink.start(folder / "sink", certificate(folder))
    yield sink
    sink.stop()


@pytest.fixture
def trusted(protected, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(protected.folder.parent / "cert.pem"))
    monkeypatch.setattr(smtp, "CONVERSATION_SECONDS", 2.0)
    protected.clear()
    return protected


def server(sink, security=Security.STARTTLS):
    return Submission("127.0.0.1", sink.port, security, "", "")


def hand_over(to):
    with smtp.Connection(to) as connection:
        return connection.hand_over(ENVELOPE, MAIL, lambda: None)


def test_mail_leaves_through_starttls_with_a_certificate_that_holds(trusted):
    assert hand_over(server(trusted)).code == "250"
    assert trusted.message_ids == ["<m@harbour.example>"]


def test_a_certificate_that_nobody_vouches_for_is_refused(trusted, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(smtp.NotSent) as error:
        hand_over(server(trusted))
    assert (error.value.phase, error.value.is_final) == ("starttls", False)
    assert trusted.accepted == []


@pytest.mark.parametrize("fault", [{"days": -1}, {"host": "127.0.0.2"}])
def test_an_expired_certificate_and_another_servers_are_refused(tmp_path, monkeypatch, fault):
    files = certificate(tmp_path, **fault)
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    sink = MailSink.start(tmp_path / "sink", files)
    try:
        with pytest.raises(smtp.NotSent) as error:
            hand_over(server(sink))
    finally:
        sink.stop()
    assert error.value.phase == "starttls"
    assert sink.accepted == []


def test_a_server_that_goes_silent_at_starttls_frees_the_worker(trusted):
    trusted.be("hang-tls")
    started = smtp.monotonic()
    with pytest.raises(smtp.NotSent) as error:
        hand_over(server(trusted))
    assert error.value.phase == "starttls"
    assert smtp.monotonic() - started < 4


@pytest.mark.django_db
def test_a_server_that_offers_no_starttls_gets_nothing_and_somebody_is_told(
    people, frozen, sink, settings
):
    settings.SUBMISSION_URL = ""
    factories.organisation(
        submission_host="127.0.0.1", submission_port=sink.port, submission_security="starttls"
    )
    delivery = outbox.delivery()
    frozen.shift(seconds=61)
    rounds.send_due()
    delivery.refresh_from_db()
    assert delivery.state == "deferred"
    assert outbox.log(delivery) == [("starttls", "")]
    assert "not protected" in Task.objects.get().text
    assert sink.accepted == []


def test_an_unprotected_connection_stays_on_this_machine():
    with pytest.raises(smtp.NotSent) as error:
        hand_over(Submission("mail.harbour.example", 25, Security.NONE, "", ""))
    assert error.value.phase == "starttls"
