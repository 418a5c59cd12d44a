"""What results say now: by the line that judges them (`judging_versions`) and the amounts of their
batch as they stand. Weight, volume and label claim may be corrected or recorded after a result, and
another version may have been approved for its batch.

Review, pages, record and copies show this verdict; what was signed keeps what was said then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrity import facts
from integrity.database import Session
from integrity.facts import MessageError
from integrity.quantities import Measured, Quantity
from qc.laboratory import batch_amounts, judging_versions
from qc.laboratory.results import Beginning, Result, beginning_of, beginnings_of
from qc.laboratory.rules import beginnings, results as rules
from qc.laboratory.rules.readings import readable
from qc.laboratory.rules.results import INCONCLUSIVE, INTERIM, Basis, Verdict
from qc.laboratory.words import JudgedPhrase
from qc.specifications.model import Line

Begun = Mapping[tuple[int, str], Beginning]


@dataclass(frozen=True)
class Judged:
    """A result as it is judged now: the line, the version that it is of, the verdict, and the
    amounts of its batch that the line judged it with, by their names."""

    line: Line
    specification_id: int
    verdict: Verdict
    amounts: Mapping[str, Quantity]


def as_judged(session: Session, found: Sequence[Result]) -> dict[int, Judged]:
    """{result id: what judges it now, and what it says}."""
    judging = judging_versions.judging(session, found)
    made = {each.id: judging.of(each) for each in found}
    wanted = {each.scope: judging.sources(each) for each in found if made[each.id][0].amounts}
    basis = {scope: batch_amounts.basis_of(session, scope, said) for scope, said in wanted.items()}
    long = {each.container_id for each in found if made[each.id][0].earliest_final}
    begun = beginnings_of(session, long) if long else {}
    return {
        each.id: _judged(each, *made[each.id], basis.get(each.scope, Basis()), begun)
        for each in found
    }


def _judged(result: Result, line: Line, version: int, basis: Basis, begun: Begun) -> Judged:
    known = amounts_of(line, amounts_for(result, basis))
    verdict = judged_for(result, line, basis, beginning_of(begun, result))
    return Judged(line, version, verdict, known)


def standing(session: Session, found: Sequence[Result]) -> dict[int, Verdict]:
    """{result id: what it says now}; an interim reading says what it said."""
    return {number: each.verdict for number, each in as_judged(session, found).items()}


def judged_for(result: Result, line: Line, basis: Basis, began: Beginning | None = None) -> Verdict:
    """What a recorded result says by a line for these amounts, and for the moment at which its test
    `began` as it stands; an interim reading says what it said, on the day that it was, and what the
    line cannot read is not conclusive."""
    try:
        if began and result.verdict == INTERIM and began.began_at != began.first_began_at:
            says = rules.judge(line, result.value, result.unit, result.choice or "", basis)
            return rules.interim(line, says, began.began_at, result.tested_at)
        says = read_for(result, line, basis)
    except MessageError:
        return Verdict(INCONCLUSIVE, result.shown, facts.word(JudgedPhrase.UNREADABLE_NOW))
    return beginnings.final(line, says, began.began_at, result.tested_at) if began else says


def read_for(result: Result, line: Line, basis: Basis) -> Verdict:
    """The same. Raises MessageError where the line cannot read what was typed."""
    if result.verdict == INTERIM:
        return Verdict(INTERIM, result.shown)
    amounts = amounts_for(result, basis)
    return rules.judge(line, result.value, result.unit, result.choice or "", amounts)


def amounts_for(result: Result, basis: Basis) -> Basis:
    """These amounts; one that is not given is the one the result was recorded with."""
    kept = {name: Quantity(*amount) for name, amount in result.basis.items()}
    return Basis(
        basis.volume or kept.get("volume"),
        basis.weight or kept.get("weight"),
        basis.claim or kept.get("claim"),
    )


def amounts_of(line: Line, basis: Basis) -> dict[str, Quantity]:
    """The amounts that judge a line by their names, as far as they are known."""
    known = {name: getattr(basis, name) for name in line.amounts}
    return {name: amount for name, amount in known.items() if amount}


def measured(result: Result, line: Line) -> Measured | None:
    """What was typed as a number; None where the line has none or cannot read it."""
    try:
        return readable(line, result.value, result.unit) if line.kind == "numeric" else None
    except MessageError:
        return None
