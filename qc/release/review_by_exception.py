"""Review by exception: what the machine checked, in five numbers, and what QA's review signs
(EBR-17); `exceptions` has the exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from documents.words import Term
from integrity import facts
from integrity.canonical import GENESIS, chained, digest
from integrity.database import Session
from integrity.facts import Fact, Pair, message
from integrity.findings import Finding, blocks
from integrity.rows import digest_of_record
from integrity.trail import Event
from manufacturing.execution.rules import steps as step_rules
from manufacturing.masters.model import Field
from qc.release import after_review, decision_facts, exceptions
from qc.release.release_inputs import ReleaseInputs
from qc.release.rests_on import Item, blocking
from qc.release.rule_ids import ReleaseRule
from qc.release.words import ReleasePhrase, ReleaseTerm, TrailFault


@dataclass(frozen=True)
class Checked:
    """The five numbers, and what does not hold in the trail of this batch."""

    entries: int
    limits: int
    scans: int
    verified: int
    to_verify: int
    events: int
    broken: Sequence[Fact]


# What the machine checked
# ---------------------------------------------------------------------------------------------


def checked(session: Session, found: ReleaseInputs) -> Checked:
    """Counts over the current entries, and the batch's own part of the trail recomputed.

    Contents, links and rows.
    """
    fields = [
        (field, entry.values[field.id])
        for entry in found.here.current
        for field in found.here.master.step(entry.step).fields
        if field.id in entry.values
    ]
    asked = [entry for entry in found.here.current if entry.needs_second]
    events, broken = _trail(session, found)
    return Checked(
        entries=len(found.here.current),
        limits=sum(_held(field, value) for field, value in fields),
        scans=sum(field.type in ("lot", "equipment") for field, _ in fields),
        verified=sum(found.here.verification(entry) is not None for entry in asked),
        to_verify=len(asked),
        events=events,
        broken=broken,
    )


def _held(field: Field, value: Any) -> bool:
    limited = bool(
        field.limits
        or field.beyond
        or field.readings
        or any(option.verdict == "deviates" for option in field.options)
    )
    return limited and not list(step_rules.judged_value(field, value))


def _trail(session: Session, found: ReleaseInputs) -> tuple[int, list[Fact]]:
    """(number of events, what does not hold).

    Each event's digest, its link to the one before it, and the rows it answers for.
    """
    before, broken, count = aliased(Event), list[Fact](), 0
    rows: dict[tuple[str, str], str] = {}
    wanted = (
        select(Event, before.hash)
        .outerjoin(before, before.seq == Event.seq - 1)
        .where(Event.scope.in_(found.scopes))
        .order_by(Event.seq)
    )
    for event, previous in session.execute(wanted):
        count += 1
        content = digest(event.content)
        if (
            content != event.digest
            or event.previous != (previous or GENESIS)
            or event.hash != chained(event.previous, content)
        ):
            broken.append(message(TrailFault.EVENT, event=event.seq))
        rows |= {(table, key): row for table, key, row in event.said["rows"]}
    mine = [
        found.here.batch,
        *found.here.everything,
        *found.signed,
        *found.results,
        *(story.deviation for story in found.stories),
    ]
    broken += [
        message(TrailFault.ROW, row=record.key, table=record.__tablename__)
        for record in mine
        if not _holds(record, rows.get((record.__tablename__, record.key)))
    ]
    return count, broken


def _holds(record: Any, said: str | None) -> bool:
    """Whether a row is what its event says of it.

    One that no event of this batch answers for is left to the verification of the whole.
    """
    return said is None or digest_of_record(record) == said


def whole(session: Session, found: ReleaseInputs) -> list[Finding]:
    """Blocks while the batch's part of the trail does not hold (AUD-11)."""
    return [blocks(ReleaseRule.TRAIL_BROKEN, fault=fault) for fault in _trail(session, found)[1]]


# What is signed
# -------------------------------------------------------------------------------------------------


def review_facts(session: Session, found: ReleaseInputs) -> list[Pair]:
    """What QA's review shows and signs.

    Identity, counts, what still blocks, each exception with what is held of it, each result, and
    how far it reaches.
    """
    counted = checked(session, found)
    return [
        facts.pair(Term.BATCH, facts.code(found.batch.code)),
        facts.pair(Term.MASTER_RECORD, decision_facts.master_record(found)),
        facts.pair(ReleaseTerm.CHECKED, _counts(counted)),
        facts.pair(ReleaseTerm.AUDIT_TRAIL, _reach(session, found, counted)),
        *(facts.pair(ReleaseTerm.BLOCKS, item.finding.fact) for item in _blocking_before(found)),
        *(
            facts.pair(each.alert.word, exceptions.signed(found, each))
            for each in exceptions.of(session, found)
            if each.alert.is_signed
        ),
        *(decision_facts.line(line) for line in found.lines if line.line.required or line.result),
    ]


def _counts(counted: Checked) -> Fact:
    return facts.message(
        ReleasePhrase.CHECKED,
        entries=str(counted.entries),
        limits=str(counted.limits),
        scans=str(counted.scans),
        verified=str(counted.verified),
        asked=str(counted.to_verify),
    )


def _reach(session: Session, found: ReleaseInputs, counted: Checked) -> Fact:
    seq, _ = after_review.newest_event(session, found.watched)
    if counted.broken:
        return facts.message(ReleasePhrase.TRAIL_BROKEN, seq=str(seq))
    return facts.message(ReleasePhrase.TRAIL_WHOLE, seq=str(seq))


def _blocking_before(found: ReleaseInputs) -> list[Item]:
    return [item for item in blocking(found.facts, found.facts.gate) if item.cure[0] != "review"]
