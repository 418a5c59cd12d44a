"""Every exception that does not block a release, for whoever reviews the batch (EBR-17).

Corrections, late entries, what was left out, deviations, values and results beyond an alert limit,
results struck, refused attempts: each with its story and its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from documents.kinds import Kind
from integrity import clock, facts
from integrity.actions import IntegrityAction
from integrity.database import Session
from integrity.deviations import Decision, DeviationState
from integrity.facts import Fact, Reader
from integrity.observations import Seen
from integrity.signers import Caution
from integrity.trail import Event
from integrity.words import class_word
from manufacturing.execution import entries, formula_values
from manufacturing.execution.entries import Entry
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.sequence import place_fact
from people import recoveries
from qc.deviations import investigation
from qc.deviations.investigation import Story
from qc.release import laboratory_alerts
from qc.release.alert import Alert
from qc.release.release_inputs import ReleaseInputs
from qc.release.words import AlertPhrase, ReleaseTerm


@dataclass(frozen=True)
class Shown:
    """The same for a page, in the words of its reader."""

    word: str
    headline: str
    story: str
    place: str
    cure: tuple[str, str]
    tone: str
    struck: str
    kept: str


def shown(alert: Alert, reader: Reader) -> Shown:
    """An exception as one reader sees it."""
    return Shown(
        facts.shown(facts.word(alert.word), reader),
        facts.shown(alert.headline, reader),
        facts.shown(alert.story, reader),
        facts.shown(alert.place, reader),
        alert.cure,
        alert.tone,
        facts.shown(alert.struck, reader),
        facts.shown(alert.kept, reader),
    )


def of(session: Session, found: ReleaseInputs) -> list[Alert]:
    """Every exception that does not block, in the order of the record."""
    return [
        *_corrections(found),
        *_late(found),
        *_left_out(found),
        *_settled(found.stories),
        *_observed(found.seen),
        *_beyond_alert(found),
        *laboratory_alerts.of(session, found),
        *_cautioned(session, found),
        *_under_suspicion(session, found),
        *_refusals(session, found),
        *_notes(found),
    ]


def told(alert: Alert) -> Fact:
    """An exception in one line, as it is signed."""
    what = alert.headline
    if alert.struck:
        what = facts.message(
            AlertPhrase.CHANGED, headline=what, struck=alert.struck, kept=alert.kept
        )
    return facts.message(AlertPhrase.TOLD, place=alert.place, what=what, story=alert.story)


def changes(found: ReleaseInputs) -> list[tuple[Entry, Entry, list[tuple[Fact, Fact, Fact]]]]:
    """Every correction.

    (old entry, new entry, [(label, old value, new value)]), in the order of the record.
    """
    by_id = {entry.id: entry for entry in found.here.everything}
    made = []
    for entry in _ordered(found, [each for each in found.here.everything if each.corrects_id]):
        old, zone = by_id[entry.corrects_id or 0], ZoneInfo(entry.zone)
        made.append((old, entry, entries.changes(found.here.master, old, entry, zone)))
    return made


def _ordered(found: ReleaseInputs, chosen: Sequence[Entry]) -> list[Entry]:
    return sorted(
        chosen,
        key=lambda entry: (*formula_values.place_key(found.here.master, entry.position), entry.id),
    )


def _corrections(found: ReleaseInputs) -> Iterator[Alert]:
    anew = (
        facts.word(AlertPhrase.VALUES),
        facts.word(AlertPhrase.AS_BEFORE),
        facts.word(AlertPhrase.WORKED_OUT_ANEW),
    )
    for _, entry, changed in changes(found):
        story = facts.message(
            AlertPhrase.BECAUSE,
            reason=entry.reason or "",
            name=entry.name,
            at=facts.instant(entry.recorded_at),
        )
        for label, was, becomes in changed or [anew]:
            yield Alert(
                ReleaseTerm.CORRECTION_ALERT,
                label,
                story,
                place_fact(found.here.master, entry.position),
                ("entry", entry.key),
                struck=was,
                kept=becomes,
            )


def _said(entry: Entry, reason: str | None) -> Fact:
    return facts.message(AlertPhrase.SAID, reason=reason or "", name=entry.name)


def _late(found: ReleaseInputs) -> Iterator[Alert]:
    """What was recorded late; its deviation says what quality holds of that."""
    judged = {
        story.deviation.subject_id: story.judgement.name
        for story in found.stories
        if story.deviation.rule == ExecutionRule.RECORDED_LATE
        and story.state == DeviationState.CLOSED
        and story.judgement
    }
    for entry in _ordered(found, [each for each in found.here.current if each.late]):
        first = found.here.log.first_told(entry.position) or entry.recorded_at
        after = facts.span(first - entry.performed_at)
        yield Alert(
            ReleaseTerm.LATE_ENTRY,
            facts.message(AlertPhrase.RECORDED_LATE, after=after),
            _said(entry, entry.comment),
            place_fact(found.here.master, entry.position),
            ("entry", entry.key),
            judged_by=judged.get(entry.id, ""),
        )


def _left_out(found: ReleaseInputs) -> Iterator[Alert]:
    for entry in _ordered(found, [each for each in found.here.current if each.not_applicable]):
        yield Alert(
            ReleaseTerm.NOT_APPLICABLE,
            facts.word(AlertPhrase.LEFT_OUT),
            _said(entry, entry.not_applicable),
            place_fact(found.here.master, entry.position),
            ("entry", entry.key),
            "note",
        )


def _settled(stories: Sequence[Story]) -> Iterator[Alert]:
    for story in stories:
        made, judged = story.deviation, story.judgement
        if story.state != DeviationState.CLOSED or judged is None:
            continue
        if judged.decision == Decision.CONTINUE:
            yield Alert(
                ReleaseTerm.DEVIATION_ALERT,
                facts.message(
                    AlertPhrase.CLOSED,
                    code=facts.code(made.code),
                    **{"class": class_word(story.classification)},
                ),
                facts.message(
                    AlertPhrase.SETTLED,
                    sentence=made.what,
                    reason=judged.reason,
                    name=judged.name,
                ),
                made.place,
                ("deviation", made.code),
                judged_by=judged.name,
            )


def _observed(seen: Sequence[Seen]) -> Iterator[Alert]:
    """What somebody saw and QA found to be nothing that matters; a deviation speaks for itself."""
    for each in seen:
        made, verdict = each.observation, each.verdict
        if verdict is None or verdict.deviation_id is not None:
            continue
        what = investigation.scope_fact(made.about)
        yield Alert(
            ReleaseTerm.OBSERVATION,
            facts.message(AlertPhrase.OBSERVATION, what=what, said=made.said),
            facts.message(AlertPhrase.OBSERVED_NOTHING, reason=verdict.reason, name=verdict.name),
            facts.word(ReleaseTerm.OBSERVATION),
            ("observation", made.key),
            "note",
            judged_by=verdict.name,
        )


def _cautioned(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    """A signature that was given soon after its signer's password was given anew (SIG-14)."""
    for given in found.signed:
        if given.caution is None or given.caution_since is None:
            continue
        story = AlertPhrase.SIGNED_AFTER_RESET
        if given.caution == Caution.RECOVERY:
            is_open = recoveries.is_open(session, given.person_id)
            story = AlertPhrase.RECOVERY_OPEN if is_open else AlertPhrase.RECOVERY_JUDGED
        yield Alert(
            ReleaseTerm.CAUTION,
            facts.message(
                AlertPhrase.SIGNED_BY,
                name=given.name,
                username=given.username,
                at=facts.instant(given.at),
            ),
            facts.message(story, since=facts.instant(given.caution_since)),
            facts.code(given.scope) if given.scope else "",
            ("trail", ""),
        )


def _beyond_alert(found: ReleaseInputs) -> Iterator[Alert]:
    """Values of steps and results that are accepted and lie beyond an alert limit."""
    for entry in _ordered(found, found.here.current):
        for crossed in entries.alerts_of(found.here.master, entry):
            yield Alert(
                ReleaseTerm.ALERT,
                crossed.fact,
                facts.word(AlertPhrase.INSIDE_THE_LIMIT),
                place_fact(found.here.master, entry.position),
                ("entry", entry.key),
            )
    for line in found.lines:
        if line.alert:
            yield Alert(
                ReleaseTerm.ALERT,
                facts.message(
                    AlertPhrase.BEYOND_ALERT,
                    test=line.line.test,
                    result=line.result,
                    alert=line.alert,
                ),
                facts.word(AlertPhrase.INSIDE_THE_LIMIT),
                facts.word(AlertPhrase.QC),
                ("result", str(line.result_id)),
            )


def _refusals(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    refused = session.scalars(
        select(Event.seq)
        .where(Event.scope.in_(found.scopes), Event.action == IntegrityAction.REFUSED)
        .order_by(Event.seq)
    ).all()
    if refused:
        yield Alert(
            ReleaseTerm.REFUSED,
            facts.message(AlertPhrase.REFUSED, many=len(refused)),
            facts.word(AlertPhrase.NOTHING_RECORDED),
            facts.word(AlertPhrase.TRAIL),
            ("trail", ""),
            "note",
            is_signed=False,
        )


_SUSPECTED = f'"clock":"{clock.SUSPECTED}"'  # as it stands in an event


def _under_suspicion(session: Session, found: ReleaseInputs) -> Iterator[Alert]:
    """What was recorded while the clock was not trusted, whatever QA judged of it since."""
    many = session.scalar(
        select(func.count())
        .select_from(Event)
        .where(Event.scope.in_(found.scopes), Event.content.contains(_SUSPECTED))
    )
    if many:
        yield Alert(
            ReleaseTerm.NOTE,
            facts.message(AlertPhrase.CLOCK_SUSPECTED, many=many),
            facts.word(AlertPhrase.TIMES_DOUBTED),
            facts.word(AlertPhrase.TRAIL),
            ("trail", ""),
        )


def _notes(found: ReleaseInputs) -> Iterator[Alert]:
    """A document that the batch keeps and that is no longer the version in force."""
    for kept, becomes in found.others:
        judging = kept.kind == Kind.SPECIFICATION
        headline = facts.message(AlertPhrase.NOT_IN_FORCE, document=kept.named)
        if becomes and judging:
            headline = facts.message(
                AlertPhrase.ANOTHER_IN_FORCE, document=becomes.named, kept=kept.named
            )
        yield Alert(
            ReleaseTerm.NOTE,
            headline,
            facts.word(AlertPhrase.BEGAN_WITH if judging else AlertPhrase.KEEPS_VERSION),
            facts.word(AlertPhrase.SPECIFICATION if judging else AlertPhrase.MASTER_RECORD),
            ("document", kept.key),
            "note",
        )
