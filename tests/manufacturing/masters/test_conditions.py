"""Fields that are asked for only under some answers: what a master record may say of them, and how
it reads."""

# ruff: noqa: E501 - the tables read as tables: one case, one line

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, strategies as st

from documents.faults import InvalidDocument
from integrity import facts
from manufacturing.masters import changes, conditions, description
from manufacturing.masters.document import SHIPPED, read
from manufacturing.masters.model import Condition, Field, Option, Step

TEXT = SHIPPED.read_text("utf-8")
RECORD = read(TEXT.encode())
SUSPEND = "stages[6] ‘formulation’ › steps[4] ‘suspend’"
LOT = f"{SUSPEND} › fields[1] ‘albumin’ › only_when"
SHARE = 'only_when = { field = "formulation", is = "albumin" }, plausible'
WHEN = 'material = "Human albumin", only_when = { field = "formulation", is = "albumin" }'
ADDED = '{ id = "added", type = "calculation", formula = "suspend.volume - suspend.drawn"'
LACKS = f"{SUSPEND} › fields[9] ‘added’ › formula"
ALWAYS = "is asked for only under some answers"


def when(condition: str) -> str:
    return f'material = "Human albumin", only_when = {condition}'


FAULTS = [
    (WHEN, when('{ field = "formula", is = "albumin" }'), f"{LOT} › field", "no choice “formula” in this step"),
    (WHEN, when('{ field = "washed_in", is = "albumin" }'), f"{LOT} › field", "no choice “washed_in” in this step"),
    (WHEN, when('{ field = "appearance", is = "good" }'), f"{LOT} › field", "“appearance” is no choice before this field"),
    (WHEN, when('{ field = "albumin", is = "albumin" }'), f"{LOT} › field", "“albumin” is no choice before"),
    (SHARE, SHARE.replace("formulation", "albumin"), f"{SUSPEND} › fields[2] ‘albumin_share’ › only_when › field", "“albumin” is no choice before"),
    (WHEN, when('{ field = "formulation", is = "lactate" }'), f"{LOT} › is", "no answer “lactate”: use albumin or saline"),
    (WHEN, when('{ field = "formulation", is = ["saline", "lactate"] }'), f"{LOT} › is", "no answer “lactate”"),
    (WHEN, when('{ field = "formulation", is = [] }'), f"{LOT} › is", "at least one"),
    (WHEN, when('{ field = "formulation" }'), LOT, "“is” is missing"),
    (WHEN, when('{ is = "albumin" }'), LOT, "“field” is missing"),
    (WHEN, when('{ field = "formulation", is = "albumin", else = "x" }'), f"{LOT} › else", "not a key known here"),
    (WHEN, when('"formulation"'), LOT, "a table of keys"),
    ('type = "datetime", label', 'type = "datetime", only_when = { field = "formulation", is = "albumin" }, label', f"{SUSPEND} › fields[14] ‘finished’ › only_when", ALWAYS),
    ('id = "formulation", type = "choice"', 'id = "buffer", type = "choice", label = { en = "Buffer" }, options = [ { value = "a", label = { en = "A" } } ] },\n  { id = "formulation", type = "choice", only_when = { field = "buffer", is = "a" }', f"{SUSPEND} › fields[1] ‘formulation’ › only_when", "“hold” needs it"),
    (ADDED, ADDED.replace("suspend.drawn", "suspend.drawn * suspend.albumin_share"), LACKS, "“suspend.albumin_share”, which is not always asked for"),
    (ADDED, ADDED.replace('"calculation"', '"calculation", only_when = { field = "formulation", is = ["albumin", "saline"] }').replace("suspend.drawn", "suspend.drawn * suspend.albumin_share"), LACKS, "not always asked for"),
    (ADDED, ADDED.replace("suspend.drawn", "suspend.drawn * sum(suspend.albumin_share)"), LACKS, "not always asked for"),
    (ADDED, ADDED.replace("suspend.drawn", "suspend.drawn * carried(suspend.albumin_share, suspend.albumin_share)"), LACKS, "not always asked for"),
]  # fmt: skip


@pytest.mark.req("MBR-05", "MBR-06")
@pytest.mark.parametrize(("old", "new", "place", "piece"), FAULTS)
def test_a_condition_that_cannot_hold_is_a_fault_with_its_place(old, new, place, piece):
    assert old in TEXT
    with pytest.raises(InvalidDocument) as refused:
        read(TEXT.replace(old, new, 1).encode())
    found = refused.value.faults
    assert [each for each in found if each.place == place and piece in each.sentence()], found


SOUND = [
    ("suspend.drawn * suspend.albumin_share / 5 [%]", 'only_when = { field = "formulation", is = "albumin" }'),
    ("suspend.drawn * suspend.albumin_share / 5 [%]", "required = false"),
    ("suspend.drawn * carried(suspend.albumin_share / 5 [%], 1)", 'hint = { en = "Under any answer." }'),
    ("suspend.drawn * count(suspend.albumin_share)", 'hint = { en = "Under any answer." }'),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "with_"), SOUND)
def test_a_calculation_may_use_what_is_asked_for_wherever_it_is(formula, with_):
    changed = ADDED.replace("suspend.volume - suspend.drawn", formula)
    read(TEXT.replace(ADDED, f"{changed}, {with_}", 1).encode())


def test_what_goes_into_a_container_is_measured_wherever_the_container_is_made():
    made = '{ id = "container", type = "vessels", kind = "final", parents = ["seed.flasks"], '
    gate = 'label = { en = "Fill" }, options = [ { value = "yes", label = { en = "Yes" } } ] },\n'
    text = TEXT.replace(made, f'{{ id = "gate", type = "choice", {gate}  {made}taken = "fill", ', 1)
    fill = '{ id = "fill", type = "measurement", '
    text = text.replace(fill, fill + 'only_when = { field = "gate", is = "yes" }, ', 1)
    with pytest.raises(InvalidDocument) as refused:
        read(text.encode())
    assert any("“container” needs it" in each.sentence() for each in refused.value.faults)


def test_who_signs_the_record_reads_where_a_field_is_asked_for_and_the_redline_names_it():
    step = RECORD.step("suspend")
    lines = description.entered(step, step.field("albumin"))
    assert "only where “Formulation” is “Saline with albumin”" in lines
    other = read(TEXT.replace(WHEN, when('{ field = "formulation", is = "saline" }'), 1).encode())
    assert other.sha256 != RECORD.sha256
    [line] = changes.between(RECORD, other)
    assert facts.shown(line).endswith("Make up to 15 mL (Albumin lot changed)")


# What is implied by what
# -------------------------------------------------------------------------------------------------

ANSWERS = ("a", "b", "c")
OPTIONS = tuple(Option(each, {"en": each}, "accept") for each in ANSWERS)


@st.composite
def steps(draw):
    """Choices that hang on one another, in the order of a step."""
    fields: list[Field] = []
    for number in range(draw(st.integers(2, 4))):
        known = st.sampled_from([each.id for each in fields]) if fields else st.nothing()
        answers = st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=2, unique=True)
        condition = st.builds(Condition, known, answers.map(tuple))
        made = Field(f"c{number}", "choice", {"en": "C"}, options=OPTIONS)
        fields.append(replace(made, only_when=draw(st.none() | condition)))
    return Step("s", {"en": "S"}, {"en": "S"}, fields=tuple(fields))


def asked(step, answers):
    """The fields that are asked for under these answers."""
    values: dict[str, dict[str, str]] = {}
    for field, answer in zip(step.fields, answers, strict=True):
        if field.is_asked(values):
            values[field.id] = {"value": answer}
    return values.keys()


@given(steps())
def test_one_field_covers_another_only_if_no_answers_ask_for_it_alone(step):
    for narrow in step.fields:
        for wide in step.fields:
            if conditions.covers(step, narrow, wide):
                for answers in product(ANSWERS, repeat=len(step.fields)):
                    there = asked(step, answers)
                    assert narrow.id not in there or wide.id in there
