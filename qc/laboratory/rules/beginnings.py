"""The law of when a long test began, where that is put right: its end follows from it, and what was
read by the moment that was said before is judged anew. Pure: facts in, findings out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from integrity.facts import instant, word
from integrity.findings import Classification, Finding, Weight, blocks, deviates
from integrity.verdicts import CONFORMS, INCONCLUSIVE
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules.custody import in_custody, started, still_there
from qc.laboratory.rules.results import Verdict, earliest_final
from qc.laboratory.words import JudgedPhrase
from qc.specifications.model import Line


@dataclass(frozen=True)
class Read:
    """One valid word on a long test: when it was read, whether it is final, what it says by
    itself."""

    tested_at: datetime
    is_final: bool
    word: str


@dataclass(frozen=True)
class Beginning:
    """What is known of a beginning that is put right: when the sample was pulled, received and
    gone, when the start was recorded, how late it may be told, and what was read since."""

    line: Line
    pulled_at: datetime
    received_at: datetime | None
    gone_at: datetime | None
    recorded_at: datetime
    late: timedelta
    read: tuple[Read, ...] = ()


def against(said: Beginning, was: datetime, becomes: datetime) -> list[Finding]:
    """What speaks against this moment, and did not speak against the one before (TIM-06, QC-08)."""
    known = {each.rule for each in _told(said, was)}
    read = {_of_one(each) for each in read_too_early(said.line, was, said.read)}
    told = [
        each
        for each in _told(said, becomes)
        if each.weight is Weight.BLOCKS or each.rule not in known
    ]
    early = read_too_early(said.line, becomes, said.read)
    return [*told, *(each for each in early if _of_one(each) not in read)]


def _of_one(found: Finding) -> tuple[str, str]:
    return found.rule, str(found.parameters["tested"])


def _told(said: Beginning, began: datetime) -> Iterator[Finding]:
    if began > said.recorded_at:
        yield blocks(
            LaboratoryRule.BEGUN_AFTER_RECORD, "began_at", recorded=instant(said.recorded_at)
        )
    yield from started(said.line, began, said.pulled_at, said.recorded_at, said.late)
    yield from in_custody(said.line, said.received_at, began, "began_at")
    yield from still_there(said.gone_at, began, "began_at")


def read_too_early(line: Line, began: datetime, read: Iterable[Read]) -> Iterator[Finding]:
    """What was read before the test began, and final results from before its earliest end."""
    end = earliest_final(line, began)
    for each in read:
        if each.tested_at < began:
            yield deviates(
                LaboratoryRule.READ_BEFORE_THE_START,
                Classification.MAJOR,
                test=line.test,
                tested=instant(each.tested_at),
                began=instant(began),
            )
        elif each.is_final and each.word == CONFORMS and end and each.tested_at < end:
            yield deviates(
                LaboratoryRule.FINAL_TOO_EARLY,
                Classification.MAJOR,
                test=line.test,
                tested=instant(each.tested_at),
                end=instant(end),
            )


def final(line: Line, says: Verdict, began: datetime, tested_at: datetime) -> Verdict:
    """What a final result says by the moment at which its test began: one that conforms before the
    earliest end tells nothing."""
    end = earliest_final(line, began)
    if says.word != CONFORMS or end is None or tested_at >= end:
        return says
    return replace(says, word=INCONCLUSIVE, why=word(JudgedPhrase.READ_TOO_EARLY))
