"""The law of out-of-specification results: phase I in the laboratory, the plan of a retest, phase
II by quality assurance. Pure: facts in, findings out.

A result that fails ends by investigation alone (QC-05, QC-06). Phase I ends with an assignable
cause that a reviewer other than the analyst confirms, or with none; without one the result stands,
and phase II looks at the manufacture. Organisms are never retested into compliance (QC-07): only a
test that was not valid by itself is repeated."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrity import reasons, vocabulary
from integrity.findings import Finding, blocks
from integrity.states import Moves
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.results import TestingState
from qc.specifications.model import Line, Reported

MOST_RETESTS = 10


class Check(enum.StrEnum):
    """What is looked at in phase I before anything is tested again."""

    SAMPLE = "sample"
    METHOD = "method"
    INSTRUMENT = "instrument"
    REAGENTS = "reagents"
    CONTROLS = "controls"
    CALCULATION = "calculation"
    ANALYST = "analyst"


class Answer(enum.StrEnum):
    """What a check found."""

    IN_ORDER = "in order"
    NOT_IN_ORDER = "not in order"
    NOT_APPLICABLE = "not applicable"


class Cause(enum.StrEnum):
    """What phase I found: nothing, an error of the laboratory, a test that was not valid by itself
    (its control failed), or a value that was only written down wrongly."""

    NONE = "none"
    LABORATORY = "laboratory"
    TEST_SYSTEM = "test system"
    MISTYPED = "mistyped"


class OosState(enum.StrEnum):
    """What became of the investigation; nothing while phase I goes on. The plan is open again where
    the sample that was to be tested again is gone, until a newer one is signed."""

    CAUSE_CONFIRMED = "cause_confirmed"
    PLAN_OPEN = "plan_open"
    EXTENDED = "extended"
    STANDS = "stands"


OOS = vocabulary.axis("oos", OosState)
OOS_MOVES: Moves = {
    None: frozenset({OosState.CAUSE_CONFIRMED, OosState.EXTENDED}),
    OosState.CAUSE_CONFIRMED: frozenset({OosState.PLAN_OPEN}),
    OosState.PLAN_OPEN: frozenset({OosState.CAUSE_CONFIRMED}),
    OosState.EXTENDED: frozenset({OosState.STANDS}),
}
RETESTED = (Cause.LABORATORY, Cause.TEST_SYSTEM)  # the result is invalidated, and tested again


@dataclass(frozen=True)
class Investigated:
    """A failing result under investigation: its line, how far it is, who tested it, how QC stands
    with the sample that the retest is planned on (None: it is no sample that asks for the test),
    whether QC signed that this one is not tested, or it is destroyed, how many retests are left of
    the plans that the new one takes the place of, who signed phase I, whether the signed plan waits
    for a sample that can be tested no more, and the cause that was signed."""

    line: Line
    state: str | None
    analysts: Collection[str]
    retested_on: str | None = None
    is_explained: bool = False
    is_gone: bool = False
    left: int = 0
    signer: str | None = None
    is_plan_lost: bool = False
    confirmed: str = ""


@dataclass(frozen=True)
class PhaseOneSaid:
    """What the laboratory writes in phase I."""

    checks: Mapping[str, str]
    cause: str
    said: str
    evidence: str
    retests: int | None = None
    reported: str = ""


@dataclass(frozen=True)
class Written:
    """A phase that is to be ended: who wrote it, what it found, and the plan of its retest."""

    by: str
    cause: str = ""
    retests: int | None = None
    reported: str = ""


@dataclass(frozen=True)
class PhaseTwoSaid:
    """What quality assurance writes in phase II."""

    manufacture: str
    others: str
    conclusion: str


def may_record(now: Investigated, said: PhaseOneSaid) -> Iterator[Finding]:
    """Every check is answered; a cause is named with its evidence and has a check that was not in
    order; who finds none says what was looked at. A retest has its plan beforehand. Once a cause
    was signed it stays, and a plan whose sample is gone is written anew."""
    if not now.is_plan_lost:
        yield from _laboratory_phase(now)
    if now.confirmed and said.cause != now.confirmed:
        yield blocks(LaboratoryRule.PLAN_CAUSE, "cause")
    for check in Check:
        if said.checks.get(check) not in tuple(Answer):
            yield blocks(LaboratoryRule.CHECK_UNANSWERED, check.value)
    yield from reasons.wanted(LaboratoryRule.CAUSE_UNSAID, said.said, "said")
    if said.cause not in tuple(Cause):
        yield blocks(LaboratoryRule.CAUSE_UNREAD, "cause")
    elif said.cause != Cause.NONE:
        yield from _assignable(now.line, said)
    if said.cause in RETESTED:
        yield from _plan(now, said.retests, said.reported)


def _laboratory_phase(now: Investigated) -> Iterator[Finding]:
    if now.state not in (None, OosState.PLAN_OPEN):
        yield blocks(LaboratoryRule.PHASE_ONE_ENDED)


def _assignable(line: Line, said: PhaseOneSaid) -> Iterator[Finding]:
    yield from reasons.wanted(LaboratoryRule.EVIDENCE_UNSAID, said.evidence, "evidence")
    if Answer.NOT_IN_ORDER not in said.checks.values():
        yield blocks(LaboratoryRule.CAUSE_WITHOUT_CHECK, "cause")
    if line.microbial and said.cause != Cause.TEST_SYSTEM:
        yield blocks(LaboratoryRule.MICROBIAL_CAUSE, "cause", test=line.test)


def _plan(now: Investigated, retests: int | None, reported: str) -> Iterator[Finding]:
    if retests is None or not 1 <= retests <= MOST_RETESTS:
        yield blocks(LaboratoryRule.RETESTS_UNSAID, "retests", most=MOST_RETESTS)
    elif retests < now.line.planned:
        yield blocks(LaboratoryRule.RETESTS_TOO_FEW, "retests", planned=now.line.planned)
    elif retests < now.left:
        yield blocks(LaboratoryRule.RETESTS_LEFT, "retests", left=now.left)
    if reported not in may_report(now.line):
        yield blocks(LaboratoryRule.REPORTED_OTHERWISE, "reported", test=now.line.test)
    if not can_be_tested(now.retested_on, now.is_explained, now.is_gone):
        yield blocks(LaboratoryRule.RETEST_SAMPLE, "sample", test=now.line.test)


def can_be_tested(state: str | None, is_explained: bool, is_gone: bool) -> bool:
    """Whether a sample can be tested again: QC has it in this state, nobody signed that it is not
    tested, and it is not destroyed."""
    is_with_qc = state in (TestingState.RECEIVED, TestingState.COMPLETE)
    return is_with_qc and not is_explained and not is_gone


def may_report(line: Line) -> list[str]:
    """How a plan may make the reported value: by the rule of the line, or more strictly."""
    return list(dict.fromkeys([line.reported, Reported.EACH]))


def may_end_phase_one(now: Investigated, written: Written | None, signer: str) -> Iterator[Finding]:
    """Phase I is ended by a reviewer of QC who neither tested the sample nor wrote it; its plan is
    one that can still be kept."""
    yield from _laboratory_phase(now)
    if written is None:
        yield blocks(LaboratoryRule.PHASE_ONE_UNWRITTEN)
    if signer in now.analysts:
        yield blocks(LaboratoryRule.PHASE_ONE_BY_ANALYST)
    elif written and signer == written.by:
        yield blocks(LaboratoryRule.PHASE_ONE_BY_WRITER)
    if written and written.cause in RETESTED:
        yield from _plan(now, written.retests, written.reported)


def may_extend(now: Investigated, said: PhaseTwoSaid) -> Iterator[Finding]:
    """Phase II is written once phase I found no cause, and before it is ended."""
    yield from _extended_phase(now)
    for name in ("manufacture", "others", "conclusion"):
        yield from reasons.wanted(LaboratoryRule.PHASE_TWO_UNSAID, getattr(said, name), name)


def may_end_phase_two(now: Investigated, written: Written | None, signer: str) -> Iterator[Finding]:
    """Phase II is ended by quality assurance: by nobody who tested, ended phase I or wrote it."""
    yield from _extended_phase(now)
    if written is None:
        yield blocks(LaboratoryRule.PHASE_TWO_UNWRITTEN)
    if signer in now.analysts or signer == now.signer:
        yield blocks(LaboratoryRule.PHASE_TWO_BY_LABORATORY)
    elif written and signer == written.by:
        yield blocks(LaboratoryRule.PHASE_TWO_BY_WRITER)


def _extended_phase(now: Investigated) -> Iterator[Finding]:
    if now.state is None:
        yield blocks(LaboratoryRule.PHASE_ONE_WAITS)
    elif now.state == OosState.CAUSE_CONFIRMED:
        yield blocks(LaboratoryRule.CAUSE_WAS_FOUND)
    elif now.state == OosState.STANDS:
        yield blocks(LaboratoryRule.PHASE_TWO_ENDED)


def may_judge(is_oos: bool, state: str | None) -> Iterator[Finding]:
    """QA judges the deviation of a failing result when its investigation has ended."""
    if is_oos and state in (None, OosState.PLAN_OPEN):
        yield blocks(LaboratoryRule.PHASE_ONE_WAITS)
    elif is_oos and state == OosState.EXTENDED:
        yield blocks(LaboratoryRule.PHASE_TWO_WAITS)


@dataclass(frozen=True)
class Due:
    """When an investigation has to have ended, and whether that is past."""

    at: datetime
    is_overdue: bool


def due(opened_at: datetime, within: timedelta, is_ended: bool, now: datetime) -> Due:
    """An investigation is overdue from the moment after its time has gone by."""
    until = opened_at + within
    return Due(until, not is_ended and now > until)
