"""Recorded values, pure.

What a name stands for at a position, how a calculation is kept and how every value is shown.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from documents.faults import InvalidDocument
from integrity import facts
from manufacturing.execution import inputs, typed_values
from manufacturing.execution.formula_values import (
    AtPosition,
    Recorded,
    fields_shown,
    place_key,
    shown,
    worked_out,
)
from manufacturing.execution.rules.sequence import Position
from manufacturing.masters.document import SHIPPED, read
from tests.makers.steps import COUNT, SMALL

MASTER = read(SMALL.encode())
RECORD = read(SHIPPED.read_bytes())
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def entry(step, turn=1, cycle=1, at=NOON, **typed):
    planned = MASTER.step(step)
    values = {
        field.id: typed_values.read(field, typed) for field in planned.fields if inputs.parts(field)
    }
    return Recorded(Position(MASTER.stage_of(step).id, cycle, step, turn), values, at)


def counted(live, cycle=1):
    return entry(
        "counted", cycle=cycle, **COUNT | {f"count-{n}-live": str(live) for n in (1, 2, 3)}
    )


def at(position, *entries, **own):
    return AtPosition(MASTER, entries, position, own)


def test_positions_sort_as_the_document_does():
    order = [
        Position("prepare", 1, "clear", 1),
        Position("washing", 1, "wash", 1),
        Position("washing", 1, "wash", 2),
        Position("grow", 1, "seed", 1),
        Position("grow", 1, "change", 2),
        Position("grow", 1, "counted", 1),
        Position("grow", 2, "seed", 1),
        Position("fill", 1, "dose", 1),
    ]
    assert sorted(reversed(order), key=lambda each: place_key(MASTER, each)) == order
    with pytest.raises(KeyError):
        place_key(MASTER, Position("nowhere", 1, "clear", 1))


def test_a_name_stands_for_this_round_within_a_repeating_stage_and_for_the_latest_outside_it():
    one, two = counted(100), counted(300, cycle=2)
    name = "counted.count.viable_concentration"
    after = at(Position("fill", 1, "dose", 1), one, two)
    assert (after.latest(name).text, after.previous(name).text) == ("1500000", "500000")
    within = at(Position("grow", 2, "seed", 1), one)
    assert within.latest(name) is None
    assert within.previous(name).text == "500000"
    assert [value.text for value in after.all(name)] == ["500000", "1500000"]


def test_what_comes_later_is_not_seen():
    before = at(
        Position("washing", 1, "wash", 1), entry("receipt", ph="7.4", viability="90"), counted(100)
    )
    assert before.latest("counted.count.viable_concentration") is None
    assert before.latest("receipt.ph").text == "7.4"


def test_a_step_has_a_time_only_once_it_was_done():
    moment = at(Position("fill", 1, "harvested", 1), counted(100))
    assert moment.latest("counted.at") == NOON
    assert moment.latest("sampled.at") is None


@pytest.mark.req("EBR-16")
def test_a_calculation_is_decimal_rounded_half_up_for_display_and_refuses_units_that_do_not_fit():
    field = MASTER.step("dose").field("volume")
    assert shown(field, {"text": "2.6745", "unit": "mL"}, HANOI) == "2.675 mL"
    span = RECORD.step("wash_cells").field("since_microbiology")
    assert shown(span, {"text": "49.25", "unit": "h"}, HANOI) == "49.3 h"
    made = worked_out(
        MASTER,
        [counted(250)],
        Position("fill", 1, "dose", 1),
        {"weight": {"text": "62.5", "unit": "kg"}},
    )
    assert (made["cells"]["text"], made["volume"]["text"]) == ("62500000", "50")
    assert "62.5 kg" in made["cells"]["formula"]
    with pytest.raises(InvalidDocument):
        read(
            SMALL.replace(
                '"dose.cells / counted.count.viable_concentration"', '"dose.cells / dose.weight"'
            ).encode()
        )


def test_a_calculation_without_its_values_or_without_meaning_says_so():
    made = worked_out(
        MASTER, [], Position("fill", 1, "dose", 1), {"weight": {"text": "62.5", "unit": "kg"}}
    )
    assert "has not been recorded" in facts.shown(made["volume"]["undefined"])
    made = worked_out(
        MASTER,
        [counted(0)],
        Position("fill", 1, "dose", 1),
        {"weight": {"text": "62.5", "unit": "kg"}},
    )
    assert set(made["volume"]) == {"undefined"}
    assert shown(MASTER.step("dose").field("volume"), made["volume"], HANOI).startswith(
        "not defined: "
    )


@pytest.mark.parametrize(
    ("step", "field", "value", "wanted"),
    [
        ("wash", "volume", {"text": "200.0", "unit": "mL"}, "200.0 mL"),
        ("wash", "volume", None, "not entered"),
        ("mince", "last_wash", {"value": "clear"}, "Clear"),
        ("clearance_before", "cleaned", {"confirmed": "yes"}, "done"),
        ("clearance_after", "note", {"text": "Không có gì"}, "Không có gì"),
        ("suspend", "finished", {"at": "2026-11-02T12:00:00.000Z"}, "2026-11-02 19:00 +07:00"),
        ("wash", "pbs", {"code": "M260000187", "name": "DPBS", "id": "1"}, "M260000-187 DPBS"),
        ("p0_seed", "cells", {"text": "62500000", "unit": "cells"}, "6.25 × 10⁷ cells"),
        ("p0_seed", "flasks", {"number": "2", "area": "175"}, "2"),
    ],
)
def test_every_value_is_shown_as_people_read_it(step, field, value, wanted):
    made = shown(RECORD.step(step).field(field), value, HANOI)
    assert made.replace("-", "") == wanted.replace("-", "")


def test_a_count_is_shown_with_every_count_there_is():
    planned = MASTER.step("counted")
    [(label, said)] = fields_shown(
        planned, {"count": typed_values.read(planned.field("count"), COUNT)}, HANOI
    )
    assert (label, said) == (
        "Cell count",
        "1.00 × 10⁶ viable cells/mL, viability 95.2 %, CV 2.0 % "
        "(200 live, 10 dead; 204 live, 10 dead; 196 live, 10 dead; 4 squares, dilution 2)",
    )


def test_time_between_two_steps_is_measured_between_when_they_were_done():
    sampled = Recorded(Position("grow", 1, "sampled", 1), {}, NOON - timedelta(hours=50))
    made = worked_out(
        MASTER,
        [sampled, counted(100)],
        Position("fill", 1, "harvested", 1),
        {"volume": {"text": "20", "unit": "mL"}},
    )
    assert made["since"]["text"] == "50"
