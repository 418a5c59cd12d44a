"""Lines that a spreadsheet opens without running anything in them."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from integrity import spreadsheets


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-80 °C", "'-80 °C"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("plain", "plain"),
        ('with "words", and a comma', '"with ""words"", and a comma"'),
        ("two\nlines", '"two\nlines"'),
        (None, ""),
        (-3, "-3"),
        (Decimal("-0.50"), "-0.50"),
        (datetime(2026, 11, 2, 8, 0, tzinfo=UTC), "2026-11-02T15:00:00+07:00"),
    ],
)
def test_a_cell_is_quoted_dated_and_no_formula(cell, written):
    assert spreadsheets.line([cell, "x"], ZoneInfo("Asia/Ho_Chi_Minh")) == f"{written},x\r\n"
