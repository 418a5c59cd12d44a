"""No more tissue is minced than the cord weighed: the record takes the weight from the receipt of
the cord, and whoever records or corrects one of the two is judged by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from documents.faults import InvalidDocument
from integrity import deviations
from integrity.findings import Refused
from integrity.verification import verify
from manufacturing.execution import batch_state, receipt_checks
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.masters.description import entered
from manufacturing.masters.document import SHIPPED, read
from tests.makers.batches import find_batch, find_laboratory, walk_batch
from tests.makers.broken import correct_cord, correct_the_open_time
from tests.makers.people import post, sign_in

TEXT = SHIPPED.read_text("utf-8")
NAMED = 'check = "weight", unit = "g"'
CORD = "42.6"  # g, what the cord of the made-up donation weighed
SAID = "Weight of the cord less the minced tissue"


def opened(database, batch):
    with database.reading() as session:
        found = deviations.in_scopes(session, [batch.id])
        return [each for each in found if SAID in each.sentence()]


def mince(database, batch):
    with database.reading() as session:
        current = batch_state.read(session, batch.id).current
        return next(each for each in current if each.step == "mince")


# The document
# -------------------------------------------------------------------------------------------------


def test_the_shipped_record_asks_nobody_for_the_weight_a_second_time():
    step = read(TEXT.encode()).step("mince")
    assert step.field("cord_weight").values == {"": "g"}
    assert entered(step, step.field("cord_weight")) == [
        "Found when the cord was received",
        "in g",
        "the check “weight”",
    ]


@pytest.mark.req("MBR-05")
@pytest.mark.parametrize(
    ("instead", "piece"),
    [
        ('unit = "g"', "check"),
        ('check = "weight"', "unit"),
        ('check = "weight", unit = "cm"', "formula"),  # no length less a weight
        ('check = "weight", unit = "stone"', "unit"),
    ],
)
def test_a_check_that_is_not_named_or_measures_something_else_is_a_fault(instead, piece):
    with pytest.raises(InvalidDocument) as refused:
        read(TEXT.replace(NAMED, instead, 1).encode())
    assert any(piece in f"{each.place} {each.sentence()}" for each in refused.value.faults)


# The acts
# -------------------------------------------------------------------------------------------------


@pytest.mark.state("planned")
@pytest.mark.req("EBR-05", "EBR-06")
@pytest.mark.parametrize(
    ("minced", "left"), [("42.5", "0.1"), (CORD, "0"), ("42.7", "-0.1"), ("43", "-0.4")]
)
def test_tissue_up_to_the_weight_of_the_cord_passes_and_a_digit_more_is_a_deviation(
    database, clock, minced, left
):
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    entries, is_more = {"tissue_weight": minced}, left.startswith("-")
    if is_more:
        with pytest.raises(Refused):  # without a comment
            walk_batch(laboratory, batch, "enzyme", changes={"mince": entries})
        entries["comment"] = "The balance was not tared."
    walk_batch(laboratory, batch, "enzyme", changes={"mince": entries})
    entry = mince(database, batch)
    assert entry.values["cord_weight"] == {"text": CORD, "unit": "g"}
    assert entry.values["left"]["text"] == left
    assert [each.classification for each in opened(database, batch)] == ["major"] * is_more


@pytest.mark.state("finished")
@pytest.mark.req("EBR-05", "EBR-08")
@pytest.mark.parametrize(("minced", "more"), [(CORD, 0), ("42.7", 1)])
def test_a_corrected_weight_of_the_tissue_is_judged_by_the_cord(finished, minced, more):
    with finished.database.writing() as session:
        correct_the_open_time(session, finished, tissue_weight=minced)
    assert len(opened(finished.database, finished.batch)) == more
    assert mince(finished.database, finished.batch).values["tissue_weight"]["text"] == minced


@pytest.mark.state("finished")
@pytest.mark.req("EBR-05", "EBR-08")
@pytest.mark.parametrize(("weighed", "less"), [("31.2", 0), ("31.1", 1)])
def test_a_corrected_weight_of_the_cord_judges_what_was_minced_of_it(finished, weighed, less):
    with finished.database.writing() as session:
        correct_cord(session, finished, timedelta(0), weight=weighed)
    found = opened(finished.database, finished.batch)
    assert [each.subject_id for each in found] == [mince(finished.database, finished.batch).id] * (
        less
    )
    with finished.database.writing() as session:  # of the same weight nothing is found again
        correct_cord(session, finished, timedelta(0), weight=weighed, length="33.5")
        assert verify(session).faults == []
    assert len(opened(finished.database, finished.batch)) == less


@pytest.mark.state("planned")
@pytest.mark.parametrize("unit", ["", "cm", "°C"])
def test_criteria_that_ask_for_no_weight_leave_it_open_and_the_calculation_says_so(
    database, clock, unit, monkeypatch
):
    asked = receipt_checks.cords.checks_of

    def without(session, cord):
        others = [each for each in asked(session, cord) if each.id != "weight"]
        weight = next(each for each in asked(session, cord) if each.id == "weight")
        return [*others, replace(weight, unit=unit)] if unit else others

    monkeypatch.setattr(receipt_checks.cords, "checks_of", without)
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    walk_batch(laboratory, batch, "enzyme", changes={"mince": {"comment": "Nobody weighed it."}})
    assert "cord_weight" not in mince(database, batch).values
    [found] = opened(database, batch)
    assert found.rule == ExecutionRule.NOT_DEFINED


@pytest.mark.state("planned")
def test_the_page_shows_the_weight_before_anything_is_recorded(application, sqlite, clock):
    laboratory, batch = find_laboratory(sqlite, clock), find_batch(sqlite)
    walk_batch(laboratory, batch, "mince")
    client = application.test_client()
    sign_in(client, "technician1")
    address = f"/batches/{batch.code}/steps/digestion/1/mince/1"
    page = client.get(address).text
    assert "Weight of the cord, by its receipt" in page and f"{CORD} g" in page
    seen = post(client, f"{address}/preview", page="/bench", tissue_weight="42.7").text
    assert "-0.1 g" in seen
