"""The law of moments that a person writes: each lies between two others, and claims stand in the
order of the record. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrity import facts
from integrity.facts import Fact
from integrity.findings import Classification, Finding, blocks, deviates
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules.steps import interval_kept, length, timer_kept
from manufacturing.masters.model import BIRTH, Due, Field, Timer
from stores.rule_ids import StoreRule


def minute(at: datetime) -> datetime:
    """People write minutes: a moment as they would have written it."""
    return at.replace(second=0, microsecond=0)


def end_of_minute(at: datetime) -> datetime:
    """The last moment that somebody who wrote this minute may mean."""
    return at.replace(second=59, microsecond=999_000)


@dataclass(frozen=True)
class Bounds:
    """What a moment of an entry may lie between: the start of the batch, or the birth for what
    belongs to the cord, and the first recording of the entry."""

    batch_started_at: datetime
    born_at: datetime | None
    recorded_at: datetime


def are_possible(
    fields: Iterable[Field], values: Mapping[str, Any], bounds: Bounds
) -> Iterator[Finding]:
    """Every moment of an entry: never before what it belongs to, never later than its own
    recording, unless its field looks ahead (EBR-09, TIM-06)."""
    for field in fields:
        if field.type == "datetime" and field.id in values:
            yield from _is_possible(field, datetime.fromisoformat(values[field.id]["at"]), bounds)


def _is_possible(field: Field, at: datetime, bounds: Bounds) -> Iterator[Finding]:
    label = facts.text(field.label)
    of_the_cord = field.since == BIRTH and bounds.born_at is not None
    least = bounds.born_at if of_the_cord else bounds.batch_started_at
    if least and at < minute(least):
        rule = ExecutionRule.MOMENT_BEFORE_BIRTH if of_the_cord else ExecutionRule.MOMENT_BEFORE
        yield blocks(rule, field.id, label=label, least=facts.instant(least))
    if field.ahead is None and at > bounds.recorded_at:
        yield blocks(ExecutionRule.MOMENT_AHEAD, field.id, label=label)
    elif at > bounds.recorded_at + (length(field.ahead) if field.ahead else timedelta(0)):
        most = str(field.ahead)
        yield blocks(ExecutionRule.MOMENT_FAR_AHEAD, field.id, label=label, most=most)


def in_order(claimed: datetime, before: Iterable[tuple[datetime, Fact]]) -> Iterator[Finding]:
    """What is claimed stands in the order of the record: not earlier than the latest claim of what
    the record puts before it, each (when it was done, where it stands); the same minute is in
    order (EBR-09)."""
    latest = max(before, key=lambda each: each[0], default=None)
    if latest and claimed < minute(latest[0]):
        yield deviates(
            ExecutionRule.OUT_OF_ORDER,
            Classification.MINOR,
            field="performed_at",
            claimed=facts.instant(claimed),
            step=latest[1],
            done=facts.instant(latest[0]),
        )


@dataclass(frozen=True)
class Written:
    """A moment among the values of an entry that tells when something of its step was done; of the
    cord it may lie before everything that the batch did."""

    field: str
    label: Fact
    at: datetime
    of_the_cord: bool = False


def written(fields: Iterable[Field], values: Mapping[str, Any]) -> tuple[Written, ...]:
    """The moments of an entry, without those of fields that look ahead."""
    return tuple(
        Written(
            field.id,
            facts.text(field.label),
            datetime.fromisoformat(values[field.id]["at"]),
            field.since == BIRTH,
        )
        for field in fields
        if field.type == "datetime" and field.ahead is None and field.id in values
    )


def written_in_order(
    moments: Iterable[Written], claimed: datetime, before: Iterable[tuple[datetime, Fact]]
) -> Iterator[Finding]:
    """What is written stands in the order of the record as the claim does: not before the latest
    claim of what the record puts before it, not after the time at which its own step is said to be
    done; the same minute is in order (EBR-09)."""
    latest = max(before, key=lambda each: each[0], default=None)
    for each in moments:
        told: dict[str, Fact] = {"label": each.label, "moment": facts.instant(each.at)}
        if latest and not each.of_the_cord and each.at < minute(latest[0]):
            told |= {"step": latest[1], "done": facts.instant(latest[0])}
            yield _out_of_place(ExecutionRule.MOMENT_OUT_OF_ORDER, each, told)
        elif each.at > end_of_minute(claimed):
            told |= {"claimed": facts.instant(claimed)}
            yield _out_of_place(ExecutionRule.MOMENT_AFTER_CLAIM, each, told)


def _out_of_place(rule: ExecutionRule, each: Written, told: Mapping[str, Any]) -> Finding:
    return deviates(rule, Classification.MINOR, field=each.field, **told)


Run = tuple[datetime | None, datetime]  # when a timer was started and stopped


def timer_claimed(timer: Timer | None, started: datetime | None, done: datetime) -> list[Finding]:
    """A timer by what people say of its start and its stop, in the minutes that they write."""
    return [*timer_kept(timer, started and minute(started), minute(done))]


def timer_told(timer: Timer | None, kept: Run, claimed: Run) -> Iterator[Finding]:
    """A timer as the server kept it, and as people claim that it ran where that is another time:
    what both say is said once, as the server has it (EBR-07, EBR-09)."""
    found = [*timer_kept(timer, *kept)]
    yield from found
    if claimed != kept:
        said = {each.rule for each in found}
        yield from (each for each in timer_claimed(timer, *claimed) if each.rule not in said)


@dataclass(frozen=True)
class Claim:
    """When one entry says that it was done, where it stands, the interval its step keeps, the
    moments that are written in it, the timer that its step starts and the one that it stops."""

    step: str
    place: Fact
    performed_at: datetime
    due: Due | None = None
    moments: tuple[Written, ...] = ()
    starts: str | None = None
    stops: Timer | None = None

    def started(self, before: Sequence[Claim]) -> datetime | None:
        """When the timer that it stops was started by one of the claims before it, the newest."""
        asked = self.stops and self.stops.id
        begun = (each.performed_at for each in reversed(before) if each.starts == asked)
        return next(begun, None) if asked else None


def of_record(claims: Sequence[Claim]) -> Iterator[tuple[int, Finding]]:
    """What speaks against the claims of a whole record, which come in its order: (the number of
    the claim, what is found)."""
    for number, claim in enumerate(claims):
        before = claims[:number]
        done = [(each.performed_at, each.place) for each in before]
        after = claim.due.after if claim.due else ()
        last = max((each.performed_at for each in before if each.step in after), default=None)
        for finding in (
            *in_order(claim.performed_at, done),
            *interval_kept(claim.due, last, claim.performed_at),
            *written_in_order(claim.moments, claim.performed_at, done),
            *timer_claimed(claim.stops, claim.started(before), claim.performed_at),
        ):
            yield number, finding


def entitled_then(roles: Collection[str], role: str | None, claimed: datetime) -> Iterator[Finding]:
    """Who did it had an account and a role that may do it when they say they did it; `role` is the
    one they had then (IAM-02)."""
    if role is None or (roles and role not in roles):
        yield deviates(
            ExecutionRule.NOT_ENTITLED_THEN,
            Classification.MAJOR,
            field="performed_at",
            claimed=facts.instant(minute(claimed)),
        )


def unfit_then(label: Fact, finding: Finding, claimed: datetime) -> Finding:
    """What was used could not be used at the time that is claimed: a fact for QA, once it is done
    (MAT-02, MAT-03)."""
    return deviates(
        ExecutionRule.UNFIT_THEN,
        Classification.MAJOR,
        field="performed_at",
        label=label,
        claimed=facts.instant(claimed),
        found=facts.message(finding.rule, **finding.parameters),
    )


# What QA or a person forbids: a use before it is recorded beside it. What only ran out is late.
FORBIDS: frozenset[str] = frozenset(
    {
        StoreRule.LOT_REJECTED,
        StoreRule.LOT_ON_HOLD,
        StoreRule.EQUIPMENT_ON_HOLD,
        StoreRule.CONTAINER_ON_HOLD,
        ExecutionRule.CORD_ON_HOLD,
    }
)


def turned_since(
    label: Fact, since: Iterable[Finding], claimed: datetime, field: str | None = None
) -> Iterator[Finding]:
    """What was used could be used at the time that is claimed; `since` is what speaks against it
    now. It happened, so it is recorded, and QA judges what was found meanwhile (MAT-02, MAT-03)."""
    for finding in since:
        if finding.rule in FORBIDS:
            yield deviates(
                ExecutionRule.UNFIT_SINCE,
                Classification.MAJOR,
                field=field,
                label=label,
                claimed=facts.instant(minute(claimed)),
                found=facts.message(finding.rule, **finding.parameters),
            )
