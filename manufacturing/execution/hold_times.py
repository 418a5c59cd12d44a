"""How long everything of a batch took that the master record limits: windows from the birth,
timers, intervals between steps and the time that the product keeps, each with its limits.

Nothing is judged here; what is said follows from the entries that stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from documents.texts import Text
from integrity import facts
from integrity.facts import Fact
from integrity.quantities import Quantity
from manufacturing.execution import expiry
from manufacturing.execution.batch_state import BatchState
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import place_fact
from manufacturing.execution.rules.steps import length
from manufacturing.execution.words import ExecutionTerm


@dataclass(frozen=True)
class HoldTime:
    """One time: what it is, where it ended, from when until when by the server's clock, how long
    by what people claim of it (None: they claim the same), the limits (None: there is none)."""

    title: Fact
    place: Fact
    began: datetime
    ended: datetime
    claimed: timedelta | None = None
    least: timedelta | None = None
    most: timedelta | None = None

    @property
    def took(self) -> timedelta:
        return self.ended - self.began

    @property
    def is_late(self) -> bool:
        """Whether the clock or the claim is beyond the limit; exactly the limit is inside."""
        return self.most is not None and max(self._both) > self.most

    @property
    def is_early(self) -> bool:
        return self.least is not None and min(self._both) < self.least

    @property
    def _both(self) -> tuple[timedelta, ...]:
        return (self.took,) if self.claimed is None else (self.took, self.claimed)


def of_batch(state: BatchState, born_at: datetime) -> list[HoldTime]:
    """Every one that has ended, the earliest end first."""
    done = [each for each in state.current if not each.not_applicable]
    found = [
        *_windows(state, done, born_at),
        *_timers(state, done),
        *_intervals(state, done),
        *_kept(state, done),
    ]
    return sorted(found, key=lambda each: each.ended)


def _windows(state: BatchState, done: Iterable[Entry], born_at: datetime) -> Iterator[HoldTime]:
    for window in state.master.windows.values():
        ends = [each for each in done if each.step == window.until]
        if ends:
            yield _between(state, window.title, ends[0], born_at, born_at, None, window.max)


def _timers(state: BatchState, done: Iterable[Entry]) -> Iterator[HoldTime]:
    for timer in state.master.timers.values():
        begins = [each for each in done if state.master.step(each.step).starts == timer.id]
        for end in (each for each in done if state.master.step(each.step).stops == timer.id):
            before = [each for each in begins if each.performed_at <= end.performed_at]
            if before:
                first = max(before, key=lambda each: each.performed_at)
                began = state.log.first_recorded(first.position)
                claim = first.performed_at
                yield _between(state, timer.title, end, began, claim, timer.min, timer.max)


def _intervals(state: BatchState, done: Iterable[Entry]) -> Iterator[HoldTime]:
    """They are judged by what people claim alone."""
    for end in done:
        step = state.master.step(end.step)
        before = [
            each.performed_at
            for each in done
            if step.due and each.step in step.due.after and each.performed_at < end.performed_at
        ]
        if step.due and before:
            yield HoldTime(
                facts.message(ExecutionTerm.INTERVAL, step=facts.text(step.title)),
                place_fact(state.master, end.position),
                max(before),
                end.performed_at,
                least=_length(step.due.min),
                most=_length(step.due.max),
            )


def _kept(state: BatchState, done: Iterable[Entry]) -> Iterator[HoldTime]:
    """From the moment that the product's time runs from until the last entry of its record."""
    kept = expiry.kept(state)
    last = max(done, key=lambda each: each.performed_at, default=None)
    if kept and last and last.performed_at >= kept[0]:
        began, until = kept
        yield HoldTime(
            facts.word(ExecutionTerm.KEPT),
            place_fact(state.master, last.position),
            began,
            last.performed_at,
            most=until - began,
        )


def _between(
    state: BatchState,
    title: Text,
    end: Entry,
    began: datetime,
    claimed: datetime,
    least: Quantity | None,
    most: Quantity | None,
) -> HoldTime:
    ended = state.log.first_recorded(end.position)
    said = end.performed_at - claimed
    return HoldTime(
        facts.text(title),
        place_fact(state.master, end.position),
        began,
        ended,
        said if said != ended - began else None,
        _length(least),
        _length(most),
    )


def _length(limit: Quantity | None) -> timedelta | None:
    return length(limit) if limit else None
