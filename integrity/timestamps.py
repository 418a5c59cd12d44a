"""Time stamps of another authority (RFC 3161): it signs that a text was there at a time of its own
clock. Asked over HTTP, checked with the rfc3161-client package.
"""

from __future__ import annotations

import base64
import hashlib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

PATIENCE = 10  # seconds that an authority is waited for
LARGEST = 64 * 1024  # bytes of an answer
APART = timedelta(minutes=10)  # between its clock and ours when the stamp was asked for


class NoStamp(Exception):
    """The authority gave none; the sentence says why."""


def ask(address: str, text: bytes) -> bytes:
    """The answer of the authority, DER as it came; raises NoStamp.

    The certificate of its signer is asked for. Some authorities send theirs in an order that a
    strict reader refuses (findings/rfc3161-unsorted-certificates.sh); they are asked without.
    """
    try:
        return _asked(address, text, with_certificates=True)
    except NotReadable:
        return _asked(address, text, with_certificates=False)


def _asked(address: str, text: bytes, *, with_certificates: bool) -> bytes:
    from rfc3161_client import TimestampRequestBuilder
    from rfc3161_client.base import HashAlgorithm

    wanted = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256)
    request = urllib.request.Request(
        address,
        data=wanted.cert_request(cert_request=with_certificates).build().as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            token: bytes = answer.read(LARGEST)
    except (OSError, ValueError, HTTPException) as fault:
        raise NoStamp(str(getattr(fault, "reason", None) or fault)) from None
    _decoded(token)
    return token


class NotReadable(NoStamp):
    """Its answer is no time stamp that can be read."""


def _decoded(token: bytes) -> Any:
    from rfc3161_client import decode_timestamp_response

    try:
        response = decode_timestamp_response(token)
    except ValueError:
        raise NotReadable("its answer is no time stamp") from None
    if response.status not in (0, 1):
        raise NoStamp(f"it refused with status {response.status}")
    return response


def fault(token: bytes, text: bytes, at: datetime, roots: Path | None) -> str | None:
    """Why a stamp does not stand for this text at this time, or None.

    `roots` is a PEM file with the authority's root, intermediates, and the signers of stamps that
    bring no certificate; without it nobody's signature is checked, the text and the time are.
    """
    try:
        response = _decoded(token)
    except NoStamp as refused:
        return f"{refused}."
    said = response.tst_info.gen_time.astimezone(UTC)
    if abs(said - at) > APART:
        return f"it was given at {said.isoformat(timespec='seconds')}."
    if bytes(response.tst_info.message_imprint.message) != hashlib.sha256(text).digest():
        return "it is of another text."
    return _fault_of_signature(response, text, roots) if roots else None


def _fault_of_signature(response: Any, text: bytes, roots: Path) -> str | None:
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerifierBuilder
    from rfc3161_client.errors import VerificationError

    try:
        certificates = load_pem_x509_certificates(roots.read_bytes())
    except (OSError, ValueError) as refusal:
        return f"{roots} cannot be read ({refusal})."
    authorities = [each for each in certificates if _is_authority(each)]
    signers: list[Any] = [each for each in certificates if not _is_authority(each)]
    why = f"{roots} names no certificate of its signer"
    for signer in [None] if response.signed_data.certificates else signers:
        builder = VerifierBuilder(
            roots=[each for each in authorities if each.issuer == each.subject],
            intermediates=[each for each in authorities if each.issuer != each.subject],
            tsa_certificate=signer,
        )
        try:
            builder.build().verify_message(response, text)
        except (VerificationError, ValueError) as refusal:
            why = str(refusal)
        else:
            return None
    return f"{why}."


def _is_authority(certificate: Any) -> bool:
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        found = certificate.extensions.get_extension_for_class(BasicConstraints)
    except ExtensionNotFound:
        return False
    return bool(found.value.ca)


def as_lines(token: bytes | None) -> Iterator[str]:
    """For a mail: base64, 76 characters a line."""
    if token is not None:
        yield from base64.encodebytes(token).decode().splitlines()
