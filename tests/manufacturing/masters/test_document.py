"""The shipped master record.

It reads, it covers the process, and no damage to it raises anything but its faults.
"""

import copy
import hashlib
import json
import tomllib
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from documents.faults import InvalidDocument
from documents.texts import text
from integrity.quantities import Quantity
from manufacturing.masters.document import SHIPPED, read
from manufacturing.masters.model import Master, numbered

DATA = SHIPPED.read_bytes()
RAW = tomllib.loads(DATA.decode())

# Row of the process table → the steps that carry it. Rows 1 and 2 stand on the pages of donor and
# cord; the window is here.
ROWS = {
    3: ["cord_receipt"],
    4: ["cord_receipt"],
    5: ["transport_sample"],
    6: ["disinfect", "wash", "mince"],
    7: ["mince"],
    8: ["enzyme", "neutralise"],
    9: ["neutralise", "filter_spin", "tissue_count", "p0_seed"],
    10: ["p0_seed", "p0_medium_change", "p0_harvest", "seed", "medium_change", "harvest"],
    11: ["p0_medium_change", "medium_change"],
    12: ["p0_harvest", "p0_count", "harvest", "passage_count", "seed"],
    13: ["passage_count"],
    14: ["microbiology", "harvest_samples", "wash_cells", "satellites"],
    15: ["freeze"],
    16: ["wash_cells", "final_count"],
    17: ["dose", "suspend"],
    18: ["clearance_before", "label_container", "reconcile", "clearance_after"],
    19: ["hold"],
}


@pytest.fixture(scope="module")
def shipped() -> Master:
    return read(DATA)


def test_the_shipped_record_reads_without_a_fault(shipped: Master) -> None:
    assert shipped.code == "UC-MSC-15ML"
    assert shipped.demonstration
    assert (
        text(shipped.title) == text(shipped.title, "vi") == "Umbilical-cord MSC, 15 mL suspension"
    )


def test_its_digest_is_that_of_its_bytes(shipped: Master) -> None:
    assert shipped.source == DATA
    assert shipped.sha256 == hashlib.sha256(DATA).hexdigest()


def test_a_comment_more_is_another_digest(shipped: Master) -> None:
    other = read(DATA + b"# checked\n")
    assert other.sha256 != shipped.sha256
    assert other.stages == shipped.stages


@pytest.mark.parametrize(("row", "steps"), ROWS.items())
def test_each_row_of_the_process_has_its_steps(shipped: Master, row: int, steps: list[str]) -> None:
    assert [shipped.step(id).id for id in steps] == steps


def test_every_step_belongs_to_a_row_of_the_process(shipped: Master) -> None:
    named = {id for steps in ROWS.values() for id in steps} | {"qc_samples"}
    assert {step.id for step in shipped.steps} == named


def test_the_window_runs_from_birth_to_the_first_wash(shipped: Master) -> None:
    window = shipped.windows["processing"]
    assert (window.begins, window.until) == ("birth", "wash")
    assert (window.max, window.reject) == (Quantity("24", "h"), Quantity("48", "h"))


LIMITS = [  # step, field, low, high, above, unit: the table of the process
    ("disinfect", "contact", None, "30", None, "s"),
    ("mince", "smallest", "1", "5", None, "mm"),
    ("mince", "largest", "1", "5", None, "mm"),
    ("enzyme", "temperature", "36", "38", None, "degC"),
    ("enzyme", "activity", "450", "550", None, "CDU/mL"),
    ("enzyme", "per_gram", "2", "5", None, "mL/g"),
    ("tissue_count", "count", "70", None, None, "%"),
    ("harvest", "confluence", "70", "90", None, "%"),
    ("harvest", "contact", None, "10", None, "min"),
    ("seed", "reached", "3200", "4800", None, "cells/cm2"),
    ("p0_seed", "density", "8000", "12000", None, "cells/cm2"),
    ("freeze", "per_vial", "5000000", "20000000", None, "cells/vial"),
    ("p0_count", "count", "85", None, None, "%"),
    ("passage_count", "count", "85", None, None, "%"),
    ("passage_count", "cumulative", None, "25", None, "1"),
    ("wash_cells", "since_microbiology", "48", "72", None, "h"),
    ("final_count", "count", None, None, "80", "%"),
    ("final_count", "recovery", "70", "120", None, "%"),
    ("suspend", "volume", "14.25", "15.75", None, "mL"),
    ("reconcile", "difference", "0", "0", None, "1"),
    ("reconcile", "on_containers", "0", "0", None, "1"),
]


@pytest.mark.parametrize(("step", "field", "low", "high", "above", "unit"), LIMITS)
def test_a_limit_is_that_of_the_process_table(
    shipped: Master,
    step: str,
    field: str,
    low: str | None,
    high: str | None,
    above: str | None,
    unit: str,
) -> None:
    limits = shipped.step(step).field(field).limits
    assert limits is not None
    wanted = [Quantity(each, unit) if each else None for each in (low, high, above)]
    assert [limits.low, limits.high, limits.above] == wanted


@pytest.mark.parametrize(
    "step", ["p0_seed", "p0_medium_change", "p0_harvest", "seed", "medium_change", "harvest"]
)
def test_the_incubator_is_read_at_every_medium_change_and_passage(
    shipped: Master, step: str
) -> None:
    temperature, co2, humidity = shipped.step(step).field("reading").readings.values()
    assert (temperature.low, temperature.high) == (
        Quantity("36.5", "degC"),
        Quantity("37.5", "degC"),
    )
    assert (co2.low, co2.high) == (Quantity("4.5", "%"), Quantity("5.5", "%"))
    assert (humidity.low, humidity.high) == (Quantity("90", "%"), None)


def test_over_95_per_cent_confluence_is_worse_than_over_90(shipped: Master) -> None:
    field = shipped.step("harvest").field("confluence")
    assert field.deviation_class == "minor"
    assert field.beyond is not None
    assert (field.beyond.limits.high, field.beyond.deviation_class) == (
        Quantity("95", "%"),
        "major",
    )


REJECTING = [("passage_count", "cumulative"), ("suspend", "volume"), ("suspend", "appearance")]


@pytest.mark.parametrize(("step", "field"), REJECTING)
def test_some_excursions_can_only_end_in_rejection(shipped: Master, step: str, field: str) -> None:
    assert shipped.step(step).field(field).consequence == "reject"


def test_second_persons_sign_where_a_mistake_cannot_be_seen_later(shipped: Master) -> None:
    verified = [step.id for step in shipped.steps if step.verify]
    assert verified == [
        "clearance_before",
        "enzyme",
        "dose",
        "suspend",
        "label_container",
        "clearance_after",
    ]


def test_what_repeats_says_how_often(shipped: Master) -> None:
    wash, passage = shipped.step("wash").repeat, shipped.stage_of("seed").repeat
    assert wash is not None and passage is not None and passage.title is not None
    assert (wash.min, passage.min, passage.max) == (3, 1, 5)
    assert numbered(passage.title, 2) == "Passage 2"


def test_the_digestion_timer_is_kept_between_two_steps(shipped: Master) -> None:
    assert shipped.step("enzyme").starts == shipped.step("neutralise").stops == "digestion"
    timer = shipped.timers["digestion"]
    assert (timer.min, timer.max, timer.deviation_class) == (
        Quantity("1", "h"),
        Quantity("4", "h"),
        "major",
    )


def test_medium_is_due_every_2_to_4_days_after_the_seeding_or_the_last_change(
    shipped: Master,
) -> None:
    due = shipped.step("medium_change").due
    assert due is not None
    assert (due.after, due.deviation_class) == (("seed", "medium_change"), "minor")
    assert (due.min, due.max, due.major_after) == tuple(Quantity(days, "d") for days in "245")


def test_a_count_says_its_replicates_and_what_it_yields(shipped: Master) -> None:
    count = shipped.step("final_count").field("count")
    assert (count.replicates, count.cv_max, count.dilution, count.squares) == (
        3,
        Quantity("15", "%"),
        Decimal("2"),
        4,
    )
    assert count.values == {"viable_concentration": "cells/mL", "viability": "%", "cv": "%"}


def test_a_part_of_a_record_cannot_be_changed(shipped: Master) -> None:
    with pytest.raises(FrozenInstanceError):
        shipped.code = "OTHER"  # type: ignore[misc]


def _paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every key and index in the document, however deep."""
    entries = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [
        found for key, value in entries for found in [(*path, key), *_paths(value, (*path, key))]
    ]


PATHS = _paths(RAW)
OTHER = st.one_of(
    st.booleans(), st.integers(-5, 10**6), st.text(max_size=20), st.just([]), st.just({}),
    st.just([{}]), st.just(["x", 1]),
    st.sampled_from(["", "NaN", "1e999", "-1", "1,000", "mL", "dose.cells"]),
    st.sampled_from(["log2(", "\x00", "ệ‮", "<b>", "=1+1"]),
)  # fmt: skip


def _written(value: Any) -> str:
    """TOML on one line: quick to write, and read by the same parser."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_written(each)}" for key, each in value.items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _delete(holder: Any, key: Any, _value: Any) -> None:
    del holder[key]


def _replace(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def _add(holder: Any, _key: Any, value: Any) -> None:
    if isinstance(holder, dict):
        holder["surplus"] = value
    else:
        holder.append(value)


CHANGE = st.tuples(st.sampled_from(PATHS), st.sampled_from([_delete, _replace, _add]), OTHER)


@settings(max_examples=100, deadline=None)
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_whatever_is_damaged_only_faults_are_raised(
    changes: list[tuple[tuple[Any, ...], Callable[[Any, Any, Any], None], Any]],
) -> None:
    document = copy.deepcopy(RAW)
    for path, change, value in changes:
        try:
            holder = document
            for key in path[:-1]:
                holder = holder[key]
            change(holder, path[-1], value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this part away
    try:
        read("\n".join(f"{key} = {_written(value)}" for key, value in document.items()).encode())
    except InvalidDocument as refusal:
        assert refusal.faults
        assert all(fault.sentence().strip() for fault in refusal.faults)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_only_faults_are_raised(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        read(data)
