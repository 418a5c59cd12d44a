"""Specifications as documents: the shipped limits, and every kind of fault with its place."""

import pytest

from documents.faults import InvalidDocument
from integrity import facts
from manufacturing.masters import document as masters
from manufacturing.masters.validation import unknown_tests
from qc.specifications import document
from tests.makers.qc import SHIPPED_BYTES

SHIPPED = document.read(SHIPPED_BYTES)
NUMERIC = """
[[lines]]
id = "x"
title = { en = "X" }
method = "M"
method_version = "1"
kind = "numeric"
stage = "final"
sample = "cells"
gate = "initial"
"""
HEAD = '[specification]\ncode = "SP-1"\ntitle = { en = "T" }\n'


@pytest.mark.parametrize(
    ("test", "limit", "gate", "required"),
    [
        ("viability", "> 80 %", "initial", True),
        ("cd73", "> 95 %", "initial", True),
        ("cd90", "> 95 %", "initial", True),
        ("cd105", "> 95 %", "initial", True),
        ("cd_negative", "< 2 %", "initial", True),
        ("hla_dr", "< 2 %", "initial", False),
        ("sterility", "No growth, final at 14 d", "final", True),
        ("mycoplasma", "Negative", "initial", True),
        ("endotoxin", "≤ 5 EU/kg", "initial", True),
        ("karyotype", "Normal", "information", False),
        ("gram_stain", "No organisms", "initial", True),
        ("cell_dose", "label claim ± 20 %", "initial", True),
        ("appearance", "Off-white, homogeneous, no clumps", "initial", True),
        ("immunoregulation", "report", "information", False),
    ],
)
def test_the_shipped_limits_are_the_published_ones(test, limit, gate, required):
    line = SHIPPED.by_id[test]
    assert (facts.shown(line.limit_fact), line.gate, line.required) == (limit, gate, required)


def test_every_test_of_the_shipped_master_record_has_a_line():
    master = masters.read(masters.SHIPPED.read_bytes())
    assert master.specification == SHIPPED.code
    assert list(unknown_tests(master, frozenset(SHIPPED.by_id))) == []


@pytest.mark.req("QC-07")
def test_organisms_are_marked_and_a_failing_result_has_a_time_to_be_investigated_in():
    marked = [line.id for line in SHIPPED.lines if line.microbial]
    assert marked == [
        "mycoplasma",
        "mycoplasma_culture",
        "gram_stain",
        "sterility",
        "sterility_compendial",
        "bioburden",
    ]
    assert str(SHIPPED.oos_within) == "30 d"


def faults(text: str) -> str:
    with pytest.raises(InvalidDocument) as invalid:
        document.read((HEAD + text).encode())
    return str(invalid.value)


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ('operator = ">"\nunit = "%"', "lines[0] ‘x’", "“limit” is missing"),
        ('operator = ">"\nlimit = 80\nunit = "%"', "limit", "Write the number as text in quotes"),
        (
            'operator = ">"\nlimit = "80"\nunit = "percent"',
            "unit",
            "is not a unit of the closed list",
        ),
        ('operator = "=>"\nlimit = "80"\nunit = "%"', "operator", "is not known here"),
        ('operator = "within"\nlow = "9"\nhigh = "1"\nunit = "%"', "lines[0] ‘x’", "exchange them"),
        (
            'operator = ">"\nlimit = { value = "1", unit = "mL" }\nunit = "%"',
            "limit",
            "measure different things",
        ),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nalert_low = "70"',
            "lines[0] ‘x’",
            "lies outside the limit",
        ),
        (
            'operator = "<"\nlimit = "2"\nunit = "%"\nalert_high = "3"',
            "lines[0] ‘x’",
            "lies outside the limit",
        ),
        ('operator = "claim"\ntolerance = "120"\nunit = "cells"', "tolerance", "between 0 and 100"),
        (
            'operator = "<="\nlimit = "5"\nunit = "EU/kg"\nper_weight = true\ntyped_unit = '
            '"CFU/mL"',
            "typed_unit",
            "does not give EU/kg",
        ),
        (
            'operator = "<="\nlimit = "5"\nunit = "EU/mL"\ntyped_unit = "EU/L"',
            "typed_unit",
            "per_weight",
        ),
        ('operator = ">"\nlimit = "80"\nunit = "%"\ndecimals = "13"', "decimals", "At most 12"),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nrounding = "down"',
            "rounding",
            "is not known here",
        ),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nearliest_final = { value = "14", unit = '
            '"mL" }',
            "earliest_final",
            "not a time to wait",
        ),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\ninstead = ["y", "x"]',
            "instead",
            "There is no line “y”",
        ),
        ('operator = ">"\nlimit = "NaN"\nunit = "%"', "limit", "is not a number"),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nplausible = { low = "0", unit = "mL" }',
            "lines[0] ‘x’ › plausible",
            "measure different things",
        ),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nplausible = { high = "70", unit = "%" }',
            "lines[0] ‘x’ › plausible",
            "80 % lies outside what a result can be (≤ 70 %)",
        ),
        (
            'operator = "within"\nlow = "80"\nhigh = "120"\nunit = "%"',
            "lines[0] ‘x’ › plausible",
            "120 % lies outside what a result can be (0 – 100 %)",
        ),
        (
            'operator = "report"\nunit = "%"\nplausible = { low = "9", high = "1", unit = "%" }',
            "lines[0] ‘x’ › plausible",
            "exchange them",
        ),
        (
            'operator = "report"\nunit = "%"\nplausible = { unit = "%" }',
            "lines[0] ‘x’ › plausible",
            ".",
        ),
        (
            'operator = ">"\nlimit = "80"\nunit = "%"\nlimmit = "2"',
            "limmit",
            "did you mean “limit”?",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(lines, place, words):
    said = faults(NUMERIC + lines)
    assert place in said and words in said


def test_every_fault_is_said_at_once():
    said = faults(
        NUMERIC
        + 'operator = ">"\nunit = "furlong"'
        + NUMERIC
        + 'operator = "<"\nlimit = "a"\nunit = "%"'
    ).splitlines()
    assert len(said) >= 4
    assert said == sorted(said, key=lambda fault: "lines[1]" in fault)


def test_two_lines_cannot_share_an_id():
    assert "each needs its own" in faults((NUMERIC + 'operator = "report"\nunit = "%"') * 2)


def test_a_choice_must_be_able_to_fail():
    lines = (
        NUMERIC.replace("numeric", "qualitative")
        + 'values = [{ value = "a", label = { en = "A" }, verdict = "conforms" }]'
    )
    assert "otherwise nothing is judged" in faults(lines)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"\xff\xfe",
        b"[specification",
        b"x = 1",
        "tiêu chuẩn".encode(),
        b"a" * 2_000_000,
    ],
)
def test_what_is_no_specification_is_refused_in_a_sentence(data):
    with pytest.raises(InvalidDocument) as invalid:
        document.read(data)
    assert str(invalid.value).strip().endswith((".", "…"))


OVER = 'operator = ">"\nlimit = "80"\nunit = "%"\n'


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("repeats", "limit"),
    [
        ("", "> 80 %"),
        ('reported = "worse"', "> 80 %"),
        ('reported = "mean"\nplanned = "3"', "> 80 %, mean of 3"),
        ('reported = "each"\nplanned = "2"', "> 80 %, each of 2"),
    ],
)
def test_the_rule_for_repeats_is_data_of_the_line_and_stands_with_its_limit(repeats, limit):
    read = document.read((HEAD + NUMERIC + OVER + repeats).encode())
    assert facts.shown(read.by_id["x"].limit_fact) == limit


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NUMERIC + OVER + 'planned = "3"', "is how many results of one sample"),
        (NUMERIC + OVER + 'reported = "mean"', "is how many results of one sample"),
        (NUMERIC + OVER + 'reported = "each"\nplanned = "11"', "2 to 10"),
        (NUMERIC + OVER + 'reported = "best"', "best"),
        (
            NUMERIC + OVER + 'reported = "mean"\nplanned = "3"\nmicrobial = true',
            "never of organisms",
        ),
        (
            NUMERIC + 'operator = "report"\nunit = "%"\nreported = "mean"\nplanned = "2"',
            "numbers that are judged",
        ),
        ('oos_within = { value = "3", unit = "kg" }\n' + NUMERIC + OVER, "not a time to wait"),
    ],
)
def test_a_rule_for_repeats_that_decides_nothing_is_a_fault(text, told):
    assert told in faults(text)
