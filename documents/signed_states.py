"""What of a controlled document holds by signature alone (MBR-01)."""

from __future__ import annotations

from documents.register import AXIS, ControlledDocument
from documents.rules import DocumentState as State
from integrity.signatures import Meaning
from integrity.signed import Signed, declare

KIND = ControlledDocument.__tablename__
AUTHORED, APPROVED, QA = (
    State.AUTHORED.value,
    State.APPROVED.value,
    State.QA_APPROVED.value,
)

declare(
    Signed(KIND, AXIS, AUTHORED, (Meaning.AUTHORED,)),
    Signed(KIND, AXIS, APPROVED, (Meaning.APPROVED,), after=(AUTHORED,), apart=(AUTHORED,)),
    Signed(
        *(KIND, AXIS, QA, (Meaning.APPROVED,)),
        after=(AUTHORED, APPROVED),
        apart=(AUTHORED, APPROVED),
    ),
    Signed(KIND, AXIS, State.EFFECTIVE, (Meaning.APPROVED,), after=(AUTHORED, APPROVED, QA)),
    Signed(KIND, AXIS, State.REJECTED, (Meaning.REJECTED,)),
    Signed(KIND, AXIS, State.RETIRED, (Meaning.REJECTED,)),
)
