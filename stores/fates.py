"""What became of a container: issued to a consignee, returned, given, destroyed.

An issue and a destruction are recorded by one person and hold once a second one has signed, and so
does whatever is told late; that a container came back or was given is recorded by one. It stands on
an axis of its own beside the disposition, which goes on following the batch: what was issued is
recalled with its batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from integrity import dependents, facts, site, states, subjects, vocabulary
from integrity.acts import Act
from integrity.database import By, Session
from integrity.facts import Pair
from integrity.findings import Refused, blocks, refuse_if_blocked
from integrity.signatures import Meaning, Seal, sign
from integrity.subjects import Scoped, SubjectRecord
from integrity.vocabulary import one_of
from integrity.words import person, state_word
from stores import (
    answers,
    containers,
    fate_rules as rules,
    holds,
    papers,
    printed_labels,
    sightings,
    standing,
)
from stores.actions import FateAction
from stores.answers import FATE, Answer
from stores.containers import Container
from stores.fate_rules import Fate, FateState, ReturnedAs
from stores.rule_ids import StoreRule
from stores.rules import Disposition
from stores.standing import Word
from stores.words import ReturnWord, StoreTerm

AXIS = vocabulary.axis("fate record", FateState)
RECORDED = {
    Fate.ISSUED: FateAction.CONTAINER_ISSUE_RECORDED,
    Fate.RETURNED: FateAction.CONTAINER_RETURN_RECORDED,
    Fate.USED: FateAction.CONTAINER_USE_RECORDED,
    Fate.DESTROYED: FateAction.CONTAINER_DESTRUCTION_RECORDED,
}
CONFIRMED = {
    Fate.ISSUED: FateAction.CONTAINER_ISSUED,
    Fate.RETURNED: FateAction.CONTAINER_RETURNED,
    Fate.USED: FateAction.CONTAINER_USED,
    Fate.DESTROYED: FateAction.CONTAINER_DESTROYED,
}


class ContainerFate(SubjectRecord, Scoped, By):
    """What one person recorded of a container: what becomes of it, when as claimed, and when it was
    recorded.

    An issue names its consignee (a site or department, never a patient), a return the state in
    which the container came back; everything but an issue says why, and an issue why it is told
    late. One that corrects another says all of it anew, and why.
    """

    __tablename__ = "container_fates"
    __table_args__ = (
        subjects.by_scope(),
        subjects.by_key_and_code("container_id", "code"),
        one_of("fate", Fate),
        one_of("condition", ReturnedAs),
        CheckConstraint("fate != 'issued' OR consignee IS NOT NULL", name="consignee"),
        CheckConstraint("fate = 'issued' OR reason IS NOT NULL", name="why"),
        CheckConstraint("fate != 'returned' OR condition IS NOT NULL", name="came_back"),
        CheckConstraint("corrects_id IS NULL OR why IS NOT NULL", name="put_right"),
        Index("container_fates_by_container", "container_id"),
    )

    container_id: Mapped[int] = mapped_column(ForeignKey("containers.id"))
    code: Mapped[str]
    fate: Mapped[str]
    done_at: Mapped[datetime]
    consignee: Mapped[str | None]
    reason: Mapped[str | None]
    condition: Mapped[str | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("container_fates.id"), index=True)
    why: Mapped[str | None]
    at: Mapped[datetime]
    name: Mapped[str]


@dataclass(frozen=True)
class FateFacts:
    """What somebody says of a container (its bare code); `done_at` None is now."""

    code: str
    fate: str
    done_at: datetime | None = None
    consignee: str = ""
    reason: str = ""
    condition: str = ""


# Acts
# -------------------------------------------------------------------------------------------------


def record(act: Act, said: FateFacts) -> ContainerFate:
    """Record what becomes of a container.

    An issue, a destruction and what is told late wait for the signature of a second person. Raises
    Refused for what the law has against it (fate_rules), for an issue in the one line that a scan
    would say.
    """
    fate = Fate(said.fate)
    container = containers.by_code(act.session, said.code)
    if container is None:
        raise Refused(blocks(StoreRule.CONTAINER_UNKNOWN))
    if act.once(RECORDED[fate], said) or act.once(CONFIRMED[fate], said):
        return of(act.session, container.id)[0].record
    found, told = situation(act.session, container, said, act.at)
    refuse_if_blocked(rules.may_become(found, told))
    made = act.add(_record(act, container, said))
    if rules.needs_two(found, told):
        states.move(
            act, made, AXIS, FateState.WAITING, allowed=rules.STATE_MOVES, reason=made.reason
        )
        say(act, RECORDED[fate], made, container, said)
        return made
    states.move(act, made, AXIS, FateState.CONFIRMED, allowed=rules.STATE_MOVES, reason=made.reason)
    states.move(act, container, FATE, fate, allowed=rules.FATE_MOVES, reason=made.reason)
    say(act, CONFIRMED[fate], made, container, said)
    dependents.changed(act, made)
    return made


def _record(act: Act, container: Container, said: FateFacts) -> ContainerFate:
    return ContainerFate(
        scope_id=container.scope_id,
        scope=container.scope,
        container_id=container.id,
        code=container.code,
        fate=said.fate,
        done_at=said.done_at or act.at,
        consignee=said.consignee.strip() or None,
        reason=said.reason.strip() or None,
        condition=said.condition or None,
        at=act.at,
        name=act.by.name,
    )


def confirm(act: Act, fate_id: int, *, seal: Seal) -> ContainerFate:
    """The second person signs what was recorded, which holds from then on; it is judged again."""
    made, signed = act.session.get_one(ContainerFate, fate_id), [fate_id, seal.reviewed]
    if act.once(CONFIRMED[Fate(made.fate)], signed):
        return made
    container = act.session.get_one(Container, made.container_id)
    state = states.of(act.session, made, AXIS)
    refuse_if_blocked(rules.may_confirm(state, made.username, act.by.username))
    found, said = situation(act.session, container, _said(made), act.at, confirming=True)
    refuse_if_blocked(rules.may_become(found, said))
    shown = facts_of(act.session, fate_id, act.at)
    sign(act, seal, Meaning.VERIFIED, made, shown, scope=made.within)
    states.move(act, made, AXIS, FateState.CONFIRMED, allowed=rules.STATE_MOVES)
    states.move(act, container, FATE, made.fate, allowed=rules.FATE_MOVES, reason=made.reason)
    say(act, CONFIRMED[Fate(made.fate)], made, container, signed)
    dependents.changed(act, made)
    return made


def withdraw(act: Act, fate_id: int, *, reason: str) -> ContainerFate:
    """Withdraw what waits for its second person: the container is what it was all the time."""
    made, said = act.session.get_one(ContainerFate, fate_id), [fate_id, reason]
    if act.once(FateAction.CONTAINER_RECORD_WITHDRAWN, said):
        return made
    refuse_if_blocked(rules.may_withdraw(states.of(act.session, made, AXIS), reason))
    states.move(act, made, AXIS, FateState.WITHDRAWN, allowed=rules.STATE_MOVES, reason=reason)
    container = act.session.get_one(Container, made.container_id)
    say(act, FateAction.CONTAINER_RECORD_WITHDRAWN, made, container, said, reason)
    return made


def say(
    act: Act,
    action: FateAction,
    made: ContainerFate,
    container: Container,
    said: object,
    reason: str | None = None,
) -> None:
    """One event about the container, so that it stands in its history (inner act)."""
    told = {"code": made.code, "fate": made.fate, "done_at": made.done_at}
    more = {"consignee": made.consignee, "condition": made.condition}
    act.say(
        action,
        container,
        scope=made.scope,
        reason=reason or made.why or made.reason,
        facts=said,
        details=told | {name: value for name, value in more.items() if value},
    )


# What the law looks at
# -------------------------------------------------------------------------------------------------


def situation(
    session: Session,
    container: Container,
    said: FateFacts,
    at: datetime,
    *,
    confirming: bool = False,
) -> tuple[rules.Situation, rules.Said]:
    """A container and what is said of it, as the law looks at both; what is `confirming` does not
    wait for itself.
    """
    answer = answers.of(session, [container.id], at)[container.id]
    told = of(session, container.id)
    done_at = said.done_at or at
    before = [each.record.done_at for each in told if each.stands]
    found = rules.Situation(
        code=container.code,
        kind=container.kind,
        words=answer.words,
        sentence=answer.sentence,
        fate=answer.fate,
        since=rules.newest(container.made_at, before, sightings.of(session, container.id)),
        at=at,
        waits=not confirming and any(each.state == FateState.WAITING for each in told),
        is_mislabelled=printed_labels.is_untrue(session, container),
        was_usable=_was_usable(session, container, min(end_of_minute(done_at), at)),
        in_doubt=answer.in_doubt,
        expires_at=answer.expires_at,
        late_after=site.late_after(session, done_at) if said.done_at else timedelta(0),
    )
    return found, rules.Said(said.fate, done_at, said.consignee, said.reason, said.condition)


def _was_usable(session: Session, container: Container, at: datetime) -> bool:
    was = states.as_of(session, container, containers.AXIS, at)
    is_free = was in standing.ALLOWS and not holds.was_held(session, container.id, at)
    return is_free and not papers.was_under_review(session, container.scope_id, at)


def forbidden_when(session: Session, made: ContainerFate) -> Word | None:
    """The word by which a container was to be given to nobody in the whole minute in which it is
    said to have been, however it came to whoever had it; None where it might."""
    container = session.get_one(Container, made.container_id)
    last = forbidden_at(session, container, min(end_of_minute(made.done_at), made.at))
    return last and forbidden_at(session, container, made.done_at)


def forbidden_at(session: Session, container: Container, at: datetime) -> Word | None:
    """The same at a moment."""
    was = states.as_of(session, container, containers.AXIS, at)
    if was not in standing.ALLOWS:
        return Word(was or Disposition.QUARANTINE)
    is_doubted = papers.was_under_review(session, container.scope_id, at)
    return Word.ON_HOLD if is_doubted or holds.was_held(session, container.id, at) else None


def end_of_minute(at: datetime) -> datetime:
    """A time is typed to the minute, so that what was done within it is not before itself."""
    return at.replace(second=59, microsecond=999_000)


def _said(made: ContainerFate) -> FateFacts:
    return FateFacts(
        made.code,
        made.fate,
        made.done_at,
        made.consignee or "",
        made.reason or "",
        made.condition or "",
    )


# Questions
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What was recorded of a container, how far that is, and what is said instead, where that was
    put right since."""

    record: ContainerFate
    state: str
    instead: ContainerFate | None = None

    @property
    def stands(self) -> bool:
        """Whether two people, or the one it takes, said so and nothing is said in its place."""
        return self.state == FateState.CONFIRMED and self.instead is None


def of(session: Session, container_id: int) -> list[Told]:
    """Everything that was recorded of a container, the newest first."""
    wanted = select(ContainerFate).where(ContainerFate.container_id == container_id)
    return _told(session, session.scalars(wanted.order_by(ContainerFate.id.desc())).all())


def gone_at(session: Session, container_id: int) -> datetime | None:
    """Since when there is nothing left of a container, as two people signed it; None while it is
    there.
    """
    for told in of(session, container_id):
        if told.stands and told.record.fate in rules.GONE:
            return told.record.done_at
    return None


def of_later(session: Session, ids: Iterable[int], at: datetime) -> frozenset[int]:
    """Those of these containers of which something became, the first thing after a moment: they
    were still there."""
    wanted = select(ContainerFate).where(ContainerFate.container_id.in_(list(ids)))
    began: dict[int, datetime] = {}
    for told in _told(session, session.scalars(wanted).all()):
        if told.stands:
            made = told.record
            began[made.container_id] = min(made.done_at, began.get(made.container_id, made.done_at))
    return frozenset(number for number, done_at in began.items() if done_at > at)


def in_scope(session: Session, scope_id: int) -> dict[int, list[Told]]:
    """{container id: everything recorded of it, the newest first} of a batch, in two queries."""
    wanted = select(ContainerFate).where(ContainerFate.scope_id == scope_id)
    found: dict[int, list[Told]] = {}
    for each in _told(session, session.scalars(wanted.order_by(ContainerFate.id.desc())).all()):
        found.setdefault(each.record.container_id, []).append(each)
    return found


def _told(session: Session, found: Sequence[ContainerFate]) -> list[Told]:
    if not found:
        return []
    where = states.of_many(session, [each.id for each in found], AXIS)
    instead = {
        each.corrects_id: each
        for each in found
        if each.corrects_id and where[each.id] == FateState.CONFIRMED
    }
    return [Told(each, where[each.id], instead.get(each.id)) for each in found]


def what_became(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """{container id: what became of it} in one query; of the others nothing did."""
    return states.of_many(session, ids, FATE)


def open_to(kind: str, answer: Answer, told: Iterable[Told]) -> frozenset[Fate]:
    """What may be recorded of a container of a kind, for the page that offers it."""
    return rules.open_to(kind, answer.words, answer.fate, [each.state for each in told])


def facts_of(session: Session, fate_id: int, at: datetime) -> list[Pair]:
    """What the second person is shown and signs, with what a scan of the container says now."""
    made = session.get_one(ContainerFate, fate_id)
    answer = answers.of(session, [made.container_id], at)[made.container_id]
    return [
        facts.pair(StoreTerm.CONTAINER, facts.code(made.code)),
        facts.pair(StoreTerm.BECAME, state_word(made.fate)),
        *(each for each in said_of(made) if each[1]),
        *_puts_right(session, made),
        facts.pair(StoreTerm.RECORDED_BY, person(made.name, made.username)),
        facts.pair(StoreTerm.ANSWERS, state_word(answer.word)),
    ]


def said_of(made: ContainerFate) -> list[Pair]:
    """What is said of a container that can be put right; what is not said is empty."""
    condition = facts.word(ReturnWord[made.condition.upper()]) if made.condition else ""
    return [
        facts.pair(StoreTerm.CONSIGNEE, made.consignee or ""),
        facts.pair(StoreTerm.DONE_AT, facts.instant(made.done_at)),
        facts.pair(StoreTerm.CONDITION, condition),
        facts.pair(StoreTerm.FATE_WHY, made.reason or ""),
    ]


_WAS = (
    StoreTerm.CONSIGNEE_WAS,
    StoreTerm.DONE_AT_WAS,
    StoreTerm.CONDITION_WAS,
    StoreTerm.FATE_WHY_WAS,
)


def _puts_right(session: Session, made: ContainerFate) -> Iterator[Pair]:
    """What was recorded first, where this puts it right, and why."""
    if made.corrects_id is not None:
        old = said_of(session.get_one(ContainerFate, made.corrects_id))
        for term, (_, was), (_, becomes) in zip(_WAS, old, said_of(made), strict=True):
            if was and was != becomes:
                yield facts.pair(term, was)
        yield facts.pair(StoreTerm.PUT_RIGHT_WHY, made.why or "")
