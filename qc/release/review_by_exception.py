"""Review by exception: what the machine checked, in five numbers, and everything that a reviewer
has to look at (EBR-17).

Corrections, late entries, what was left out, deviations, results on an alert limit or struck,
refused attempts: each with its story and its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from integrity import site, times
from integrity.actions import IntegrityAction
from integrity.canonical import GENESIS, chained, digest
from integrity.database import Session
from integrity.deviations import Decision, DeviationState
from integrity.facts import Fact, message
from integrity.findings import Finding, blocks
from integrity.rows import digest_of_record
from integrity.trail import Event
from labels import codes
from manufacturing.execution import formula_values
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules import steps as step_rules
from manufacturing.execution.rules.sequence import place
from manufacturing.masters.model import Field
from qc.deviations.investigation import Story
from qc.laboratory.rules.results import ResultState
from qc.release import release_inputs
from qc.release.release_inputs import ReleaseInputs
from qc.release.rule_ids import ReleaseRule
from qc.release.rules import Item, blocking
from qc.release.words import TrailFault


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


@dataclass(frozen=True)
class Alert:
    """One exception that does not block.

    Its word, what happened, an old value struck and the new one, where, which page; whether it is
    part of what the reviewer signs.
    """

    word: str
    headline: str
    story: str
    place: str
    cure: tuple[str, str]
    tone: str = "held"
    struck: str = ""
    kept: str = ""
    is_signed: bool = True


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
        if rows.get((record.__tablename__, record.key), _unknown(record))
        != digest_of_record(record)
    ]
    return count, broken


def _unknown(record: Any) -> str:
    """A row that no event of this batch answers for is left to the verification of the whole."""
    return digest_of_record(record)


def whole(session: Session, found: ReleaseInputs) -> list[Finding]:
    """Blocks while the batch's part of the trail does not hold (AUD-11)."""
    return [blocks(ReleaseRule.TRAIL_BROKEN, fault=fault) for fault in _trail(session, found)[1]]


# What does not block
# -------------------------------------------------------------------------------------------------


def alerts(session: Session, found: ReleaseInputs) -> list[Alert]:
    """Every exception that does not block, in the order of the record."""
    zone = site.zone(session)
    return [
        *_corrections(found, zone),
        *_late(found),
        *_left_out(found),
        *_settled(found.stories),
        *_results(found, zone),
        *_refusals(session, found),
        *_notes(found),
    ]


def _ordered(found: ReleaseInputs, chosen: Iterator[Entry] | Sequence[Entry]) -> list[Entry]:
    return sorted(
        chosen,
        key=lambda entry: (*formula_values.place_key(found.here.master, entry.position), entry.id),
    )


def changes(found: ReleaseInputs) -> list[tuple[Entry, Entry, list[tuple[str, str, str]]]]:
    """Every correction.

    (old entry, new entry, [(label, old value, new value)]), in the order of the record.
    """
    by_id = {entry.id: entry for entry in found.here.everything}
    made = []
    for entry in _ordered(found, [each for each in found.here.everything if each.corrects_id]):
        old, step = by_id[entry.corrects_id or 0], found.here.master.step(entry.step)
        zone = ZoneInfo(entry.zone)
        pairs = zip(
            formula_values.fields_shown(step, old.values, zone),
            formula_values.fields_shown(step, entry.values, zone),
            strict=True,
        )
        made.append(
            (
                old,
                entry,
                [(label, was, becomes) for (label, was), (_, becomes) in pairs if was != becomes],
            )
        )
    return made


def _corrections(found: ReleaseInputs, zone: ZoneInfo) -> Iterator[Alert]:
    for _, entry, changed in changes(found):
        for label, was, becomes in changed or [("Values", "as before", "worked out anew")]:
            yield Alert(
                "Correction",
                label,
                f"“{entry.reason}” · {entry.name}, {times.shown(entry.recorded_at, zone)}",
                place(found.here.master, entry.position),
                ("entry", entry.key),
                struck=was,
                kept=becomes,
            )


def _late(found: ReleaseInputs) -> Iterator[Alert]:
    for entry in _ordered(found, [each for each in found.here.current if each.late]):
        first = min(
            each.recorded_at for each in found.here.everything if each.position == entry.position
        )
        yield Alert(
            "Late entry",
            f"Recorded {times.span(first - entry.performed_at)} after it was done",
            f"“{entry.comment or ''}” · {entry.name}",
            place(found.here.master, entry.position),
            ("entry", entry.key),
        )


def _left_out(found: ReleaseInputs) -> Iterator[Alert]:
    for entry in _ordered(found, [each for each in found.here.current if each.not_applicable]):
        yield Alert(
            "Not applicable",
            "Left out as not applicable",
            f"“{entry.not_applicable}” · {entry.name}",
            place(found.here.master, entry.position),
            ("entry", entry.key),
            "note",
        )


def _settled(stories: Sequence[Story]) -> Iterator[Alert]:
    for story in stories:
        if (
            story.state == DeviationState.CLOSED
            and story.judgement
            and story.judgement.decision == Decision.CONTINUE
        ):
            yield Alert(
                "Deviation",
                f"{codes.read(story.deviation.code).shown} closed, {story.classification}",
                f"{story.deviation.sentence()} “{story.judgement.reason}” · {story.judgement.name}",
                story.deviation.place,
                ("deviation", story.deviation.code),
            )


def _results(found: ReleaseInputs, zone: ZoneInfo) -> Iterator[Alert]:
    for line in found.lines:
        if line.alert:
            yield Alert(
                "Alert",
                f"{line.line.name} {line.result}: {line.alert}",
                "Inside the limit, outside the alert limit.",
                "QC",
                ("result", str(line.result_id)),
            )
    for result in found.results:
        state = found.result_states[result.id]
        if state in (ResultState.INVALIDATED, ResultState.CORRECTED):
            test = found.contents.line(result.test) if found.contents else None
            yield Alert(
                f"Result {state}",
                f"{test.name if test else result.test}: {result.shown}",
                f"Recorded by {result.name}, {times.shown(result.recorded_at, zone)}; it counts "
                "no more and stays legible.",
                f"QC · sample {codes.read(result.sample).shown}",
                ("result", result.key),
            )


def _refusals(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    refused = session.scalars(
        select(Event.seq)
        .where(Event.scope.in_(found.scopes), Event.action == IntegrityAction.REFUSED)
        .order_by(Event.seq)
    ).all()
    if refused:
        many = len(refused)
        yield Alert(
            "Refused",
            f"{many} attempt{'s were' if many > 1 else ' was'} refused",
            "Nothing was recorded by them; the trail says what was tried.",
            "Trail",
            ("trail", ""),
            "note",
            is_signed=False,
        )


def _notes(found: ReleaseInputs) -> Iterator[Alert]:
    if found.superseded:
        yield Alert(
            "Note",
            f"{found.batch.master_title} is no longer in force",
            "The batch keeps the version it was started on.",
            "Master record",
            ("master", ""),
            "note",
        )


# What is signed
# -------------------------------------------------------------------------------------------------


def review_pairs(session: Session, found: ReleaseInputs) -> list[tuple[str, str]]:
    """What QA's review shows and signs.

    Identity, counts, what still blocks, each exception, each result, and how far it reaches.
    """
    counted, facts = checked(session, found), found.facts
    seq, _ = release_inputs.newest_event(session, found.scopes)
    pairs = [
        ("Batch", codes.read(found.batch.code).shown),
        ("Master record", f"{found.batch.master_title}, SHA-256 {found.batch.sha256}"),
        (
            "Checked",
            f"{counted.entries} entries, {counted.limits} limits held, {counted.scans} scans "
            f"matched, {counted.verified} of "
            f"{counted.to_verify} verified by a second person",
        ),
        ("Audit trail", f"up to event {seq}, {'whole' if not counted.broken else 'BROKEN'}"),
    ]
    pairs += [("Blocks", item.finding.sentence()) for item in _blocking_before(facts)]
    pairs += [(alert.word, told(alert)) for alert in alerts(session, found) if alert.is_signed]
    return pairs + [
        (line.line.name, f"{line.result or 'no result'} · {line.limit} · {line.worded}")
        for line in found.lines
        if line.line.required or line.result
    ]


def _blocking_before(facts: Any) -> list[Item]:
    return [item for item in blocking(facts, facts.gate) if item.cure[0] != "review"]


def told(alert: Alert) -> str:
    """An exception in one line, as it is signed and printed."""
    change = f"{alert.headline} {alert.struck} → {alert.kept}" if alert.struck else alert.headline
    return f"{alert.place}: {change}. {alert.story}"
