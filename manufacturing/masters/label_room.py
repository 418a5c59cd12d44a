"""Whether what a master record names has room on the labels of the site (LAB-03): the longest label
of each field that makes containers or draws samples, on the smallest that it may be printed as.
Pure; a record and a label stock in, faults out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from documents.faults import Fault, fault
from documents.texts import Text, text
from integrity import facts
from labels import codes
from labels.print_register import unfit
from labels.stocks import LabelRefused, Stocks
from manufacturing.masters.fault_ids import RoomFault
from manufacturing.masters.model import Field, Master, Repeat, numbered
from manufacturing.masters.validation import FINAL
from stores import container_labels
from stores.containers import Container
from stores.rules import SERIES

MAKES = ("vessels", "sample")
YEAR, NUMBER = 26, 99_999  # every code, moment and copy is as long as another
MOMENT = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
# what a site prints beside the text: that it is a demonstration, and which copy it is
MARKS = (("yes", 99), ("no", 99))


def faults(master: Master, stocks: Stocks) -> Iterator[Fault]:
    """A fault at the label of each field whose containers could not be labelled."""
    for field, refusal in _refused(master, stocks):
        yield Fault(f"{field.place} › label", refusal.fact)


def stock_faults(master: Master, stocks: Stocks) -> Iterator[Fault]:
    """The same as faults of the stock, each at the kind of label that is too small."""
    for field, refusal in _refused(master, stocks):
        kind, _ = container_labels.STOCK[_kind(field)]
        told = {"document": master.code, "label": facts.text(field.label), "told": refusal.fact}
        yield fault(f"stocks.{kind}", RoomFault.ON_STOCK, **told)


def _refused(master: Master, stocks: Stocks) -> Iterator[tuple[Field, LabelRefused]]:
    for stage in master.stages:
        for step in stage.steps:
            place = f"{_last(stage.repeat, stage.title)} · {_last(step.repeat, step.title)}"
            for field in step.fields:
                if field.type in MAKES and (refusal := _refusal(field, place, stocks)):
                    yield field, refusal


def _refusal(field: Field, place: str, stocks: Stocks) -> LabelRefused | None:
    made = Container(
        code=codes.make(SERIES[_kind(field)], YEAR, NUMBER).bare,
        kind=_kind(field),
        scope=codes.make(codes.Series.BATCH, YEAR, NUMBER).bare,
        title=text(field.label),
        made_at=MOMENT,
    )
    final = _kind(field) == FINAL  # of others the label may leave place and time out
    where, until = (place, MOMENT) if final else ("", None)
    for demonstration, copy in MARKS:
        settings = {"zone": "UTC", "demonstration": demonstration}
        label = container_labels.facts(made, where, until, settings, stocks)
        if refusal := unfit(replace(label, copy=copy), stocks):
            return refusal
    return None


def _kind(field: Field) -> str:
    return "sample" if field.type == "sample" else field.kind or "flask"


def _last(repeat: Repeat | None, title: Text) -> str:
    """A title as its last round has it."""
    return numbered(repeat.title, repeat.max) if repeat and repeat.title else text(title)
