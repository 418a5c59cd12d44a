"""Label stock as a document: bytes of TOML in, the stocks out, or every fault at once.

Lengths are texts with a unit ("22 mm" or "9 pt"); they become points, in which paper is measured.
"""

from __future__ import annotations

import hashlib
import re

from documents import head
from documents.fault_ids import KeyFault
from documents.faults import Fault, fault, refuse
from documents.texts import text
from documents.toml import Table, load
from integrity.catalogue import Message
from labels.stocks import Stock, Stocks

_LENGTH = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) (mm|pt)")
_POINTS = {"mm": 72 / 25.4, "pt": 1.0}
_SIZES = ("width", "height", "margin", "symbol", "code", "text", "smallest")
_PLACES = ("left", "top", "across", "down")


class StockFault(Message):
    """What may be wrong with the label stock beside what may be wrong with any document."""

    NONE = "stock-none"
    SMALLEST = "stock-smallest"
    SYMBOL = "stock-symbol"
    LENGTH = "stock-length"


def read(data: bytes) -> Stocks:
    """The stocks these bytes say, with their SHA-256.

    Raises InvalidDocument with every fault at once.
    """
    faults: list[Fault] = []
    document = Table(load(data), "", faults)
    document.take("stocks", dict, required=True)
    made = Stocks(
        **head.read(document, hashlib.sha256(data).hexdigest()),
        stocks={kind: _stock(kind, table) for kind, table in document.named("stocks").items()},
    )
    document.close()
    if not made.stocks:
        faults.append(fault("stocks", StockFault.NONE))
    refuse(faults, data)
    return made


def _stock(kind: str, table: Table) -> Stock:
    table.take("on_a4", dict, required=True)
    grid = table.table("on_a4")
    lengths = {name: _length(table, name) for name in _SIZES}
    made = Stock(
        kind=kind,
        title=text(table.words("title") or {}),
        status=text(table.words("status") or {}),
        required=_sentences(table),
        size=f"{table.raw.get('width')} × {table.raw.get('height')}".replace(" mm ×", " ×"),
        columns=grid.whole("columns", 1, required=True) or 1,
        rows=grid.whole("rows", 1, required=True) or 1,
        **lengths,
        **{name: _length(grid, name) for name in _PLACES},
    )
    if made.smallest > made.text:
        table.fault("smallest", StockFault.SMALLEST)
    if made.symbol + 2 * made.margin > made.width:
        table.fault("symbol", StockFault.SYMBOL)
    grid.close()
    table.close()
    return made


def _length(table: Table, key: str) -> float:
    """A length in points; 0 where it cannot be read."""
    written = table.string(key)
    found = _LENGTH.fullmatch(written or "")
    if written is not None and not found:
        table.fault(key, StockFault.LENGTH, written=written)
    return float(found[1]) * _POINTS[found[2]] if found else 0.0


def _sentences(table: Table) -> tuple[str, ...]:
    """Sentences that always stand there, each in its languages; English is printed."""
    found = []
    for each in table.tables("required"):
        words = {language: each.string(language) or "" for language in each.raw}
        if "en" not in words:
            each.fault("", KeyFault.NO_ENGLISH)
        found.append(text(words))
    return tuple(found)
