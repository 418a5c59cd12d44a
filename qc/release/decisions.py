"""Release: the signed decisions on a batch.

Stage 1 and final issue a certificate; reject, withdraw and hold end it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import CompoundSelect, Select, func, select, union

from integrity import facts, signatures, states
from integrity.acts import Act
from integrity.canonical import digest_of
from integrity.database import Session
from integrity.facts import Fact, Pair
from integrity.findings import Finding, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal
from integrity.words import state_word
from manufacturing.execution import batches
from manufacturing.execution.batches import Batch
from manufacturing.execution.rules.batches import EXECUTION, ExecutionState
from qc.release import (
    certificates,
    certified_statement,
    decision_facts,
    release_inputs,
    review_by_exception,
    rules,
)
from qc.release.actions import ReleaseAction
from qc.release.certificates import Certificate, CertificateState, Issue
from qc.release.release_inputs import ReleaseInputs
from qc.release.rule_ids import ReleaseRule
from qc.release.situation import FINAL, INITIAL, RELEASED_AT
from qc.release.words import ReleasePhrase, ReleaseTerm
from stores.rules import DISPOSITION, Disposition

LOOPBACK = "http://127.0.0.1:8000"
MEANINGS = {INITIAL: Meaning.CERTIFIED, FINAL: Meaning.RELEASED}
# What the signature of another decision means, by what the batch becomes; to lift a hold approves.
DECIDED: dict[str, Meaning] = {
    Disposition.ON_HOLD: Meaning.REVIEWED,
    Disposition.REJECTED: Meaning.REJECTED,
    Disposition.RECALLED: Meaning.REJECTED,
}
DESKS = {"waiting": "Waiting for release", "stage1": "Released at stage 1", "decided": "Decided"}
_DECIDED = (
    Disposition.RELEASED,
    Disposition.REJECTED,
    Disposition.RECALLED,
    Disposition.EXCEPTIONAL_SUPPLY,
)
Facts = list[Pair]


# Questions
# -------------------------------------------------------------------------------------------------


def listed(which: str = "waiting") -> Select[tuple[Batch]]:
    """Batches for the desk.

    "waiting" (complete, under review or held, undecided, or released with a certificate that is to
    be issued anew), "stage1" (released at stage 1), or "decided".
    """
    return select(Batch).where(Batch.id.in_(_standing(which))).order_by(Batch.id.desc())


def _standing(which: str) -> CompoundSelect[tuple[int]] | Select[tuple[int]]:
    kind = Batch.__tablename__
    if which == "stage1":
        return states.standing(kind, DISPOSITION, Disposition.RELEASED_STAGE_1)
    if which == "decided":
        return states.standing(kind, DISPOSITION, *_DECIDED)
    return union(
        states.standing(kind, DISPOSITION, Disposition.UNDER_REVIEW, Disposition.ON_HOLD),
        certificates.batches_under_review(),
        states.standing_in_both(
            kind, (DISPOSITION, Disposition.QUARANTINE), (EXECUTION, ExecutionState.COMPLETE)
        ),
    )


def counts(session: Session) -> dict[str, int]:
    """{tab of the desk: how many batches stand there}."""
    counted = [
        select(func.count()).select_from(_standing(which).subquery()).scalar_subquery()
        for which in DESKS
    ]
    return dict(zip(DESKS, session.execute(select(*counted)).one(), strict=True))


def release_facts(session: Session, batch_id: int, stage: str, at: datetime | None = None) -> Facts:
    """Exactly what a release at a stage ("initial" or "final") shows and signs."""
    found = release_inputs.gather(
        session, session.get_one(Batch, batch_id), release_inputs.moment(session, at)
    )
    return certified_statement.pairs(certified_statement.statement(session, found, stage))


def release_stage_1_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    return release_facts(session, batch_id, INITIAL, at)


def release_final_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    return release_facts(session, batch_id, FINAL, at)


def reject_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    return _decision_facts(session, batch_id, facts.word(ReleasePhrase.REJECT), at)


def withdraw_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    return _decision_facts(session, batch_id, facts.word(ReleasePhrase.WITHDRAW), at)


def resume_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    state = state_word(before_hold(session, batch_id))
    found = release_inputs.gather(
        session, session.get_one(Batch, batch_id), release_inputs.moment(session, at)
    )
    shown = decision_facts.facts_of(
        session, found, facts.message(ReleasePhrase.RESUME, state=state)
    )
    if reviewed := _reviewed_certificate(session, found):
        certificate, holds = reviewed
        follows = ReleasePhrase.IN_FORCE_AGAIN if holds else ReleasePhrase.TO_BE_ISSUED_ANEW
        said = facts.message(follows, certificate=certificate.named)
        shown.append(facts.pair(ReleaseTerm.CERTIFICATE, said))
    return shown


def _decision_facts(session: Session, batch_id: int, decision: Fact, at: datetime | None) -> Facts:
    found = release_inputs.gather(
        session, session.get_one(Batch, batch_id), release_inputs.moment(session, at)
    )
    return decision_facts.facts_of(session, found, decision)


def before_hold(session: Session, batch_id: int) -> str:
    """Where the batch stood before its newest hold."""
    held = states.newest_moves(session, [batch_id], DISPOSITION, Disposition.ON_HOLD)
    return (held[batch_id].was if held else None) or Disposition.QUARANTINE


def _reviewed_certificate(
    session: Session, found: ReleaseInputs
) -> tuple[Certificate, bool] | None:
    """The certificate of a batch that is under review, and whether it says what is so now."""
    made = certificates.of_batch(session, found.batch.id)[-1:]
    where = certificates.states_of(session, made)
    for each in made:
        if where[each.id] == CertificateState.UNDER_REVIEW:
            said = certified_statement.statement(session, found, each.stage)
            return each, certificates.certifies(each, said)
    return None


# Acts
# -------------------------------------------------------------------------------------------------


def release_stage_1(act: Act, batch_id: int, *, seal: Seal, address: str = LOOPBACK) -> Certificate:
    """Certify at stage 1.

    Every initial result conforms, the late ones are pending and listed (REL-04).
    """
    return _release(act, batch_id, INITIAL, seal, address)


def release_final(act: Act, batch_id: int, *, seal: Seal, address: str = LOOPBACK) -> Certificate:
    """Release: every required result conforms.

    `address` is what the QR of the certificate begins with.
    """
    return _release(act, batch_id, FINAL, seal, address)


def _release(act: Act, batch_id: int, stage: str, seal: Seal, address: str) -> Certificate:
    signed, action = [batch_id, stage, seal.reviewed], ReleaseAction(f"release.{stage}")
    if act.once(action, signed):
        return certificates.of_batch(act.session, batch_id)[-1]
    found = release_inputs.gather(act.session, act.session.get_one(Batch, batch_id), act.at)
    refuse_if_blocked(
        [
            *rules.may_release(found.facts, stage, act.by.username),
            *review_by_exception.whole(act.session, found),
        ]
    )
    said = certified_statement.statement(act.session, found, stage)
    signature = signatures.sign(
        act,
        seal,
        MEANINGS[stage],
        found.batch,
        certified_statement.pairs(said),
        scope=found.batch.itself,
    )
    batches.mark(act, found.batch, RELEASED_AT[stage], reason=seal.comment)
    event = act.say(
        action,
        found.batch,
        scope=found.batch.code,
        reason=seal.comment,
        facts=signed,
        details={
            "facts_sha256": digest_of(said),
            "pending": [each["test"] for each in said["pending"]],
        },
    )
    # The paper names the release event, so it is drawn after it (certificate_files.drawn).
    return certificates.issue(act, found.batch, Issue(said, signature, event, address))


def reissue(act: Act, batch_id: int, *, seal: Seal, address: str = LOOPBACK) -> Certificate:
    """Issue the certificate of a released batch anew, as its next version with a reason, from the
    facts as they are now (REL-08).
    """
    batch = act.session.get_one(Batch, batch_id)
    stage = _stage_issued(act.session, batch_id)
    signed = [batch_id, "reissue", seal.reviewed]
    if act.once(ReleaseAction.RELEASE_REISSUED, signed):
        return certificates.of_batch(act.session, batch_id)[-1]
    found = release_inputs.gather(act.session, batch, act.at)
    refuse_if_blocked(
        [
            *rules.may_reissue(found.facts, stage, act.by.username),
            *rules.reason_given(seal.comment),
            *review_by_exception.whole(act.session, found),
        ]
    )
    said = certified_statement.statement(act.session, found, stage)
    signature = signatures.sign(
        act, seal, MEANINGS[stage], batch, certified_statement.pairs(said), scope=batch.itself
    )
    event = act.say(
        ReleaseAction.RELEASE_REISSUED,
        batch,
        scope=batch.code,
        reason=seal.comment,
        facts=signed,
        details={"facts_sha256": digest_of(said)},
    )
    return certificates.issue(act, batch, Issue(said, signature, event, address, seal.comment))


def reissue_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    """What is signed when a certificate is issued anew: the facts as they are now."""
    return release_facts(session, batch_id, _stage_issued(session, batch_id), at)


def _stage_issued(session: Session, batch_id: int) -> str:
    """The stage of the newest certificate; of a first one where none was issued, which the law
    refuses to issue anew.
    """
    issued = certificates.of_batch(session, batch_id)
    return issued[-1].stage if issued else INITIAL


def hold_facts(session: Session, batch_id: int, at: datetime | None = None) -> Facts:
    return _decision_facts(session, batch_id, facts.word(ReleasePhrase.HOLD), at)


def hold(act: Act, batch_id: int, *, seal: Seal) -> Batch:
    """Put a batch with its containers on hold, at any time; its certificate is under review."""

    def review(_: ReleaseInputs) -> None:
        reason = seal.comment or ""
        cause = blocks(ReleaseRule.HELD_BY_HAND, name=act.by.name, reason=reason)
        certificates.put_under_review(act.inner(), [batch_id], cause, reason)

    return _decide(act, batch_id, Disposition.ON_HOLD, rules.may_hold, hold_facts, seal, review)


def reject(act: Act, batch_id: int, *, seal: Seal) -> Batch:
    """Reject a batch with its containers; a certificate of stage 1 is withdrawn with it."""
    return _decide(act, batch_id, Disposition.REJECTED, rules.may_reject, reject_facts, seal)


def withdraw(act: Act, batch_id: int, *, seal: Seal) -> Batch:
    """Withdraw a release: the certificate counts no more, batch and containers are recalled."""
    return _decide(act, batch_id, Disposition.RECALLED, rules.may_withdraw, withdraw_facts, seal)


def resume(act: Act, batch_id: int, *, seal: Seal) -> Batch:
    """Lift a hold: the batch returns to what it was.

    Its certificate is in force again where it says what is so now; otherwise QA has reviewed what
    changed, and it stays under review, with what was released on it, until it is issued anew.
    """

    def against(found: ReleaseInputs) -> Iterable[Finding]:
        reviewed = _reviewed_certificate(act.session, found)
        is_certified = reviewed is None or reviewed[1]
        return rules.may_lift(found.facts, act.by.username, is_certified=is_certified)

    def restore(found: ReleaseInputs) -> None:
        reviewed = _reviewed_certificate(act.session, found)
        if reviewed and reviewed[1]:
            certificates.put_in_force(act.inner(), reviewed[0], seal.comment)

    was = before_hold(act.session, batch_id)
    return _decide(act, batch_id, was, rules.may_resume, resume_facts, seal, restore, against)


def _decide(
    act: Act,
    batch_id: int,
    becomes: str,
    law: Callable[..., Iterable[Finding]],
    shown: Callable[..., Facts],
    seal: Seal,
    then: Callable[[ReleaseInputs], None] = lambda _: None,
    against: Callable[[ReleaseInputs], Iterable[Finding]] = lambda _: (),
) -> Batch:
    """One decision, once; `then` is what follows from it for the certificate, and is handed the
    batch as it stood before, `against` what else speaks against it.
    """
    batch, signed, action = (
        act.session.get_one(Batch, batch_id),
        [batch_id, becomes, seal.reviewed],
        ReleaseAction(f"release.{law.__name__[4:]}"),
    )
    if act.once(action, signed):
        return batch
    found = release_inputs.gather(act.session, batch, act.at)
    refuse_if_blocked([*law(found.facts, seal.comment), *against(found)])
    meaning = DECIDED.get(becomes, Meaning.APPROVED)
    signatures.sign(
        act, seal, meaning, batch, shown(act.session, batch_id, act.at), scope=batch.itself
    )
    batches.mark(act, batch, becomes, reason=seal.comment)
    if meaning is Meaning.REJECTED:
        certificates.withdraw(act, batch, seal.comment or "")
    act.say(
        action,
        batch,
        scope=batch.code,
        reason=seal.comment,
        facts=signed,
        details={"becomes": becomes},
    )
    then(found)
    return batch
