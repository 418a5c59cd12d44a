"""The site's own small certificate authority, for a network in which no other is trusted.

It lies in the data directory, its key readable by its owner alone, and vouches for nothing but the
site's names and addresses of private networks (RFC 5280, name constraints): a tablet that trusts
it gives nobody a way to stand in for anything else."""

from __future__ import annotations

import enum
import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FOLDER = "tls"
OF_AUTHORITY = timedelta(days=3650)
OF_SERVER = timedelta(days=397)  # browsers refuse what is valid for much longer
BEFORE = timedelta(hours=1)  # a tablet's clock may be a little behind
SOON = timedelta(days=30)
ALWAYS = ("localhost", "127.0.0.1")  # so that this machine reaches itself
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")


class Validity(enum.StrEnum):
    """How a certificate stands at a moment."""

    NOT_YET = "not_yet"
    VALID = "valid"
    SOON_OVER = "soon_over"
    OVER = "over"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: its names, from when and until when, its SHA-256 as people compare
    it (pairs of hexadecimal digits)."""

    names: tuple[str, ...]
    begins: datetime
    ends: datetime
    fingerprint: str

    def at(self, moment: datetime) -> Validity:
        """Both edges are within it."""
        if moment < self.begins:
            return Validity.NOT_YET
        if moment > self.ends:
            return Validity.OVER
        return Validity.SOON_OVER if self.ends - moment < SOON else Validity.VALID


def server_file(data: Path) -> Path:
    """The server's key, its certificate and the authority's, in one file that changes at once."""
    return data / FOLDER / "server.pem"


def authority_file(data: Path) -> Path:
    """What tablets are given to trust."""
    return data / FOLDER / "authority.pem"


def _key_file(data: Path) -> Path:
    return data / FOLDER / "authority.key"


def is_name(text: str) -> bool:
    """Whether it is a host's name or an address."""
    return is_address(text) or (len(text) <= 253 and _NAME.fullmatch(text) is not None)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def read(path: Path) -> Certificate:
    """The first certificate of a PEM file. Raises ValueError where it holds none."""
    return _described(_loaded(path))


def _loaded(path: Path) -> x509.Certificate:
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError, IndexError):
        raise ValueError(
            f"{path} holds no certificate that can be read: name another file, or make one with "
            "./run certificate NAME."
        ) from None


def _described(found: x509.Certificate) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        listed = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = tuple(
            dict.fromkeys(
                [*listed.get_values_for_type(x509.DNSName)]
                + [str(each) for each in listed.get_values_for_type(x509.IPAddress)]
            )
        )
    except x509.ExtensionNotFound:
        names = ()
    digits = found.fingerprint(SHA256()).hex().upper()
    pairs = ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
    return Certificate(names, found.not_valid_before_utc, found.not_valid_after_utc, pairs)


def der(path: Path) -> bytes:
    """A certificate as Android, iPadOS and Windows take it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return _loaded(path).public_bytes(Encoding.DER)


# Making
# -------------------------------------------------------------------------------------------------


def certify(
    data: Path, names: Sequence[str], *, at: datetime, anew: bool = False
) -> tuple[Certificate, Certificate]:
    """The server's certificate and the authority's, in that order; the authority is made where
    there is none, or `anew`. No names are those it has.

    Raises ValueError for a name that is none, and for one the authority does not vouch for.
    """
    wanted = tuple(dict.fromkeys([*(names or _present(data)), *ALWAYS]))
    for each in wanted:
        if not is_name(each):
            raise ValueError(f"{each!r} is neither a host's name nor an address.")
    (data / FOLDER).mkdir(mode=0o700, exist_ok=True)
    if anew or not (_key_file(data).exists() and authority_file(data).exists()):
        _make_authority(data, wanted, at)
    above = _loaded(authority_file(data))
    if unvouched := [each for each in wanted if not _vouches(above, each)]:
        raise ValueError(
            f"The site's authority does not vouch for {', '.join(unvouched)}: leave it out, or add "
            "--new-authority, which every tablet has to be told to trust again."
        )
    if above.not_valid_after_utc < at + OF_SERVER:
        raise ValueError(
            "The site's authority ends before a certificate would: add --new-authority, which "
            "every tablet has to be told to trust again."
        )
    _make_server(data, above, wanted, at)
    return read(server_file(data)), read(authority_file(data))


def _present(data: Path) -> tuple[str, ...]:
    if not server_file(data).exists():
        raise ValueError(
            "Name what tablets type: ./run certificate cordbook.example.org 192.168.1.20."
        )
    return read(server_file(data)).names


def _make_authority(data: Path, names: Sequence[str], at: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = _named(f"Cordbook authority {at:%Y-%m-%d}")
    begun = _begun(subject, subject, key, at, OF_AUTHORITY)
    made = (
        begun.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.NameConstraints(_vouched(names), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    _write(_key_file(data), _pem_of(key))
    _write(authority_file(data), _pem(_signed(made, key)))


def _make_server(data: Path, above: x509.Certificate, names: Sequence[str], at: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509.oid import ExtendedKeyUsageOID

    signing = load_pem_private_key(_key_file(data).read_bytes(), None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    begun = _begun(_named("Cordbook server"), above.subject, key, at, OF_SERVER)
    made = (
        begun.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    _write(server_file(data), _pem_of(key) + _pem(_signed(made, signing)) + _pem(above))


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    at: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(at - BEFORE + lasts)
    )


def _signed(made: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> x509.Certificate:
    from cryptography.hazmat.primitives.hashes import SHA256

    return made.sign(key, SHA256())


def _named(common: str) -> x509.Name:
    """With a blank in it, so that no verifier takes it for the name of a host."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(**granted: bool) -> x509.KeyUsage:
    from cryptography import x509

    none = {
        name: False
        for name in (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )
    }  # fmt: skip
    return x509.KeyUsage(**(none | granted))


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    return x509.IPAddress(ipaddress.ip_address(name)) if is_address(name) else x509.DNSName(name)


def _vouched(names: Sequence[str]) -> list[x509.GeneralName]:
    """What an authority of these names may vouch for."""
    from cryptography import x509

    networks = [ipaddress.ip_network(each) for each in PRIVATE]
    public = [ipaddress.ip_address(each) for each in names if is_address(each)]
    networks += [
        ipaddress.ip_network(each)
        for each in public
        if not any(each in network for network in networks)
    ]
    hosts = [each for each in names if not is_address(each)]
    return [*(x509.DNSName(each) for each in hosts), *(x509.IPAddress(each) for each in networks)]


def _vouches(above: x509.Certificate, name: str) -> bool:
    """Whether a name lies within what the authority may vouch for."""
    from cryptography import x509

    permitted = above.extensions.get_extension_for_class(x509.NameConstraints).value
    for each in permitted.permitted_subtrees or ():
        if isinstance(each, x509.IPAddress) and is_address(name):
            within = ipaddress.ip_network(str(each.value))
            if ipaddress.ip_address(name) in within:
                return True
        elif isinstance(each, x509.DNSName) and f".{name}".lower().endswith(
            f".{each.value}".lower()
        ):
            return True
    return False


def _pem(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _pem_of(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Readable by its owner alone; the file is the old one or the new one, never half."""
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
        made.write(content)
        made.flush()
        os.fsync(made.fileno())
    os.replace(aside, path)
