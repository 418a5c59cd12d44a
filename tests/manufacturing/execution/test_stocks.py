"""What a container was taken from follows from its place in the record, whenever it is recorded."""

import pytest

from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.stocks import Made, Stock
from manufacturing.masters import document
from tests.manufacturing.execution.test_step_effects import POOLED

MASTER = document.read(POOLED.encode())


def at(step, cycle=1):
    return Position(MASTER.stage_of(step).id, cycle, step, 1)


def seeded(cycle, *codes):
    return [Made("seed.flasks", at("seed", cycle), code) for code in codes]


FIRST, SECOND, LATE = seeded(1, "F1", "F2"), seeded(2, "F3"), seeded(1, "F4")


@pytest.mark.req("TRC-01")
@pytest.mark.parametrize(
    ("name", "cycle", "made", "siblings", "parents"),
    [
        ("seed.flasks", 1, [], {}, ["J1"]),
        ("seed.flasks", 1, FIRST, {}, ["J1"]),
        ("seed.flasks", 1, [*FIRST, *SECOND], {}, ["J1"]),
        ("seed.flasks", 2, [*FIRST, *SECOND], {}, ["F1", "F2"]),
        ("seed.flasks", 2, [*FIRST, *SECOND], {"flasks": ["F2"]}, ["F2"]),
        ("seed.flasks", 2, [*FIRST, *SECOND], {"flasks": []}, ["F1", "F2"]),
        ("sampled.sterility", 1, [*FIRST, *SECOND], {}, ["F1", "F2"]),
        ("sampled.sterility", 2, [*FIRST, *SECOND, *LATE], {}, ["F3"]),
        ("sampled.sterility", 2, FIRST, {}, ["F1", "F2"]),
        ("harvested.pool", 1, [*FIRST, *SECOND, *LATE], {}, ["F3"]),
        ("harvested.pool", 1, [], {}, ["J1"]),
    ],
)
def test_parents_are_the_siblings_or_the_newest_round_before(name, cycle, made, siblings, parents):
    step, field = name.split(".")
    stock = Stock(MASTER, at(step, cycle), ["J1"], list(made), siblings)
    assert list(stock.parents_of(MASTER.step(step).field(field))) == parents


def test_what_an_entry_makes_first_is_there_for_its_later_fields():
    record = POOLED.replace(
        'label = { en = "Pool" } },\n',
        'label = { en = "Pool" } },\n  { id = "kept", type = "vessels", kind = "vial", '
        'parents = ["harvested.pool"], label = { en = "Kept" } },\n',
    )
    master = document.read(record.encode())
    step = master.step("harvested")
    stock = Stock(master, at("harvested"), ["J1"], list(FIRST))
    stock.add(step.field("pool"), ["V1"])
    assert stock.parents_of(step.field("kept")) == ["V1"]
    assert stock.parents_of(step.field("pool")) == ["F1", "F2"]
