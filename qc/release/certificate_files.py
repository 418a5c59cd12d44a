"""The files of certificates: drawn when the release is committed and nobody waits for the writer,
bound in the trail by a short act of their own.

A certificate is complete in its record; its file is what that record looks like on paper, the same
bytes whenever it is drawn. Whoever wants the file asks `drawn`, which draws and binds what was not
drawn yet: a process that ended between the release and its paper leaves nothing to be repaired by
hand (REL-09)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import IO
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Text, cast, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts, files, times
from integrity.acts import Act
from integrity.database import By, Database, Record, Session
from integrity.files import File
from integrity.findings import Refused, blocks
from integrity.trail import Event
from qc.release import certificates
from qc.release.actions import ReleaseAction
from qc.release.certificates import Certificate
from qc.release.rule_ids import ReleaseRule

CHUNK = 64 * 1024


class CertificateFile(Record, By):
    """The file of one version of a certificate; the program itself drew it."""

    __tablename__ = "certificate_files"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))
    sha256: Mapped[str]


# Questions
# -------------------------------------------------------------------------------------------------


def of(session: Session, certificate_id: int) -> CertificateFile | None:
    """What was drawn of a certificate; None where nothing was yet."""
    return of_many(session, [certificate_id]).get(certificate_id)


def of_many(session: Session, ids: Iterable[int]) -> dict[int, CertificateFile]:
    """{certificate id: what was drawn of it} in one query."""
    found = session.scalars(
        select(CertificateFile).where(CertificateFile.certificate_id.in_(list(ids)))
    )
    return {each.certificate_id: each for each in found}


def content_of(session: Session, made: CertificateFile) -> File:
    """The bytes as they were issued, and what they are called."""
    return session.get_one(File, made.file_id)


def undrawn(session: Session) -> list[Certificate]:
    """Every certificate of which the trail knows no file, oldest first.

    One whose file was bound and is gone is not among them: verification names it.
    """
    drawn_of = select(Event.subject_key).where(Event.action == ReleaseAction.CERTIFICATE_DRAWN)
    wanted = select(Certificate).where(cast(Certificate.id, Text).not_in(drawn_of))
    return list(session.scalars(wanted.order_by(Certificate.id)))


def draw(certificate: Certificate) -> bytes:
    """The paper of a certificate: the same bytes each time."""
    from qc.release import certificate_pdf  # drawing is loaded where something is drawn

    return certificate_pdf.draw(certificate.said)


def is_ours(made: CertificateFile, upload: IO[bytes]) -> bool:
    """Whether an uploaded file is, byte for byte, the one that was issued.

    Hashed as it streams by and not kept.
    """
    hashed = hashlib.sha256()
    while chunk := upload.read(CHUNK):
        hashed.update(chunk)
    return secrets.compare_digest(hashed.hexdigest(), made.sha256)


# Acts
# -------------------------------------------------------------------------------------------------


def drawn(
    database: Database,
    transaction: Callable[[], AbstractContextManager[Act]],
    certificate_id: int,
) -> CertificateFile:
    """The file of a certificate, drawn and bound first where it was not yet.

    `transaction` opens the writing transaction of the system's own act; it is opened when the paper
    is drawn, never before. Raises Refused when the file was bound and is gone.
    """
    with database.reading() as reading:
        if made := of(reading, certificate_id):
            return made
        certificate = reading.get_one(Certificate, certificate_id)
    paper = draw(certificate)
    with transaction() as act:
        return bind(act, certificate, paper)


def bind(act: Act, certificate: Certificate, paper: bytes) -> CertificateFile:
    """Keep the file of a certificate and bind its bytes in the trail, once.

    Whoever drew it meanwhile was first. It is the program's deed: nobody signs a drawing.
    """
    if made := of(act.session, certificate.id):
        return made
    _refuse_gone(act.session, certificate)
    itself, name = act.by_system(), f"certificate-{certificate.code}-v{certificate.version}.pdf"
    kept = files.keep(itself, paper, name, "application/pdf")
    made = CertificateFile(certificate_id=certificate.id, file_id=kept.id, sha256=kept.sha256)
    itself.add(made)
    itself.say(
        ReleaseAction.CERTIFICATE_DRAWN,
        certificate,
        scope=certificate.scope,
        details={
            "number": certificate.code,
            "version": str(certificate.version),
            "file_sha256": made.sha256,
        },
    )
    return made


def _refuse_gone(session: Session, certificate: Certificate) -> None:
    """A file that the trail knows is not drawn anew over the fault that it is gone."""
    said = select(Event.seq).where(
        Event.subject_kind == Certificate.__tablename__,
        Event.subject_key == certificate.key,
        Event.action == ReleaseAction.CERTIFICATE_DRAWN,
    )
    if session.scalar(said):
        number = facts.code(certificate.code)
        raise Refused(
            blocks(ReleaseRule.FILE_IS_GONE, certificate=number, version=certificate.version)
        )


def told(session: Session, batch_id: int, zone: ZoneInfo) -> list[dict[str, str]]:
    """Every version of the certificate of a batch with its file, as the record of the batch says
    it."""
    made = certificates.of_batch(session, batch_id)
    where = certificates.states_of(session, made)
    files = of_many(session, [each.id for each in made])
    return [
        {
            "named": each.named,
            "stage": each.stage,
            "state": where[each.id],
            "issued": times.shown(each.issued_at, zone, seconds=True),
            "facts_sha256": each.facts_sha256,
            "file_sha256": files[each.id].sha256 if each.id in files else "not drawn yet",
        }
        for each in made
    ]
