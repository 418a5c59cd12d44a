"""The mean of planned results: exact, rounded once, and never of a bound."""

from __future__ import annotations

import pytest

from integrity.quantities import read_measured
from qc.laboratory.rules.means import mean_of
from qc.specifications import document
from tests.makers.qc import BASIS, SHIPPED_BYTES

LINES = document.read(SHIPPED_BYTES).by_id


@pytest.mark.req("QC-06")
@pytest.mark.parametrize(
    ("test", "values", "word", "shown"),
    [
        ("viability", ["79", "81", "83"], "conforms", "81 %"),
        ("viability", ["79", "80", "81"], "fails", "80 %"),
        ("viability", ["79", "81", "> 90"], "inconclusive", "79 %; 81 %; > 90 %"),
        ("endotoxin", ["16", "17", "18"], "fails", "5.1 EU/kg"),
        ("endotoxin", ["0.1", "0.1", "0.2"], "conforms", "0.0400000 EU/kg"),
    ],
)
def test_a_mean_is_worked_out_exactly_and_judged_as_one_result(test, values, word, shown):
    line = LINES[test]
    measured = [read_measured(each, line.entered_in) for each in values]
    found = mean_of(line, measured, BASIS)
    assert (found.word, found.shown) == (word, shown)
