"""Whether somebody may sign now, and what their signature tells its reader; asked at every
signature, whoever calls the act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from integrity import signers
from integrity.acts import Act
from integrity.database import Session
from integrity.signers import Signer
from people import second_factors
from people.declarations import VERSION
from people.recoveries import RECOVERY
from people.rules import signing_right as rules
from people.rules.recoveries import RecoveryState
from people.rules.signing_right import Standing
from people.second_factors import SECOND_FACTOR

_STANDING = text("""
    SELECT h.kind, c.temporary,
           (SELECT min(b.at) FROM credentials b WHERE b.handover_id = h.id) AS since,
           EXISTS (SELECT 1 FROM identity_checks i WHERE i.handover_id = h.id) AS identified,
           (SELECT d.version FROM declarations d WHERE d.id =
               (SELECT max(e.id) FROM declarations e WHERE e.person_id = :id)) AS declared,
           (SELECT w.state FROM states w WHERE w.subject_id = :id AND w.axis = :axis) AS recovery,
           (SELECT f.state FROM states f WHERE f.subject_id = :id AND f.axis = :phone) AS phone
    FROM credentials c JOIN handovers h ON h.id = c.handover_id
    WHERE c.id = (SELECT max(id) FROM credentials WHERE person_id = :id)""")


def of(session: Session, person_id: int | None) -> Standing | None:
    """What is known of somebody who would sign, or None of somebody without a password."""
    row = session.execute(
        _STANDING, {"id": person_id, "axis": RECOVERY, "phone": SECOND_FACTOR}
    ).one_or_none()
    if row is None:
        return None
    return Standing(
        kind=row.kind,
        since=datetime.fromisoformat(row.since),
        temporary=bool(row.temporary),
        identified=bool(row.identified),
        declared=row.declared,
        recovering=row.recovery == RecoveryState.OPEN,
        phone=row.phone,
    )


@signers.declare
def judge(act: Act) -> Signer:
    """What is known of whoever acts."""
    standing = of(act.session, act.by.id)
    if standing is None:
        return Signer()  # nobody whose password could be proven: only a person signs
    found = tuple(rules.against_signing(standing, VERSION, second_factors.policy(act.session)))
    caution = rules.caution(standing, act.at)
    return Signer(found, caution, standing.since if caution else None)
