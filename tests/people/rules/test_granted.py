"""Which rights and names quality is to have confirmed, as a table."""

from __future__ import annotations

import pytest

from people.rules.grants import Granted, unconfirmed

ANN, BEA = ("Ann", "", ""), ("Bea", "", "")


@pytest.mark.req("IAM-03", "IAM-11")
@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (None, Granted("qa", ANN, False), False),
        (Granted("technician", ANN, False), Granted("qa", ANN, False), True),
        (Granted("technician", ANN, False), Granted("qa", ANN, True), False),
        (Granted("qa", ANN, False), Granted("reader", ANN, False), False),
        (Granted("technician", ANN, False), Granted("technician", ANN, False), False),
        (Granted("technician", ANN, False), Granted("technician", BEA, False), True),
        (Granted("reader", ANN, False), Granted("reader", BEA, False), False),
        (Granted("reader", ANN, False), Granted("technician", ANN, False), True),
    ],
)
def test_a_right_that_quality_confirms_does_not_hold_without(before, now, found):
    assert unconfirmed(before, now) is found
