"""A thousand vial labels to PDF, against a thousand bare matrices of the library."""

from __future__ import annotations

from collections.abc import Iterator

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from benchmarks.stopwatch import seconds
from labels import codes
from labels.sheets import vial_sheet
from labels.stock_register import HANDLING
from labels.stocks import LabelFacts

COUNT = 1_000


def labels(count: int = COUNT) -> Iterator[str]:
    """Both in turn, three times; the ratio is that of the shortest runs."""
    made = [codes.make("V", 26, number) for number in range(1, count + 1)]
    facts = [LabelFacts(code, "vial", "UC-MSC", ("B260001-54", "P3")) for code in made]
    stocks = HANDLING.read(HANDLING.shipped.read_bytes())
    sheets, bare = [], []
    for _ in range(3):
        sheets.append(seconds(lambda: vial_sheet(facts, stocks)))
        bare.append(seconds(lambda: [_matrix(code.bare) for code in made]))
    ratio = min(sheets) / min(bare)
    verdict = "reached" if ratio <= 1.5 else "NOT REACHED"
    yield (
        f"{count:,} vial labels to PDF: {min(sheets):.2f} s; as many bare matrices "
        f"{min(bare):.2f} s: {ratio:.2f}×  ≤ 1.5×: {verdict}"
    )


def _matrix(payload: str) -> object:
    """Version 1, level M, mask chosen by the library."""
    code = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(payload)
    code.make(fit=False)
    return code.get_matrix()
