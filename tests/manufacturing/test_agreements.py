"""Answers that have to agree: what the cells were washed in is what they are suspended in. A master
record says so as data, and whoever records or corrects one of the two is judged by it."""

import pytest

from documents.faults import InvalidDocument
from integrity import deviations
from integrity.findings import Refused
from manufacturing.execution import batch_state
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.rules import agreements
from manufacturing.masters.agreements import choice_named
from manufacturing.masters.document import SHIPPED, read
from tests.makers.batches import find_batch, find_laboratory, walk_batch

TEXT = SHIPPED.read_text("utf-8")
NAMED = 'same_as = "wash_cells.washed_in"'
MASTER = read(TEXT.encode())
SUSPEND = MASTER.step("suspend")
ALBUMIN, SALINE = {"value": "albumin"}, {"value": "saline"}


# The document
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("MBR-05", "MBR-06")
@pytest.mark.parametrize(
    ("named", "piece"),
    [
        ("wash_cells.volume", "There is no choice “wash_cells.volume”"),
        ("washed_in", "There is no choice “washed_in”"),
        ("", "There is no choice"),
        ("suspend.appearance", "not answered before this step"),
        ("suspend.formulation", "not answered before this step"),
        ("cord_receipt.nothing", "There is no choice"),
    ],
)
def test_what_a_choice_has_to_agree_with_is_a_choice_of_an_earlier_step(named, piece):
    with pytest.raises(InvalidDocument) as refused:
        read(TEXT.replace(NAMED, f'same_as = "{named}"', 1).encode())
    said = [each for each in refused.value.faults if "same_as" in each.place]
    assert said and (piece in said[0].sentence() or not named)


@pytest.mark.req("MBR-05")
def test_two_that_have_to_agree_have_the_same_answers():
    answer = '{ value = "saline", label = { en = "Saline alone" }, verdict = "accept" },'
    other = TEXT.replace(answer, answer.replace('"saline"', '"lactate"'), 1)
    with pytest.raises(InvalidDocument) as refused:
        read(other.encode())
    [said] = [each for each in refused.value.faults if "same_as" in each.place]
    assert "has other answers (albumin or lactate)" in said.sentence()


def test_the_shipped_record_says_it_and_one_without_it_judges_nothing():
    assert SUSPEND.field("formulation").same_as == "wash_cells.washed_in"
    assert choice_named(MASTER, "wash_cells.washed_in")
    free = read(TEXT.replace(f"{NAMED}, ", "", 1).encode())
    values = {"formulation": SALINE}
    said = {"wash_cells.washed_in": "albumin"}
    assert list(agreements.disagreeing(free, free.step("suspend"), values, said)) == []


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("EBR-05")
@pytest.mark.parametrize(
    ("formulation", "washed_in", "disagree"),
    [
        (ALBUMIN, "albumin", False),
        (SALINE, "saline", False),
        (SALINE, "albumin", True),
        (ALBUMIN, "saline", True),
        (ALBUMIN, None, False),  # the wash is not recorded: it says so itself
        (None, "saline", False),
    ],
)
def test_both_answers_the_same_or_a_deviation_of_the_class_of_the_later_one(
    formulation, washed_in, disagree
):
    values = {"formulation": formulation} if formulation else {}
    said = {"wash_cells.washed_in": washed_in} if washed_in else {}
    found = list(agreements.disagreeing(MASTER, SUSPEND, values, said))
    assert [each.rule for each in found] == [ExecutionRule.ANSWERS_DISAGREE] * disagree
    for each in found:
        assert (each.classification, each.field) == ("major", "formulation")
        assert "Washed in" in each.sentence() and "Formulation" in each.sentence()


# The acts
# -------------------------------------------------------------------------------------------------


def opened(database, batch):
    with database.reading() as session:
        found = deviations.in_scopes(session, [batch.id])
        return [each for each in found if each.rule == ExecutionRule.ANSWERS_DISAGREE]


@pytest.mark.state("planned")
@pytest.mark.req("EBR-05")
@pytest.mark.parametrize(
    ("washed_in", "formulation", "disagree"),
    [("albumin", "saline", 1), ("saline", "albumin", 1), ("saline", "saline", 0)],
)
def test_a_batch_that_is_suspended_in_something_else_than_it_was_washed_in_has_a_deviation(
    database, clock, washed_in, formulation, disagree
):
    laboratory, batch = find_laboratory(database, clock), find_batch(database)
    suspend, wash = {"formulation": formulation}, {"washed_in": washed_in}
    if disagree:
        walk_batch(laboratory, batch, "suspend", changes={"wash_cells": wash})
        with pytest.raises(Refused, match="Both have to be the same"):  # without a comment
            walk_batch(laboratory, batch, changes={"suspend": suspend})
        suspend["comment"] = "The order was changed after the wash."
    walk_batch(laboratory, batch, changes={"suspend": suspend, "wash_cells": wash})
    found = opened(database, batch)
    assert [each.classification for each in found] == ["major"] * disagree
    with database.reading() as session:
        current = {each.step: each for each in batch_state.read(session, batch.id).current}
    assert [each.subject_id for each in found] == [current["suspend"].id] * disagree
