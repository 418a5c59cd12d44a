"""The law of moments, pure, at both edges: each lies between two others, claims stand in order."""

from datetime import UTC, datetime, timedelta

import pytest

from integrity import facts
from integrity.findings import Finding, Weight, blocks
from integrity.quantities import Quantity
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import moments
from manufacturing.execution.rules.moments import Bounds, Claim
from manufacturing.masters.model import Due, Field, Timer
from stores.rule_ids import StoreRule

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
STARTED, BORN = NOON - 5 * HOUR, NOON - 8 * HOUR
FIELD = Field("finished", "datetime", {"en": "Finished at"})
OF_THE_CORD = Field("cut", "datetime", {"en": "Cut at"}, since="birth")
AHEAD = Field("next", "datetime", {"en": "Next at"}, ahead=Quantity("2", "h"))


def found(field, at, born_at=BORN):
    values = {field.id: {"at": at.isoformat()}} if at else {}
    return [
        finding.rule
        for finding in moments.are_possible([field], values, Bounds(STARTED, born_at, NOON))
    ]


@pytest.mark.req("TIM-06")
@pytest.mark.parametrize(
    ("field", "at", "rules"),
    [
        (FIELD, None, []),
        (FIELD, STARTED, []),
        (FIELD, STARTED - SECOND, [ExecutionRule.MOMENT_BEFORE]),
        (FIELD, NOON, []),
        (FIELD, NOON + SECOND, [ExecutionRule.MOMENT_AHEAD]),
        (OF_THE_CORD, BORN, []),
        (OF_THE_CORD, BORN - SECOND, [ExecutionRule.MOMENT_BEFORE_BIRTH]),
        (OF_THE_CORD, NOON + SECOND, [ExecutionRule.MOMENT_AHEAD]),
        (AHEAD, NOON + 2 * HOUR, []),
        (AHEAD, NOON + 2 * HOUR + SECOND, [ExecutionRule.MOMENT_FAR_AHEAD]),
    ],
)
def test_a_moment_lies_between_what_it_belongs_to_and_its_recording(field, at, rules):
    assert found(field, at) == rules


def test_where_no_birth_is_known_the_start_of_the_batch_bounds_it():
    assert found(OF_THE_CORD, STARTED - SECOND, None) == [ExecutionRule.MOMENT_BEFORE]


def test_the_minute_that_a_person_writes_holds_for_the_whole_of_it():
    assert moments.minute(NOON + 59 * SECOND) == NOON


def test_only_moments_are_looked_at():
    assert found(Field("remark", "text", {"en": "Remark"}), NOON + HOUR) == []


@pytest.mark.req("EBR-09")
@pytest.mark.parametrize(
    ("before", "late"),
    [([], False), ([NOON], False), ([NOON + 30 * SECOND], False), ([NOON + MINUTE], True)],
)
def test_a_claim_stands_after_the_latest_before_it(before, late):
    claimed = NOON
    earlier = [(NOON - HOUR, "Washing"), *((at, facts.text({"en": "Cutting"})) for at in before)]
    said = list(moments.in_order(claimed, earlier))
    assert [each.rule for each in said] == [ExecutionRule.OUT_OF_ORDER] * late
    assert all(each.weight is Weight.DEVIATES for each in said)
    assert list(moments.in_order(claimed, [])) == []


SAID = moments.Written("finished", "Finished at", NOON)
CUT = moments.Written("cut", "Cut at", NOON, of_the_cord=True)


@pytest.mark.req("EBR-09")
@pytest.mark.parametrize(
    ("said", "before", "claimed", "rules"),
    [
        (SAID, [], NOON, []),
        (SAID, [NOON], NOON, []),
        (SAID, [NOON + 59 * SECOND, NOON - HOUR], NOON, []),
        (SAID, [NOON - HOUR, NOON + MINUTE], NOON, [ExecutionRule.MOMENT_OUT_OF_ORDER]),
        (SAID, [NOON - HOUR], NOON + HOUR, []),
        (SAID, [NOON - HOUR], NOON - SECOND, [ExecutionRule.MOMENT_AFTER_CLAIM]),
        (SAID, [], NOON - 20 * MINUTE, [ExecutionRule.MOMENT_AFTER_CLAIM]),
        (CUT, [NOON + HOUR], NOON + HOUR, []),
        (CUT, [], NOON - MINUTE, [ExecutionRule.MOMENT_AFTER_CLAIM]),
    ],
)
def test_what_is_written_lies_between_the_claims_before_it_and_its_own(
    said, before, claimed, rules
):
    found = list(moments.written_in_order([said], claimed, [(at, "Washing") for at in before]))
    assert [(each.rule, each.field) for each in found] == [(rule, said.field) for rule in rules]
    assert all(each.weight is Weight.DEVIATES for each in found)


def test_what_looks_ahead_or_was_not_written_tells_nothing_of_when_the_step_was_done():
    fields = [FIELD, OF_THE_CORD, AHEAD, Field("remark", "text", {"en": "Remark"})]
    values = {"cut": {"at": NOON.isoformat()}, "next": {"at": NOON.isoformat()}}
    [said] = moments.written(fields, values)
    assert (said.field, said.at, said.of_the_cord) == ("cut", NOON, True)


def test_a_whole_record_is_judged_by_the_moments_that_are_written_in_it():
    late = Claim("wash", "Wash", NOON - HOUR, moments=(SAID,))
    claims = [Claim("receipt", "Receipt", NOON + HOUR), late]
    assert [(number, each.rule) for number, each in moments.of_record(claims)] == [
        (1, ExecutionRule.OUT_OF_ORDER),
        (1, ExecutionRule.MOMENT_OUT_OF_ORDER),
    ]


DUE = Due(("seed", "change"), Quantity("2", "d"), Quantity("4", "d"), "minor")
DAY = timedelta(days=1)


@pytest.mark.req("EBR-07")
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], []),
        ([0, 2, 6], []),
        ([0, 1.9, 6], [(1, ExecutionRule.INTERVAL_SHORT), (2, ExecutionRule.INTERVAL_LONG)]),
        ([0, 4.1, 6.2], [(1, ExecutionRule.INTERVAL_LONG)]),
        (
            [0, -1, 2.5],
            [(1, ExecutionRule.OUT_OF_ORDER), (1, ExecutionRule.INTERVAL_SHORT)],
        ),
        (
            [0, 3, 2],
            [(2, ExecutionRule.OUT_OF_ORDER), (2, ExecutionRule.INTERVAL_SHORT)],
        ),
    ],
)
def test_a_whole_record_is_judged_by_its_order_and_its_intervals(days, said):
    steps = ["seed", *["change"] * len(days)]
    claims = [
        Claim(step, step, NOON + day * DAY, DUE if step == "change" else None)
        for step, day in zip(steps, days, strict=False)
    ]
    assert [(number, each.rule) for number, each in moments.of_record(claims)] == said


@pytest.mark.req("IAM-02")
@pytest.mark.parametrize(
    ("roles", "role", "is_found"),
    [
        ((), "technician", False),
        (("technician",), "technician", False),
        (("technician", "qa"), "qa", False),
        (("technician",), "reader", True),
        ((), None, True),
        (("technician",), None, True),
    ],
)
def test_who_did_it_had_an_account_that_may_do_it_then(roles, role, is_found):
    said = list(moments.entitled_then(roles, role, NOON))
    assert [each.rule for each in said] == [ExecutionRule.NOT_ENTITLED_THEN] * is_found
    assert all(each.weight is Weight.DEVIATES for each in said)


def test_what_could_not_be_used_then_is_a_fact_for_qa_that_tells_why():
    why = blocks(ExecutionRule.RECORDED_ALREADY)
    said = moments.unfit_then("PBS lot", why, NOON)
    assert (said.rule, said.weight) == (ExecutionRule.UNFIT_THEN, Weight.DEVIATES)
    assert why.sentence() in said.sentence() and "PBS lot" in said.sentence()


def test_whoever_writes_a_minute_may_mean_its_last_moment():
    assert moments.end_of_minute(NOON) == NOON + timedelta(seconds=59, milliseconds=999)


@pytest.mark.req("MAT-02", "MAT-03")
@pytest.mark.parametrize(
    ("rule", "is_found"),
    [
        (StoreRule.LOT_REJECTED, True),
        (StoreRule.LOT_ON_HOLD, True),
        (StoreRule.EQUIPMENT_ON_HOLD, True),
        (StoreRule.CONTAINER_ON_HOLD, True),
        (ExecutionRule.CORD_ON_HOLD, True),
        (StoreRule.LOT_EXPIRED, False),  # it ran out: that is late, and nothing was found
        (StoreRule.CALIBRATION_OVERDUE, False),
        (StoreRule.LOT_QUARANTINE, False),
    ],
)
def test_what_is_forbidden_since_it_was_used_is_a_fact_for_qa(rule, is_found):
    said = list(moments.turned_since("DPBS", [Finding(rule)], NOON + SECOND, "pbs"))
    assert [each.rule for each in said] == [ExecutionRule.UNFIT_SINCE] * is_found
    assert all(each.weight is Weight.DEVIATES and each.field == "pbs" for each in said)
    assert all(each.parameters["claimed"] == facts.instant(NOON) for each in said)


TIMER = Timer("digestion", {"en": "Digestion"}, Quantity("1", "h"), Quantity("4", "h"), "major")
SHORT, LONG = ExecutionRule.TIMER_SHORT, ExecutionRule.TIMER_LONG


@pytest.mark.req("EBR-07", "EBR-09")
@pytest.mark.parametrize(
    ("timer", "kept", "claimed", "said"),
    [
        (TIMER, 2 * HOUR, 2 * HOUR, []),
        (TIMER, 2 * HOUR, HOUR, []),
        (TIMER, 2 * HOUR, 59 * MINUTE, [(SHORT, 59 * MINUTE)]),
        (TIMER, 2 * HOUR, 59 * MINUTE + 59 * SECOND, [(SHORT, 59 * MINUTE)]),
        (TIMER, 2 * HOUR, 4 * HOUR + 59 * SECOND, []),
        (TIMER, 2 * HOUR, 4 * HOUR + MINUTE, [(LONG, 4 * HOUR + MINUTE)]),
        (TIMER, 10 * MINUTE, 2 * HOUR, [(SHORT, 10 * MINUTE)]),
        (TIMER, 10 * MINUTE, 20 * MINUTE, [(SHORT, 10 * MINUTE)]),
        (TIMER, 5 * HOUR, 10 * MINUTE, [(LONG, 5 * HOUR), (SHORT, 10 * MINUTE)]),
        (None, 10 * MINUTE, 20 * MINUTE, []),
    ],
)  # fmt: skip
def test_a_timer_is_judged_by_the_server_and_by_what_is_claimed(timer, kept, claimed, said):
    told = moments.timer_told(timer, (NOON, NOON + kept), (NOON, NOON + claimed))
    assert [(each.rule, each.parameters["ran"]) for each in told] == [
        (rule, facts.span(ran)) for rule, ran in said
    ]


@pytest.mark.req("EBR-07")
def test_a_timer_that_nobody_started_says_nothing_of_any_claim():
    assert list(moments.timer_told(TIMER, (None, NOON), (None, NOON - HOUR))) == []


@pytest.mark.req("EBR-07", "EBR-09")
@pytest.mark.parametrize(
    ("starts", "stopped", "said"),
    [
        ((0 * HOUR,), 2 * HOUR, []),
        ((0 * HOUR,), 10 * MINUTE, [SHORT]),
        ((0 * HOUR,), 5 * HOUR, [LONG]),
        ((0 * HOUR, 3 * HOUR), 5 * HOUR, []),
        ((), 10 * MINUTE, []),
    ],
    ids=["inside", "short", "long", "the newest start counts", "never started"],
)
def test_the_timers_of_a_whole_record_are_judged_by_its_claims(starts, stopped, said):
    claims = [
        *(Claim("enzyme", "Enzyme", NOON + at, starts="digestion") for at in starts),
        Claim("look", "Look", NOON),
        Claim("stop", "Stop", NOON + stopped, stops=TIMER),
    ]
    timers = [(n, each.rule) for n, each in moments.of_record(claims) if each.rule in (SHORT, LONG)]
    assert timers == [(len(claims) - 1, rule) for rule in said]
