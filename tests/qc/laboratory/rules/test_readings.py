"""What cannot be a result is refused where it is typed: both edges of what each line can be."""

from dataclasses import replace

import pytest

from integrity.facts import MessageError
from integrity.quantities import Quantity
from manufacturing.masters.model import Limits
from qc.laboratory.rules.readings import readable
from qc.specifications import document
from qc.specifications.model import Line
from tests.makers.qc import SHIPPED_BYTES

SHIPPED = document.read(SHIPPED_BYTES).by_id
PERCENT = SHIPPED["viability"]
SHARE = replace(PERCENT, unit="1", limit=Quantity("0.8", "1"), alert_low=None)
ACIDITY = replace(
    PERCENT,
    unit="pH",
    operator="report",
    limit=None,
    alert_low=None,
    plausible=Limits("pH", low=Quantity("2", "pH"), high=Quantity("14", "pH")),
)
COLD = replace(ACIDITY, unit="degC", plausible=None)
NUMERIC = [line for line in SHIPPED.values() if line.kind == "numeric"]


@pytest.mark.req("QC-04")
@pytest.mark.parametrize(
    ("line", "typed", "unit"),
    [
        (PERCENT, "0", "%"),
        (PERCENT, "100", "%"),
        (PERCENT, "100.0", "%"),
        (PERCENT, "1e2", "%"),
        (PERCENT, "1", "1"),
        (PERCENT, "> 99.9", "%"),
        (PERCENT, ">= 100", "%"),
        (PERCENT, "< 0.01", "%"),
        (PERCENT, "<= 100", "%"),
        (PERCENT, "79.999", "%"),  # 79999 % cannot be, so it has one reading
        (SHARE, "0.97", "1"),
        (SHARE, "1", "1"),
        (SHARE, "97", "%"),
        (SHIPPED["endotoxin"], "< 0.05", "EU/mL"),
        (SHIPPED["endotoxin"], "0", "EU/mL"),
        (SHIPPED["endotoxin"], "1000", "EU/mL"),
        (SHIPPED["cell_dose"], "6.25e7", "cells"),
        (ACIDITY, "2", "pH"),
        (ACIDITY, "14", "pH"),
        (ACIDITY, "<= 2", "pH"),
        (COLD, "-80", "degC"),
        (COLD, "< -60", "degC"),
    ],
)
def test_what_a_result_can_be_is_read(line, typed, unit):
    assert readable(line, typed, unit).quantity.unit == unit


@pytest.mark.req("QC-04")
@pytest.mark.parametrize(
    ("line", "typed", "unit", "says"),
    [
        (PERCENT, "970", "%", "970 % cannot be: Viability lies in 0 – 100 %."),
        (PERCENT, "150", "%", "cannot be"),
        (PERCENT, "100.1", "%", "cannot be"),
        (PERCENT, "> 100.5", "%", "cannot be"),
        (PERCENT, "> 100", "%", "cannot be"),
        (PERCENT, "< 150", "%", "cannot be"),
        (PERCENT, "1e3", "%", "cannot be"),
        (PERCENT, "97", "1", "cannot be"),
        (PERCENT, "1.001", "1", "cannot be"),
        (SHARE, "97", "1", "cannot be"),
        (SHARE, "1.1", "1", "cannot be"),
        (PERCENT, "-1", "%", "below zero"),
        (PERCENT, "< 0", "%", "a bound lies above nought"),
        (PERCENT, "≤ 0", "%", "a bound lies above nought"),
        (SHIPPED["endotoxin"], "< 0", "EU/mL", "a bound lies above nought"),
        (SHIPPED["endotoxin"], "<= 0", "EU/mL", "a bound lies above nought"),
        (SHIPPED["endotoxin"], "< 0.00", "EU/mL", "a bound lies above nought"),
        (SHIPPED["endotoxin"], "> 0", "EU/mL", "a bound lies above nought"),
        (SHIPPED["endotoxin"], "-0", "EU/mL", "nought with a minus sign"),
        (SHIPPED["endotoxin"], "−0.0", "EU/mL", "nought with a minus sign"),
        (SHIPPED["endotoxin"], "< -0", "EU/mL", "nought with a minus sign"),
        (SHIPPED["endotoxin"], "-0e3", "EU/mL", "nought with a minus sign"),
        (SHIPPED["endotoxin"], "1001", "EU/mL", "cannot be"),
        (SHIPPED["cell_dose"], "1.1e11", "cells", "cannot be"),
        (SHIPPED["bioburden"], "1.500", "CFU/mL", "can be read in two ways"),
        (SHIPPED["bioburden"], "1,500", "CFU/mL", "can be read in two ways"),
        (ACIDITY, "1.9", "pH", "cannot be"),
        (ACIDITY, "14.1", "pH", "cannot be"),
        (ACIDITY, "< 2", "pH", "cannot be"),
    ],
)
def test_what_a_result_cannot_be_is_refused_in_one_sentence(line, typed, unit, says):
    with pytest.raises(MessageError) as refused:
        readable(line, typed, unit)
    said = str(refused.value)
    assert says in said and said.endswith(".")


@pytest.mark.parametrize("line", NUMERIC, ids=lambda line: line.id)
@pytest.mark.parametrize("typed", ["-0", "-1", "< 0", "<= 0", "1e20"])
def test_no_shipped_line_takes_what_cannot_be(line: Line, typed):
    with pytest.raises(MessageError):
        readable(line, typed, line.entered_in)
