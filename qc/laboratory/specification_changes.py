"""A change of specification for one batch by its name: what is signed, and the act.

Its results are judged anew by that version, and what fails then opens its deviation; a version
that cannot read one of them is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents import register as documents
from documents.kinds import Kind
from documents.register import ControlledDocument
from documents.words import Term
from integrity import facts, signatures, states
from integrity.acts import Act
from integrity.database import Session
from integrity.facts import Fact, MessageError, Pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.words import Phrase
from manufacturing.execution.batches import Batch
from qc.laboratory import batch_amounts, oos_phases, rejudging, results, verdicts
from qc.laboratory.actions import LaboratoryAction
from qc.laboratory.judging_versions import SpecificationChange, judged_by
from qc.laboratory.results import Result
from qc.laboratory.rule_ids import LaboratoryRule
from qc.laboratory.rules import specification_change as rules
from qc.laboratory.rules.results import ACTIVE, INTERIM, Basis
from qc.laboratory.rules.specification_change import Change, Rejudged, Retested
from qc.laboratory.words import LaboratoryPhrase, LaboratoryTerm
from qc.specifications import register
from qc.specifications.model import Contents, Line
from qc.specifications.words import gate_word
from stores.rules import DISPOSITION


@dataclass(frozen=True)
class Versions:
    """The version that judges a batch now, and the one that is to judge it."""

    batch: Batch
    now: ControlledDocument
    becomes: ControlledDocument
    said_now: Contents
    said_then: Contents


def versions(session: Session, batch_id: int, specification_id: int) -> Versions:
    """Both with what they say. Refused where the other one is no specification."""
    batch = session.get_one(Batch, batch_id)
    becomes = documents.by_id(session, specification_id, Kind.SPECIFICATION)
    if becomes is None:
        raise Refused(blocks(LaboratoryRule.OTHER_SPECIFICATION))
    now = session.get_one(ControlledDocument, judged_by(session, [batch])[batch.id])
    said = register.contents_by_id(session, {now.id, becomes.id})
    return Versions(batch, now, becomes, said[now.id], said[becomes.id])


def change_facts(session: Session, batch_id: int, specification_id: int) -> list[Pair]:
    """Exactly what is shown and signed: both versions with their digests, and every line in which
    they differ."""
    found = versions(session, batch_id, specification_id)
    return [
        facts.pair(Term.BATCH, facts.code(found.batch.code)),
        facts.pair(LaboratoryTerm.JUDGED_NOW, _cited(found.now)),
        facts.pair(LaboratoryTerm.JUDGED_THEN, _cited(found.becomes)),
        *_differences(found),
    ]


def _cited(document: ControlledDocument) -> Fact:
    return facts.message(Phrase.DOCUMENT_DIGEST, document=document.named, sha256=document.sha256)


def _differences(found: Versions) -> Iterator[Pair]:
    was, becomes = found.said_now.by_id, found.said_then.by_id
    for test in dict.fromkeys([*was, *becomes]):
        old, new = was.get(test), becomes.get(test)
        if old != new:
            named = new or old
            assert named
            yield (
                named.test,
                facts.message(LaboratoryPhrase.LINE_CHANGED, was=_said(old), becomes=_said(new)),
            )


def _said(line: Line | None) -> Fact:
    if line is None:
        return facts.word(LaboratoryPhrase.NO_LINE)
    said = LaboratoryPhrase.REQUIRED_LINE if line.required else LaboratoryPhrase.OPTIONAL_LINE
    gate = gate_word(line.gate)
    return facts.message(said, limit=line.limit_fact, method=line.method_fact, gate=gate)


# Judging anew
# -------------------------------------------------------------------------------------------------


def _valid(session: Session, batch: Batch) -> list[Result]:
    """The valid final results of a batch."""
    found = results.of_scope(session, batch.code)
    where = results.states_of(session, found)
    return [each for each in found if where[each.id] in ACTIVE and each.verdict != INTERIM]


def _rejudged(session: Session, found: Versions, valid: Sequence[Result]) -> list[Rejudged]:
    """What the valid results say now, and by the other version."""
    says = verdicts.as_judged(session, valid)
    basis = batch_amounts.basis_of(session, found.batch.code, found.said_then.sources)
    return [
        Rejudged(
            says[each.id].line.test,
            says[each.id].verdict.word,
            _becomes(each, found.said_then.line(each.test), basis),
        )
        for each in valid
    ]


def _becomes(result: Result, line: Line | None, basis: Basis) -> str | None:
    if line is None:
        return ""
    try:
        return verdicts.read_for(result, line, basis).word
    except MessageError:
        return None


def _retested(session: Session, found: Versions, every: Sequence[Result]) -> list[Retested]:
    """The plans of retests that hold in the batch."""
    planned, _ = oos_phases.plans_of(session, [found.batch.code])
    made = []
    for (_, test), (plan, deviation) in planned.items():
        line = found.said_now.line(test)
        left = max((plan.retests or 0) - oos_phases.done_by(session, plan, every), 0)
        has_line = found.said_then.line(test) is not None
        made.append(Retested(line.test if line else test, deviation.code, left, has_line))
    return made


def _change(session: Session, found: Versions, act: Act) -> Change:
    valid = _valid(session, found.batch)
    every = results.of_scope(session, found.batch.code)
    return Change(
        named=found.becomes.named,
        is_same_code=found.becomes.code == found.now.code,
        state=documents.state(session, found.becomes, act.at),
        is_judging=found.becomes.id == found.now.id,
        disposition=states.of(session, found.batch, DISPOSITION) or "",
        results=_rejudged(session, found, valid),
        analysts={each.username for each in valid},
        investigated=[each.code for each in oos_phases.investigated(session, every)],
        retested=_retested(session, found, every),
    )


def change(act: Act, batch_id: int, specification_id: int, *, seal: Seal) -> SpecificationChange:
    """Quality assurance approves by signature that one batch is judged by another version; the
    seal's comment is the reason."""
    signed = [batch_id, specification_id, seal.reviewed]
    if earlier := act.once(LaboratoryAction.SPECIFICATION_CHANGED, signed):
        return act.session.get_one(SpecificationChange, earlier)
    found = versions(act.session, batch_id, specification_id)
    now = _change(act.session, found, act)
    refuse_if_blocked(rules.may_change(now, act.by.username, seal.comment))
    batch = found.batch
    shown = change_facts(act.session, batch_id, specification_id)
    signatures.sign(act, seal, Meaning.APPROVED, batch, shown, scope=batch.itself)
    made = SpecificationChange(
        batch_id=batch_id,
        specification_id=specification_id,
        reason=seal.comment or "",
        at=act.at,
        name=act.by.name,
    )
    act.add(made)
    rejudging.judge_anew(act, _valid(act.session, batch), seal.comment)
    act.say(
        LaboratoryAction.SPECIFICATION_CHANGED,
        made,
        scope=batch.code,
        reason=seal.comment,
        facts=signed,
        details={"was": found.now.named, "becomes": found.becomes.named},
    )
    return made
