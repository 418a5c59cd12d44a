"""What of donors, cords and batches in execution holds by signature alone."""

from __future__ import annotations

from collections.abc import Iterator

from documents.faults import InvalidDocument
from integrity.signatures import Meaning
from integrity.signed import Asked, Rows, Signed, check, declare, signed_rows
from manufacturing.donation import eligibility
from manufacturing.donation.cords import MEANINGS
from manufacturing.donation.donations import Cord, Determination
from manufacturing.donation.rules.cords import CORD_AXIS
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState
from manufacturing.execution.rules.sequence import Round, never_signed, round_title
from manufacturing.masters import document
from manufacturing.masters.model import Master

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

_RECORDS = (
    "SELECT d.id, f.content FROM documents d JOIN files f ON f.id = d.file_id "
    "WHERE d.id IN (SELECT master_id FROM batches)"
)
_BATCHES = (
    "SELECT b.id, b.code, b.master_id, (SELECT 1 FROM states s WHERE s.subject_id = b.id "
    "AND s.axis = 'disposition' AND s.state IN ('released_stage_1', 'released')) "
    "FROM batches b ORDER BY b.id"
)
_BEGUN = "SELECT DISTINCT batch_id, stage, cycle FROM entries"
_SIGNED_OFF = (
    "SELECT DISTINCT o.batch_id, o.stage, o.cycle FROM sign_offs o "
    "JOIN signatures s ON s.subject_id = o.id AND s.meaning = 'performed'"
)


@check
def rounds_passed_over(rows: Rows) -> Iterator[str]:
    """Rounds of a stage that nobody ever signed off, though the record went on beyond them."""
    begun, signed = _rounds(rows(_BEGUN)), _rounds(rows(_SIGNED_OFF))
    masters = {number: _read(content) for number, content in rows(_RECORDS)}
    for number, code, master_id, released in list(rows(_BATCHES)):
        master, rounds = masters.get(master_id), begun.get(number, set())
        known = {stage.id for stage in master.stages} if master else set()
        if master is None or not {each.stage for each in rounds} <= known:
            continue  # a damaged document or entry is named by its digest
        for each in never_signed(master, rounds, signed.get(number, set()), is_over=bool(released)):
            yield (
                f"Batch {code} goes on beyond {round_title(master, each)} ({each.stage} "
                f"{each.cycle}), which nobody has signed off."
            )


def _rounds(found: Iterator[tuple[object, ...]]) -> dict[object, set[Round]]:
    """{batch id: rounds} of rows of (batch id, stage, cycle)."""
    rounds: dict[object, set[Round]] = {}
    for number, stage, cycle in found:
        rounds.setdefault(number, set()).add(Round(str(stage), int(str(cycle))))
    return rounds


def _read(content: bytes) -> Master | None:
    try:
        return document.read(bytes(content))
    except InvalidDocument:
        return None
