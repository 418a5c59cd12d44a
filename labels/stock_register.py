"""Label stock as a controlled document: the one in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from documents import contents, kinds, register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact, Pair
from labels import stock_document
from labels.stocks import Stock, Stocks
from labels.words import LabelPhrase


def facts_of(said: Stocks) -> list[Pair]:
    """What is signed of the stock beside what every document shows."""
    return [
        (stock.title, facts.listed([*_format(stock), stock.status, *stock.required], "; "))
        for stock in said.stocks.values()
    ]


def _format(stock: Stock) -> tuple[Fact, Fact]:
    columns, rows = str(stock.columns), str(stock.rows)
    return stock.size, facts.message(LabelPhrase.ON_A_SHEET, columns=columns, rows=rows)


HANDLING = kinds.declare(
    Handling(
        kind=Kind.LABEL_STOCK,
        name="label stock",
        read=stock_document.read,
        shipped=Path(__file__).with_name("stock.toml"),
        facts=facts_of,
        names=lambda said: frozenset(said.stocks),
        single=True,
    )
)


def in_force(session: Session, at: datetime) -> tuple[ControlledDocument, Stocks]:
    """(the document, what it says) in force at a moment.

    Refused with who does what on which page while none is.
    """
    document = register.in_force(session, Kind.LABEL_STOCK, at)
    return document, contents.of(session, document)


def current(session: Session, at: datetime) -> Stocks:
    """What the stock in force says; refused as `in_force` is."""
    return in_force(session, at)[1]
