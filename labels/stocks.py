"""What labels say and what they stand on: plain facts, and the stock as its data describes it.

Nothing is drawn here: who asks for a label's facts need not load what draws it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.head import Head
from integrity import facts
from integrity.catalogue import Message
from integrity.facts import MessageError
from labels.codes import Code

if TYPE_CHECKING:
    from paper.fonts import Points


class LabelFault(Message):
    """Why a label cannot be printed, and what to change."""

    NONE = "label-none"
    MIXED = "label-mixed"
    NO_STOCK = "label-no-stock"
    PLACES = "label-places"
    VIALS_ONLY = "label-vials-only"
    CODE_TOO_LONG = "label-code-too-long"
    SAYS_A_STATE = "label-says-a-state"
    TEXT_TOO_LONG = "label-text-too-long"


class LabelRefused(MessageError, ValueError):
    """A label that must not be printed (LabelFault)."""


@dataclass(frozen=True)
class LabelFacts:
    """What one label says.

    `kind` is a stock of the document: "vial", "flask", "jar" or "final".  `product` stands in bold
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


@dataclass(frozen=True, kw_only=True)
class Stocks(Head):
    """A whole document of label stock, by kind."""

    stocks: Mapping[str, Stock]


def stock_of(labels: Sequence[LabelFacts], said: Stocks) -> Stock:
    """The one stock these labels stand on; raises LabelRefused where there is none."""
    kinds = {label.kind for label in labels}
    if not kinds:
        raise LabelRefused(LabelFault.NONE)
    if len(kinds) > 1:
        raise LabelRefused(LabelFault.MIXED, kinds=facts.listed(sorted(kinds)))
    kind = kinds.pop()
    if kind not in said.stocks:
        raise LabelRefused(LabelFault.NO_STOCK, kind=kind, stocks=facts.listed(said.stocks))
    return said.stocks[kind]
