"""What of donors, cords and batches in execution holds by signature alone."""

from __future__ import annotations

from integrity.signatures import Meaning
from integrity.signed import Asked, Signed, declare, signed_rows
from manufacturing.donation import eligibility
from manufacturing.donation.cords import MEANINGS
from manufacturing.donation.donations import Cord, Determination
from manufacturing.donation.rules.cords import CORD_AXIS
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState

BATCHES = Batch.__tablename__

declare(
    *(Signed(Cord.__tablename__, CORD_AXIS, state, (each,)) for state, each in MEANINGS.items()),
    signed_rows(Determination.__tablename__, "id", *eligibility.MEANINGS.values()),
    Signed(BATCHES, EXECUTION, ExecutionState.TERMINATED, (Meaning.REJECTED,)),
    Asked(
        "{what} is a round of a stage that nobody has signed off.",
        "SELECT 'sign_offs', o.id, o.stage FROM sign_offs o WHERE NOT EXISTS (SELECT 1 "
        "FROM signatures s WHERE s.subject_id = o.id AND s.meaning = 'performed')",
    ),
    Asked(
        "{what} stands in a released batch, in a round that was signed off without it.",
        "SELECT 'entries', e.id, e.stage FROM entries e JOIN states b ON b.subject_id = e.batch_id "
        "AND b.axis = 'disposition' AND b.state IN ('released_stage_1', 'released') "
        "JOIN sign_offs r ON r.batch_id = e.batch_id AND r.stage = e.stage AND r.cycle = e.cycle "
        "WHERE NOT EXISTS (SELECT 1 FROM entries c WHERE c.corrects_id = e.id) "
        "AND NOT EXISTS (SELECT 1 FROM sign_off_entries o JOIN signatures s "
        "ON s.id = o.signature_id AND s.meaning = 'performed' WHERE o.entry_id = e.id)",
    ),
    Asked(
        "{what} is released and its record was never complete.",
        "SELECT 'batches', b.subject_id, '' FROM states b WHERE b.subject_kind = 'batches' "
        "AND b.axis = 'disposition' AND b.state IN ('released_stage_1', 'released') "
        "AND NOT EXISTS (SELECT 1 FROM moves m WHERE m.subject_id = b.subject_id "
        "AND m.axis = 'execution' AND m.becomes = 'complete')",
    ),
)
