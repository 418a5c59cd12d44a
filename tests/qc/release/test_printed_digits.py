"""How many digits of a calculation stand on the certificate."""

from __future__ import annotations

import pytest

from integrity.quantities import Quantity
from manufacturing.masters.model import Field, Limits
from qc.release.certified_identity import _printed

AT_MOST_25 = Limits("1", high=Quantity("25", "1"))


@pytest.mark.parametrize(
    ("typed", "printed", "decimals"),
    [
        ("10.870352", 2, 2),
        ("10.870352", None, 6),
        ("24.999", 2, 2),
        ("25", 2, 2),
        ("25.004", 2, 6),
        ("25.000001", 2, 6),
        ("25.01", 2, 2),
    ],
)
def test_a_number_is_cut_only_where_the_shorter_one_is_judged_alike(typed, printed, decimals):
    field = Field(
        "cumulative", "calculation", {}, limits=AT_MOST_25, decimals=6, printed=printed, unit="1"
    )
    assert _printed(field, {"text": typed, "unit": "1"}).decimals == decimals
