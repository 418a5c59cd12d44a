"""How an entry is judged: limits, intervals, timers, late entries, second persons. Pure: facts in,
findings out.

A value outside its limits is a fact: it DEVIATES, is recorded with a comment and judged by QA
(EBR-05). What is no value at all never gets here: the readings refuse it."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from integrity import facts, reasons
from integrity.deviations import Decision, DeviationState
from integrity.facts import Fact
from integrity.findings import (
    Classification,
    Consequence,
    Finding,
    Refused,
    Weight,
    blocks,
    deviates,
)
from integrity.quantities import Quantity, compare, within
from manufacturing.donation.rules.window import WINDOW_RULES
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.words import ExecutionWord
from manufacturing.masters.model import Due, Field, Limits, Stage, Step, Timer
from people.words import role_names

NOT_BY_HAND = (
    "lot",
    "equipment",
    "sample",
    "labels",
    "receipt",
    "calculation",
)  # scanned, or made by the server


@functools.lru_cache(maxsize=8192)  # the same readings stand in many entries
def is_inside(quantity: Quantity, limits: Limits | None) -> bool:
    """Whether a quantity is accepted: `low` and `high` are inside, `above` and `below` are not."""
    if limits is None:
        return True
    return (
        within(quantity, limits.low, limits.high)
        and (limits.above is None or compare(quantity, limits.above) > 0)
        and (limits.below is None or compare(quantity, limits.below) < 0)
    )


def shown_limits(limits: Limits | None) -> str:
    """The accepted range in words: "180 – 220 mL", "> 80 %", "≤ 10 min"."""
    if not limits:
        return ""
    if limits.low and limits.high:
        return (
            str(limits.low)
            if compare(limits.low, limits.high) == 0
            else f"{limits.low.text} – {limits.high}"
        )
    signs = (("≥", limits.low), (">", limits.above), ("≤", limits.high), ("<", limits.below))
    return ", ".join(f"{sign} {bound}" for sign, bound in signs if bound)


def judged_quantity(field: Field, quantity: Quantity, label: Fact) -> Iterator[Finding]:
    """A quantity against the limits of its field.

    Beyond the second, wider range the graver class holds.
    """
    if is_inside(quantity, field.limits):
        return
    grave = field.beyond if field.beyond and not is_inside(quantity, field.beyond.limits) else None
    yield deviates(
        ExecutionRule.OUTSIDE_LIMITS,
        grave.deviation_class if grave else field.deviation_class,
        field=field.id,
        consequence=grave.consequence if grave else field.consequence,
        label=label,
        value=_shown(field, quantity),
        limits=shown_limits(field.limits),
    )


def _shown(field: Field, quantity: Quantity) -> str:
    """With every digit where rounding would make it look as if it were inside."""
    if (
        field.type != "calculation"
        or field.decimals is None
        or is_inside(quantity.rounded(field.decimals), field.limits)
    ):
        return str(quantity)
    return quantity.shown(field.decimals)


def judged_value(field: Field, value: Mapping[str, Any]) -> Iterator[Finding]:
    """What the master record says of one recorded value."""
    label = facts.text(field.label)
    if field.type in ("measurement", "calculation"):
        if "text" in value:
            yield from judged_quantity(field, Quantity(value["text"], value["unit"]), label)
        elif field.required:
            yield deviates(
                ExecutionRule.NOT_DEFINED,
                field.deviation_class,
                field=field.id,
                consequence=field.consequence,
                label=label,
                reason=value["undefined"],
            )
    elif field.type == "choice":
        option = next(each for each in field.options if each.value == value["value"])
        if option.verdict == "deviates":
            yield deviates(
                ExecutionRule.CHOICE_DEVIATES,
                field.deviation_class,
                field=field.id,
                consequence=field.consequence,
                label=label,
                choice=facts.text(option.label),
            )
    elif field.type == "count":
        yield from _judged_count(field, value, label)
    elif field.type == "incubator":
        yield from _judged_incubator(field, value, label)


def _judged_count(field: Field, value: Mapping[str, Any], label: Fact) -> Iterator[Finding]:
    viability = Quantity(value["viability"], "%")
    if not is_inside(viability, field.limits):
        seen = viability if is_inside(viability.rounded(1), field.limits) else viability.rounded(1)
        yield deviates(
            ExecutionRule.VIABILITY_OUTSIDE,
            field.deviation_class,
            field=field.id,
            consequence=field.consequence,
            label=label,
            value=str(seen),
            limits=shown_limits(field.limits),
        )
    yield from _enough_cells(field, value, label)
    if (
        field.cv_max
        and value.get("cv") is not None
        and compare(Quantity(value["cv"], "%"), field.cv_max) > 0
    ):
        yield deviates(
            ExecutionRule.COUNTS_DIFFER,
            Classification.MINOR,
            field=field.id,
            label=label,
            cv=Quantity(value["cv"], "%").shown(1),
            most=str(field.cv_max),
        )


def _enough_cells(field: Field, value: Mapping[str, Any], label: Fact) -> Iterator[Finding]:
    """Few cells counted are a number nobody should believe; exactly the least is enough."""
    if field.least is None:
        return
    fewest = min(int(each["live"]) + int(each["dead"]) for each in value["replicates"])
    if fewest < field.least:
        yield deviates(
            ExecutionRule.FEW_CELLS,
            field.deviation_class,
            field=field.id,
            consequence=field.consequence,
            label=label,
            fewest=str(fewest),
            least=str(field.least),
        )


READING_WORDS = {"temperature": "temperature", "co2": "CO₂", "humidity": "humidity"}


def _judged_incubator(field: Field, value: Mapping[str, Any], label: Fact) -> Iterator[Finding]:
    for name, limits in field.readings.items():
        outside = [
            facts.message(
                ExecutionWord[moment.upper()], value=str(Quantity(value[name][moment], limits.unit))
            )
            for moment in ("now", "lowest", "highest")
            if not is_inside(Quantity(value[name][moment], limits.unit), limits)
        ]
        if outside:
            yield deviates(
                ExecutionRule.READINGS_OUTSIDE,
                field.deviation_class,
                field=field.id,
                consequence=field.consequence,
                label=label,
                reading=facts.word(ExecutionWord[name.upper()]),
                values=facts.listed(outside),
                limits=shown_limits(limits),
            )


def length(quantity: Quantity) -> timedelta:
    """A quantity of time as a timedelta, to the millisecond."""
    seconds = quantity.to("s").number
    return timedelta(milliseconds=int(seconds * Decimal(1000)))


def interval_kept(
    due: Due | None, last: datetime | None, performed_at: datetime
) -> Iterator[Finding]:
    """The interval since the step before: both ends are inside."""
    if due is None or last is None:
        return
    gap = performed_at - last
    if due.min and gap < length(due.min):
        yield deviates(
            ExecutionRule.INTERVAL_SHORT,
            due.deviation_class,
            gap=facts.span(gap),
            least=str(due.min),
        )
    if due.max and gap > length(due.max):
        grave = due.major_after is not None and gap > length(due.major_after)
        yield deviates(
            ExecutionRule.INTERVAL_LONG,
            Classification.MAJOR if grave else due.deviation_class,
            gap=facts.span(gap),
            most=str(due.max),
        )


def timer_kept(
    timer: Timer | None, started: datetime | None, stopped: datetime
) -> Iterator[Finding]:
    """A timer that the server kept: both ends are inside (EBR-07)."""
    if timer is None or started is None:
        return
    ran = stopped - started
    if timer.min and ran < length(timer.min):
        yield deviates(
            ExecutionRule.TIMER_SHORT,
            timer.deviation_class,
            timer=facts.text(timer.title),
            ran=facts.span(ran),
            least=str(timer.min),
        )
    if timer.max and ran > length(timer.max):
        yield deviates(
            ExecutionRule.TIMER_LONG,
            timer.deviation_class,
            timer=facts.text(timer.title),
            ran=facts.span(ran),
            most=str(timer.max),
        )


@dataclass(frozen=True)
class Times:
    """When something was done, by the person's claim, and when the server recorded it."""

    performed_at: datetime
    recorded_at: datetime
    batch_started_at: datetime
    late_after: timedelta

    def late_at_once(self) -> Times:
        """The same where any delay is late: what was used has expired meanwhile (MAT-02)."""
        return replace(self, late_after=timedelta(0))


def time_is_possible(times: Times) -> Iterator[Finding]:
    """Nothing is done in the future, or before its batch was started."""
    if times.performed_at > times.recorded_at:
        yield blocks(ExecutionRule.IN_THE_FUTURE, "performed_at")
    if times.performed_at < times.batch_started_at:
        yield blocks(ExecutionRule.BEFORE_THE_BATCH, "performed_at")


def is_late(times: Times) -> bool:
    """Whether it was recorded more than the site's limit after it was done.

    Exactly the limit is not late.
    """
    return times.recorded_at - times.performed_at > times.late_after


def recorded_in_time(times: Times) -> Iterator[Finding]:
    """A late entry is a minor deviation and wants a second person (EBR-09)."""
    if is_late(times):
        yield deviates(
            ExecutionRule.RECORDED_LATE,
            Classification.MINOR,
            field="performed_at",
            late=facts.span(times.recorded_at - times.performed_at),
        )


class CommentWanted(Refused):
    """Nothing is refused but silence.

    What deviates (`outside`) is recorded once a comment is written.
    """

    def __init__(self, outside: Sequence[Finding], refusals: Sequence[Finding]):
        super().__init__(refusals)
        self.outside = tuple(outside)


def comment_given(findings: Iterable[Finding], comment: str | None) -> Iterator[Finding]:
    """Whatever deviates wants a comment before it is recorded (EBR-05).

    Every such sentence is said at once.
    """
    if not reasons.is_given(comment):
        for finding in (each for each in findings if each.weight is Weight.DEVIATES):
            yield blocks(
                ExecutionRule.COMMENT_WANTED,
                finding.field,
                found=facts.message(finding.rule, **finding.parameters),
            )


def may_be_left_out(step: Step, reason: str) -> Iterator[Finding]:
    """Not applicable is for optional steps only, and says why (EBR-10)."""
    if not step.optional:
        yield blocks(ExecutionRule.NOT_OPTIONAL, step=facts.text(step.title))
    yield from reasons.wanted(ExecutionRule.LEFT_OUT_REASON, reason, "not_applicable")


def may_perform(step: Step, role: str) -> Iterator[Finding]:
    """The master record names who does a step."""
    if step.performs and role not in step.performs:
        yield blocks(ExecutionRule.STEP_ROLE, roles=role_names(step.performs))


def may_sign_off(stage: Stage, role: str) -> Iterator[Finding]:
    """A stage is signed off by a role that does one of its steps."""
    roles = {each for step in stage.steps for each in step.performs}
    if roles and role not in roles:
        yield blocks(ExecutionRule.SIGN_OFF_ROLE, roles=role_names(sorted(roles)))


def needs_second(step: Step, *, late: bool = False, left_out: bool = False) -> bool:
    """Whether a second person verifies the entry: where the master record says so, where what is
    critical was typed by hand or left out (EBR-04, EBR-10), and where it was entered late
    (EBR-09)."""
    by_hand = any(field.type not in NOT_BY_HAND for field in step.fields)
    return step.verify or late or (step.critical and (by_hand or left_out))


def second_person(
    performers: Collection[str], verifier: str, roles: tuple[str, ...], role: str
) -> Iterator[Finding]:
    """The second person is somebody else than whoever entered or corrected it, in a role the master
    record names (SIG-10, IAM-03).
    """
    if verifier in performers:
        yield blocks(ExecutionRule.SECOND_PERSON_SAME, "username")
    if roles and role not in roles:
        yield blocks(ExecutionRule.SECOND_PERSON_ROLE, "username", roles=role_names(roles))


@dataclass(frozen=True)
class OpenDeviation:
    """What a step may know of a deviation."""

    code: str
    rule: str
    consequence: str
    state: str
    decision: str | None = None  # what QA judged: work goes on, or only a rejection follows


def work_may_go_on(deviations: Iterable[OpenDeviation]) -> Iterator[Finding]:
    """A cord that was started too late waits for QA's decision.

    What can only be rejected is worked no further; once what opened it stands no more, QA may
    decide otherwise (EBR-07).
    """
    for deviation in deviations:
        if deviation.decision == Decision.REJECT:
            yield blocks(ExecutionRule.WORK_REJECTED, code=facts.code(deviation.code))
        if deviation.rule not in WINDOW_RULES or deviation.decision == Decision.CONTINUE:
            continue
        if deviation.consequence == Consequence.REJECT:
            yield blocks(ExecutionRule.WORK_CAN_ONLY_BE_REJECTED, code=facts.code(deviation.code))
        elif deviation.state not in (DeviationState.JUDGED, DeviationState.CLOSED):
            yield blocks(ExecutionRule.WORK_WAITS, code=facts.code(deviation.code))
