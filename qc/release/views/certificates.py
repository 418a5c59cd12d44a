"""The pages of certificates.

Its versions for those who work here, and the page behind the QR for anybody who holds the paper.
"""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, request

from integrity import doubts, signatures, site, times
from integrity.signatures import Meaning
from integrity.site import YES, SettingName
from manufacturing.execution.batches import Batch
from people.access import requires
from people.access_log import AccessKind
from people.handing_out import PDF, handed_out
from people.permissions import Permission
from people.signing import shown
from people.transaction import close_reading, database, now, session, settings, transaction
from qc.release import certificate_files, certificates, documents_used, product, release_inputs
from qc.release.certificate_files import CertificateFile
from qc.release.certificates import Certificate, CertificateState
from qc.release.product import NO_PRODUCT
from qc.release.situation import FINAL, INITIAL
from qc.release.views import blueprint
from stores.standing import Word

LARGEST = 10 * 1024 * 1024  # bytes of a file that is checked
NOT_OURS = (
    "is not the one that was issued under this address: it was changed, or it is another one."
)
STAGES = {
    INITIAL: "stage 1 (initial): the late tests that the paper lists are pending",
    FINAL: "final: every required result conforms",
}
DIGITS = 12  # of the digest, to compare with the paper
# state: (word, tone, sentence)
PUBLIC_WORDS = {
    CertificateState.CURRENT: ("CURRENT", "accepted", "This certificate is in force."),
    CertificateState.UNDER_REVIEW: (
        "UNDER REVIEW",
        "held",
        "What this certificate rests on is being looked into. Do not rely on it until that is "
        "decided; ask whoever gave it to you.",
    ),
    CertificateState.SUPERSEDED: (
        "SUPERSEDED",
        "held",
        "A newer version of this certificate was issued. Ask for it.",
    ),
    CertificateState.WITHDRAWN: (
        "WITHDRAWN",
        "rejected",
        "This certificate was withdrawn. Do not rely on it; ask whoever gave it to you.",
    ),
    Word.EXPIRED: (
        "EXPIRED",
        "rejected",
        "This certificate is in force, but the time of the product it certifies is over. Do not "
        "give it.",
    ),
    "unknown": (
        "UNKNOWN",
        "rejected",
        "No certificate was ever issued under this address. The paper is not ours, or it was "
        "read wrongly.",
    ),
}


def drawn(certificate_id: int) -> CertificateFile:
    """The file of a certificate, drawn first where the release was the last that was done to it."""
    made = certificate_files.drawn(database(), transaction, certificate_id)
    close_reading()  # the next question sees what was bound meanwhile
    return made


def _versions(code: str) -> list[Certificate]:
    return certificates.by_code(session(), code) or abort(
        404, "There is no certificate under this number. Scan it again."
    )


@blueprint.get("/certificates/<code>")
@requires(Permission.SEE_RECORDS)
def certificate(code: str) -> Any:
    found = _versions(code)
    newest = found[-1]
    batch = session().get_one(Batch, newest.batch_id)
    made = release_inputs.gather(session(), batch, now())
    where = certificates.states_of(session(), found)
    signed = [
        each
        for each in signatures.of(session(), batch)
        if each.meaning in (Meaning.CERTIFIED, Meaning.RELEASED)
    ]
    return render_template(
        "qc/release/certificate.html",
        versions=found[::-1],
        newest=newest,
        states=where,
        stands=where | {newest.id: _state(newest)},
        files=certificate_files.of_many(session(), [each.id for each in found]),
        batch=batch,
        facts=made.facts,
        demonstration=documents_used.mark(session(), made) == YES,
        words=PUBLIC_WORDS,
        signed=shown(signed),
        digits=DIGITS,
        changed=certificates.changed_since(session(), newest, made.watched),
        scanned="scanned" in request.args,
    )


@blueprint.get("/certificates/<code>/<int:version>.pdf")
@requires(Permission.SEE_RECORDS)
def certificate_file(code: str, version: int) -> Response:
    """The file as it was issued."""
    found = next((each for each in _versions(code) if each.version == version), None)
    if found is None:
        abort(404, "There is no such version of this certificate.")
    made = drawn(found.id)
    kept = certificate_files.content_of(session(), made)
    return handed_out(AccessKind.PRINTED, kept.content, PDF, kept.name)


# What anybody may ask
# -------------------------------------------------------------------------------------------------


@blueprint.route("/c/<token>", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def certificate_check(token: str) -> Any:
    """The page behind the QR: state, stage, use by, number, version and a short digest.

    Checks a file without keeping it.
    """
    found = certificates.by_token(session(), token[:100])
    state = _state(found) if found else "unknown"
    verdict, sentence, status = _checked(found) if request.method == "POST" else ("", "", 200)
    word, tone, meaning = PUBLIC_WORDS[state]
    return render_template(
        "qc/release/certificate_check.html",
        word=word,
        tone=tone,
        meaning=meaning,
        verdict=verdict,
        sentence=sentence,
        number=found.named if found else "",
        stage=STAGES[found.stage] if found else "",
        use_by=_use_by(found) if found else "",
        demonstration=_is_for_show(found),
        digest=found.facts_sha256[:DIGITS] if found else "",
    ), status if found else 404


def _is_for_show(found: Certificate | None) -> bool:
    """Whether the site is a demonstration, or what the certificate rests on was one."""
    is_site = settings()[SettingName.DEMONSTRATION] == YES
    return is_site or bool(found and found.said["statement"]["demonstration"] == YES)


def _use_by(found: Certificate) -> str:
    """Until when the product may be given, as it is judged now; nothing where nothing is said."""
    made = product.of_batches(session(), [found.batch_id], now()).get(found.batch_id, NO_PRODUCT)
    return times.shown(made.expires_at, site.zone(session())) if made.expires_at else ""


def _state(found: Certificate) -> str:
    """Where a certificate stands for whoever holds it; in force means that its product is too."""
    state = certificates.states_of(session(), [found])[found.id]
    made = product.of_batches(session(), [found.batch_id], now()).get(found.batch_id, NO_PRODUCT)
    if state == CertificateState.CURRENT and made.has_expired:
        return Word.EXPIRED
    if state == CertificateState.CURRENT and doubts.stand(session()):
        return CertificateState.UNDER_REVIEW
    return state


def _checked(found: Certificate | None) -> tuple[str, str, int]:
    """(verdict, sentence, status) on an uploaded file, which is let go of at once."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return "", "Choose the certificate's PDF file first.", 422
    with upload.stream as stream:
        if stream.seek(0, 2) > LARGEST:
            return (
                "",
                "This file is larger than 10 MB, so it is no certificate of ours. It was not kept.",
                413,
            )
        stream.seek(0)
        ours = found is not None and certificate_files.is_ours(drawn(found.id), stream)
    if ours:
        return (
            "VALID",
            "This file is, byte for byte, the one that was issued. It was not kept.",
            200,
        )
    return "NOT OURS", f"This file {NOT_OURS} It was not kept.", 200
