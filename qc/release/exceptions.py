"""What QA holds of each exception of a review: records, and the act that adds them.

An exception is known by all that is said of it: one that says something else is another one, and
open again. What was judged where it arose (a deviation that is closed, an observation, a change of
specification) is not asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import facts
from integrity.acts import UNSAID, Act
from integrity.canonical import digest_of
from integrity.database import By, Document, Record, Session
from integrity.facts import Fact
from integrity.findings import Finding, refuse_if_blocked
from integrity.vocabulary import one_of
from manufacturing.execution.batches import Batch
from qc.release import alerts, exception_rules, release_inputs, rules
from qc.release.actions import ReleaseAction
from qc.release.alert import Alert
from qc.release.exception_rules import Asked, Effect, Held
from qc.release.release_inputs import ReleaseInputs
from qc.release.words import EffectPhrase


class ExceptionVerdict(Record, By):
    """What a reviewer holds of one exception (`sha256` of all that is said of it, `told` in one
    line); the newest of an exception holds.
    """

    __tablename__ = "exception_verdicts"
    __table_args__ = (one_of("effect", Effect),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    sha256: Mapped[str]
    told: Mapped[Any] = mapped_column(Document)  # a fact
    effect: Mapped[str]
    deviation_id: Mapped[int | None] = mapped_column(ForeignKey("deviations.id"))
    reason: Mapped[str | None]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class Judged:
    """An exception with its digest and what is held of it, the newest last."""

    alert: Alert
    sha256: str
    verdicts: Sequence[ExceptionVerdict]

    @property
    def key(self) -> str:
        """By what forms and addresses name it among those of its batch."""
        return self.sha256[:16]

    @property
    def is_asked(self) -> bool:
        """Whether the reviewer says what they hold of it: it is signed, and nobody judged it yet
        where it arose."""
        return self.alert.is_signed and not self.alert.judged_by

    @property
    def is_open(self) -> bool:
        return self.is_asked and not self.verdicts

    @property
    def asked(self) -> Asked:
        return Asked(not self.is_open)


def sha256_of(alert: Alert) -> str:
    """By what an exception is known: everything that is said of it, and what it is of."""
    return digest_of([alert.word, alerts.told(alert), list(alert.cure)])


def of(session: Session, found: ReleaseInputs) -> list[Judged]:
    """Every exception of a batch in the order of its record, with what is held of it."""
    said: dict[str, list[ExceptionVerdict]] = {}
    for each in verdicts_of(session, found.batch.id):
        said.setdefault(each.sha256, []).append(each)
    made = [(alert, sha256_of(alert)) for alert in alerts.of(session, found)]
    return [Judged(alert, sha256, said.get(sha256, ())) for alert, sha256 in made]


def verdicts_of(session: Session, batch_id: int) -> Sequence[ExceptionVerdict]:
    """Everything that was ever held of an exception of a batch, the oldest first."""
    mine = select(ExceptionVerdict).where(ExceptionVerdict.batch_id == batch_id)
    return session.scalars(mine.order_by(ExceptionVerdict.id)).all()


def against_review(made: Sequence[Judged]) -> list[Finding]:
    """Blocks the review while it is open what is held of an exception."""
    return list(exception_rules.all_judged([each.asked for each in made]))


def signed(found: ReleaseInputs, judged: Judged) -> Fact:
    """An exception with what is held of it in one line, as it is signed."""
    told = alerts.told(judged.alert)
    if not judged.verdicts:
        return told
    return facts.message(EffectPhrase.TOLD, told=told, held=held(found, judged.verdicts[-1]))


def held(found: ReleaseInputs, verdict: ExceptionVerdict) -> Fact:
    """What somebody holds of an exception, why, and who."""
    told: dict[str, Fact] = {"reason": verdict.reason or "", "name": verdict.name}
    if verdict.effect == Effect.DEVIATION:
        codes = {each.deviation.id: each.deviation.code for each in found.stories}
        told["code"] = facts.code(codes.get(verdict.deviation_id or 0, ""))
    return facts.message(WORDS[Effect(verdict.effect), bool(verdict.reason)], **told)


WORDS = {
    (Effect.NONE, False): EffectPhrase.NONE,
    (Effect.NONE, True): EffectPhrase.NONE_WHY,
    (Effect.ACCEPTED, False): EffectPhrase.ACCEPTED,
    (Effect.ACCEPTED, True): EffectPhrase.ACCEPTED,
    (Effect.DEVIATION, False): EffectPhrase.DEVIATION,
    (Effect.DEVIATION, True): EffectPhrase.DEVIATION_WHY,
}


def judge(act: Act, batch_id: int, said: Sequence[Held]) -> Batch:
    """QA says what it holds of exceptions of a batch, each for itself.

    Raises Refused for an exception that is another one by now, for no reason where one is wanted,
    and for whoever had a hand in the batch.
    """
    batch = act.session.get_one(Batch, batch_id)
    shown = [batch_id, *said]
    if act.has_answered(ReleaseAction.EXCEPTION_JUDGED, shown):
        return batch
    found = release_inputs.gather(act.session, batch, act.at)
    asked = {each.key: each for each in of(act.session, found) if each.is_asked}
    deviations = {each.deviation.code: each.deviation.id for each in found.stories}
    refuse_if_blocked(
        [
            *rules.may_look_at(found.facts, found.facts.review_gate, act.by.username),
            *exception_rules.may_judge(
                said, {key: each.asked for key, each in asked.items()}, deviations
            ),
        ]
    )
    for each in said:
        made = ExceptionVerdict(
            batch_id=batch.id,
            sha256=asked[each.exception].sha256,
            told=alerts.told(asked[each.exception].alert),
            effect=each.effect,
            deviation_id=deviations.get(each.deviation),
            reason=each.why or None,
            at=act.at,
            name=act.by.name,
        )
        act.add(made)
        act.say(
            ReleaseAction.EXCEPTION_JUDGED,
            made,
            scope=batch.code,
            reason=made.reason,
            facts=shown if each is said[0] else UNSAID,
            details={"exception": made.told, "effect": made.effect, "deviation": each.deviation},
        )
    return batch
