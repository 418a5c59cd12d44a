"""The cards of what a batch made and has no label yet: they follow an entry onto the next page of
the bench and stand on the page of the batch. The register of prints says what has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from integrity.forms import new_entry_id
from labels import print_register
from labels.stocks import LabelFacts
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.batches import ExecutionState
from manufacturing.execution.rules.sequence import place
from people.permissions import Permission, allows
from people.transaction import now, presence, session
from stores import unlabelled
from stores.container_labels import STOCK, of as labels_of
from stores.containers import Container

SHOWN = 2  # labels of one print that are shown as they will read; the others by their codes


@dataclass(frozen=True)
class Sheet:
    """One print: the labels that are on one stock, how the first of them read, and where it is
    asked for."""

    codes: Sequence[str]
    labels: Sequence[LabelFacts]
    paper: str
    entry_id: str
    address: str

    @property
    def paper_title(self) -> str:
        return print_register.PAPERS[self.paper]


@dataclass(frozen=True)
class Unlabelled:
    """What one entry made and has no label yet."""

    key: int
    place: str
    sheets: Sequence[Sheet]
    put_away: str


def at_hand(state: BatchState) -> list[Unlabelled]:
    """What the pages of the bench offer to print: what no person has put away."""
    return _of(state, unlabelled.of_scope(session(), state.batch.id, put_away=False))


def of_batch(state: BatchState) -> list[Unlabelled]:
    """What the page of the batch offers to print: whatever was made and has no label."""
    return _of(state, unlabelled.of_scope(session(), state.batch.id))


def _of(state: BatchState, made: Mapping[int, Sequence[Container]]) -> list[Unlabelled]:
    may_print = allows(presence().actor.role, Permission.PRINT_LABELS)
    if not made or not may_print or state.execution == ExecutionState.TERMINATED:
        return []
    entries = {each.id: each for each in state.everything}
    papers = print_register.usual_papers(session())
    return [
        _card(state, entries[key], found, papers, shown=SHOWN if number == 0 else 0)
        for number, (key, found) in enumerate(made.items())
    ]


def _card(
    state: BatchState,
    entry: Entry,
    found: Sequence[Container],
    papers: Mapping[str, str],
    shown: int,
) -> Unlabelled:
    code = state.batch.code
    sheets = [
        Sheet(
            codes=[each.code for each in on_it],
            labels=labels_of(session(), on_it[:shown], now()) if shown else [],
            paper=papers.get(stock, print_register.Paper.A4),
            entry_id=new_entry_id(),
            address=url_for("execution.entry_labels", code=code, key=entry.id, stock=stock),
        )
        for stock, on_it in by_stock(found).items()
    ]
    put_away = url_for("execution.labels_put_away", code=code, key=entry.id)
    return Unlabelled(entry.id, place(state.master, entry.position), sheets, put_away)


def by_stock(found: Sequence[Container]) -> dict[str, list[Container]]:
    """What is printed together: {label stock: containers}."""
    sheets: dict[str, list[Container]] = {}
    for each in found:
        sheets.setdefault(STOCK[each.kind][0], []).append(each)
    return sheets
