"""The law of pulled samples: each test that a sample was pulled for is there, or somebody of QC has
signed why not; and the last passage has its in-process reading. Pure: facts in, findings out."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from integrity import reasons
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from qc.laboratory.rule_ids import LaboratoryRule
from qc.specifications.model import Line


class Untested(enum.StrEnum):
    """Why a sample was not tested; what follows later is not needed before the final release."""

    LOST = "lost"
    NOT_NEEDED = "not needed"
    FOLLOWS = "follows"


SETTLED = (Untested.LOST, Untested.NOT_NEEDED)  # nothing more of it is awaited


@dataclass(frozen=True)
class PulledTest:
    """One test that a sample was pulled for: what was sampled, by which entry, its line (None: the
    specification has none), how far it is, and why it was not tested."""

    sample: str
    kind: str
    entry_id: int | None
    test: str
    line: Line | None
    is_tested: bool = False
    is_read: bool = False
    is_unfit: bool = False
    why: str | None = None

    @property
    def named(self) -> Fact:
        return self.line.test if self.line else self.test


class Reading(enum.StrEnum):
    """How far the in-process test of the last passage is."""

    ABSENT = "absent"
    UNREAD = "unread"
    READ = "read"


@dataclass(frozen=True)
class InProcess:
    """What a line asks of the last passage, and whether it is there."""

    line: Line
    reading: str
    sample: str | None = None


def is_done(test: str, line: Line | None, done: Collection[str]) -> bool:
    """Whether a test that a sample was pulled for is there: its own reviewed final result, or all
    of those that may stand in for it."""
    return test in done or bool(line and line.instead and set(done).issuperset(line.instead))


def unexplained(found: Sequence[PulledTest], gate: str) -> Iterator[PulledTest]:
    """The tests of samples that nobody did and nobody explained, as a gate looks at them.

    What was received unfit has its deviation; a required line blocks by itself.
    """
    for each in found:
        line = each.line
        is_late = line is not None and line.gate == "final" and gate == "initial"
        by_itself = line is not None and line.required and line.gate != "information"
        if not (each.is_tested or each.is_unfit or is_late or by_itself or _explained(each, gate)):
            yield each


def _explained(each: PulledTest, gate: str) -> bool:
    return each.why in SETTLED or (each.why == Untested.FOLLOWS and gate == "initial")


def in_process(line: Line, found: Sequence[PulledTest], last: frozenset[int]) -> InProcess:
    """Whether a line's sample of the last passage is there and read; `last` are the entries of that
    passage."""
    mine = [
        each
        for each in found
        if each.test == line.id and each.kind == line.in_process and each.entry_id in last
    ]
    if not mine:
        return InProcess(line, Reading.ABSENT)
    waiting = next((each for each in mine if not each.is_read), None)
    if waiting:
        return InProcess(line, Reading.UNREAD, waiting.sample)
    return InProcess(line, Reading.READ, mine[-1].sample)


def may_explain(
    is_asked: bool, is_tested: bool, is_planned: bool, why: str, reason: str | None
) -> Iterator[Finding]:
    """Explained is what the sample was pulled for and has no result, with a reason; a retest that
    was planned is done."""
    if not is_asked:
        yield blocks(LaboratoryRule.NOT_PULLED_FOR)
    if is_tested:
        yield blocks(LaboratoryRule.TESTED_ALREADY)
    if is_planned:
        yield blocks(LaboratoryRule.RETEST_WAITS)
    if why not in tuple(Untested):
        yield blocks(LaboratoryRule.UNTESTED_UNREAD)
    yield from reasons.wanted(LaboratoryRule.UNTESTED_REASON, reason, "comment")
