"""Mails reach the mail server under TLS and signed in to, or wait: nothing goes in the clear."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrity import outbox
from integrity.post import Post, read_post
from tests import mail_server
from tests.templates import MORNING

ALERTS = {"CORDBOOK_ALERTS": "a@example.org"}
SECRET = "a password for the mail server"


def make_certificate(folder: Path, address: str = "127.0.0.1") -> Path:
    """A certificate with its key in one PEM file, for a server at an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    path = folder / f"{address}.pem"
    path.write_bytes(
        key.private_bytes(*form, plain) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def identity(pem: Path) -> ssl.SSLContext:
    """What a server shows that has this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def is_known(_server, _session, _envelope, _mechanism, given) -> AuthResult:
    is_right = (given.login, given.password) == (b"cordbook", SECRET.encode())
    return AuthResult(success=is_right, handled=False)  # the server itself says no, at once


@pytest.fixture
def waiting(sqlite):
    with sqlite.writing() as session:
        outbox.put(session, "An alert", "Somebody tries.", at=MORNING)
    return sqlite


def sent(database, post) -> int:
    return outbox.deliver(database, post, lambda: MORNING)


@pytest.mark.req("SIG-15")
def test_a_mail_goes_under_tls_to_a_server_that_is_signed_in_to(waiting, tmp_path):
    pem = make_certificate(tmp_path)
    asks = {
        "tls_context": identity(pem), "require_starttls": True,
        "authenticator": is_known, "auth_required": True,
    }  # fmt: skip
    with mail_server.running(**asks) as (kept, post):
        trusting = replace(post, roots=pem)
        assert sent(waiting, trusting) == 0
        assert sent(waiting, replace(trusting, user="cordbook", password="another one")) == 0
        assert kept.mails == []
        assert sent(waiting, replace(trusting, user="cordbook", password=SECRET)) == 1
    assert "Somebody tries." in kept.mails[0]


def test_a_server_under_a_certificate_of_somebody_else_is_told_nothing(waiting, tmp_path):
    """Not by these roots, not by the machine's own, and not under another address."""
    pem, other = make_certificate(tmp_path), make_certificate(tmp_path, "192.0.2.7")
    with mail_server.running(tls_context=identity(other)) as (kept, post):
        assert sent(waiting, replace(post, roots=pem)) == 0
        assert sent(waiting, replace(post, roots=other)) == 0
        assert kept.mails == []


def test_a_server_without_tls_on_another_machine_is_told_nothing(waiting, tmp_path):
    with mail_server.running() as (kept, post):
        assert sent(waiting, replace(post, roots=make_certificate(tmp_path))) == 0
        assert kept.mails == []
        assert sent(waiting, post) == 1


def test_at_its_own_port_tls_begins_with_the_first_byte(waiting, tmp_path, monkeypatch):
    pem = make_certificate(tmp_path)
    with mail_server.running(ssl_context=identity(pem)) as (kept, post):
        with monkeypatch.context() as hasty:  # whoever speaks first here waits in vain
            hasty.setattr("integrity.post.PATIENCE", 0.3)
            assert sent(waiting, replace(post, roots=pem)) == 0
        monkeypatch.setattr("integrity.post.IMPLICIT", post.port)
        assert sent(waiting, replace(post, roots=pem)) == 1
    assert len(kept.mails) == 1


@pytest.mark.parametrize(
    ("host", "roots", "plain"),
    [
        ("127.0.0.1", None, True),
        ("localhost", None, True),
        ("::1", None, True),
        ("localhost", Path("roots.pem"), False),
        ("mail.example.org", None, False),
        ("192.0.2.7", None, False),
        ("localhost.example.org", None, False),
    ],
)
def test_only_a_relay_on_this_machine_is_spoken_to_without_tls(host, roots, plain):
    assert Post(host, 25, ("a@example.org",), roots=roots).is_plain == plain


@pytest.mark.parametrize(
    ("smtp", "alerts", "sentence"),
    [
        ("mail.example.org", "a@example.org", "host:port"),
        (":25", "a@example.org", "host:port"),
        ("mail:0", "a@example.org", "host:port"),
        ("mail:99999", "a@example.org", "host:port"),
        ("", "a@example.org", "host:port"),
        ("mail:25", "", "addresses"),
        ("mail:25", "nobody", "addresses"),
        ("mail:25", "a b@example.org", "addresses"),
    ],
)
def test_a_post_that_cannot_be_read_is_refused_in_a_sentence(smtp, alerts, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_post({"CORDBOOK_SMTP": smtp, "CORDBOOK_ALERTS": alerts})


def test_no_post_is_none():
    assert read_post({}) is None
    named = {"CORDBOOK_SMTP": "mail.example.org:587", "CORDBOOK_ALERTS": "a@example.org, b@b.org"}
    assert read_post(named) == Post("mail.example.org", 587, ("a@example.org", "b@b.org"))
    assert read_post(ALERTS | {"CORDBOOK_SMTP": "[::1]:25"}) == Post("::1", 25, ("a@example.org",))


def test_the_password_stands_in_a_file_that_its_owner_alone_reads(tmp_path):
    kept, roots = tmp_path / "mail.password", tmp_path / "roots.pem"
    kept.write_text(SECRET + "\n")
    kept.chmod(0o600)
    roots.write_text("")
    given = ALERTS | {
        "CORDBOOK_SMTP": "mail.example.org:465", "CORDBOOK_SMTP_USER": "cordbook",
        "CORDBOOK_SMTP_PASSWORD_FILE": str(kept), "CORDBOOK_SMTP_ROOTS": str(roots),
    }  # fmt: skip
    post = read_post(given)
    assert (post.user, post.password, post.roots) == ("cordbook", SECRET, roots)
    assert SECRET not in repr(post)
    for change, sentence in (
        ({"CORDBOOK_SMTP_USER": ""}, "go together"),
        ({"CORDBOOK_SMTP_PASSWORD_FILE": ""}, "go together"),
        ({"CORDBOOK_SMTP_PASSWORD_FILE": str(tmp_path)}, "which is no file"),
        ({"CORDBOOK_SMTP_ROOTS": str(tmp_path / "none")}, "which is no file"),
    ):
        with pytest.raises(ValueError, match=sentence):
            read_post(given | change)
    kept.chmod(0o640)
    with pytest.raises(ValueError, match="can be read by others"):
        read_post(given)
