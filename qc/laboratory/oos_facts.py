"""What is shown and signed at the end of phase I and of phase II of an investigation."""

from __future__ import annotations

from collections.abc import Iterator

from integrity import facts
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.facts import Fact, Pair
from integrity.words import person
from qc.laboratory import oos_phases, result_facts
from qc.laboratory.oos_phases import PhaseOne, PhaseTwo
from qc.laboratory.rules.oos import RETESTED
from qc.laboratory.words import (
    AnswerWord,
    CauseWord,
    CheckWord,
    LaboratoryPhrase,
    LaboratoryTerm,
    ReportedWord,
    worded,
)


def phase_one_facts(session: Session, deviation_id: int) -> list[Pair]:
    """The failing result, and everything that phase I says of it."""
    deviation = session.get_one(Deviation, deviation_id)
    found = oos_phases.phase_one(session, deviation_id)
    said = list(written(session, found)) if found else []
    return [*result_facts.facts_of(session, deviation.subject_id), *said]


def phase_two_facts(session: Session, deviation_id: int) -> list[Pair]:
    """The same, and everything that phase II says."""
    found = oos_phases.phase_two(session, deviation_id)
    said = list(extended(found)) if found else []
    return [*phase_one_facts(session, deviation_id), *said]


def of_investigation(session: Session, deviation_id: int) -> list[Pair]:
    """What both phases say now, for the page of the deviation and whoever judges it."""
    one, two = (
        oos_phases.phase_one(session, deviation_id),
        oos_phases.phase_two(session, deviation_id),
    )
    return [*(written(session, one) if one else ()), *(extended(two) if two else ())]


def written(session: Session, phase: PhaseOne) -> Iterator[Pair]:
    """What phase I found: its checks, the cause, the plan of the retest."""
    for check in oos_phases.checks_of(session, phase):
        answer = facts.word(worded(AnswerWord, check.answer))
        yield facts.pair(worded(CheckWord, check.looked_at), answer)
    yield facts.pair(LaboratoryTerm.CAUSE, facts.word(worded(CauseWord, phase.found)))
    yield facts.pair(LaboratoryTerm.CAUSE_SAID, phase.cause)
    if phase.evidence:
        yield facts.pair(LaboratoryTerm.EVIDENCE, phase.evidence)
    if phase.found in RETESTED:
        yield facts.pair(LaboratoryTerm.PLAN, _plan(session, phase))
        yield facts.pair(LaboratoryTerm.NOT_BY, facts.listed(phase.excluded))
    yield facts.pair(LaboratoryTerm.LABORATORY_PHASE_BY, person(phase.name, phase.username))


def extended(phase: PhaseTwo) -> Iterator[Pair]:
    """What phase II found."""
    yield facts.pair(LaboratoryTerm.MANUFACTURE, phase.manufacture)
    yield facts.pair(LaboratoryTerm.OTHER_BATCHES, phase.others)
    yield facts.pair(LaboratoryTerm.CONCLUSION, phase.conclusion)
    yield facts.pair(LaboratoryTerm.EXTENDED_PHASE_BY, person(phase.name, phase.username))


def _plan(session: Session, phase: PhaseOne) -> Fact:
    sample = oos_phases.sample_of(session, phase)
    return facts.message(
        LaboratoryPhrase.PLAN,
        many=phase.retests or 0,
        sample=facts.code(sample.code) if sample else "",
        reported=facts.word(worded(ReportedWord, phase.reported or "")),
    )
