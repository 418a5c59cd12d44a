"""What labels say and what they stand on: plain facts, and the stock as its data describes it.

Nothing is drawn here: who asks for a label's facts need not load what draws it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from labels.codes import Code

if TYPE_CHECKING:
    from paper.fonts import Points

_POINTS = {"mm": 72 / 25.4, "pt": 1.0}


class LabelRefused(ValueError):
    """A label that must not be printed; the message is one sentence that says what to change."""


@dataclass(frozen=True)
class LabelFacts:
    """What one label says.

    `kind` is a stock of stock.toml: "vial", "flask", "jar" or "final".  `product` stands in bold
    under the code, `lines` below it (process, passage, date and time with zone, storage), then
    `status` (empty: what the stock says) and `warnings`.  `copy` numbers a reprint.  `payload`
    replaces the bare code in the symbol, except on a vial.  Never a person's name."""

    code: Code
    kind: str
    product: str
    lines: tuple[str, ...] = ()
    status: str = ""
    warnings: tuple[str, ...] = ()
    demonstration: bool = False
    copy: int = 0
    payload: str = ""


@dataclass(frozen=True)
class Stock:
    """One kind of label material; all lengths in points."""

    kind: str
    title: str
    width: Points
    height: Points
    margin: Points
    symbol: Points
    code: Points
    text: Points
    smallest: Points
    status: str
    required: tuple[str, ...]
    columns: int
    rows: int
    left: Points
    top: Points
    across: Points
    down: Points
    size: str


@cache
def stocks() -> dict[str, Stock]:
    """The label stock of stock.toml by kind."""
    described = tomllib.loads((Path(__file__).parent / "stock.toml").read_text(encoding="utf-8"))
    return {kind: _stock(kind, entry) for kind, entry in described.items()}


def _stock(kind: str, entry: dict[str, object]) -> Stock:
    grid = entry["on_a4"]
    assert isinstance(grid, dict)
    lengths = {
        name: _points(entry[name])
        for name in ("width", "height", "margin", "symbol", "code", "text", "smallest")
    }
    places = {name: _points(grid[name]) for name in ("left", "top", "across", "down")}
    required = entry["required"]
    assert isinstance(required, list)
    size = f"{entry['width']} × {entry['height']}".replace(" mm ×", " ×")
    return Stock(
        kind=kind, title=str(entry["title"]), status=str(entry["status"]), required=tuple(required),
        size=size,
        columns=grid["columns"], rows=grid["rows"], **lengths, **places,
    )  # fmt: skip


def stock_of(labels: Sequence[LabelFacts]) -> Stock:
    """The one stock these labels stand on; raises LabelRefused where there is none."""
    kinds = {label.kind for label in labels}
    if not kinds:
        raise LabelRefused("There is no label to print; choose at least one.")
    if len(kinds) > 1:
        raise LabelRefused(
            f"One print holds one kind of label, not {', '.join(sorted(kinds))}; print them apart."
        )
    kind = kinds.pop()
    if kind not in stocks():
        raise LabelRefused(
            f"There is no label stock {kind!r}; the stocks are {', '.join(stocks())}."
        )
    return stocks()[kind]


def _points(length: object) -> Points:
    """A length as the data writes it, "22 mm" or "9 pt"."""
    number, unit = str(length).split()
    return float(number) * _POINTS[unit]
