"""The state of a batch.

Everything the law and the pages need to know of it, gathered in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from integrity import deviations, states
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Refused
from integrity.signatures import Signature
from manufacturing.execution import batch_logs
from manufacturing.execution.batch_log import BatchLog, SignedRound
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.formula_values import Recorded
from manufacturing.execution.rules.batches import EXECUTION
from manufacturing.execution.rules.sequence import Open, Position, Progress, Round, open_now
from manufacturing.execution.rules.steps import OpenDeviation
from manufacturing.masters import register
from manufacturing.masters.model import Master, Timer
from stores.rules import DISPOSITION


@dataclass(frozen=True)
class BatchState:
    """One batch with its pinned master record and everything recorded in it."""

    log: BatchLog
    master: Master
    execution: str
    disposition: str
    found: Sequence[Deviation]
    deviation_states: dict[int, str]
    decided: Mapping[int, str]

    @property
    def batch(self) -> Batch:
        return self.log.batch

    @property
    def everything(self) -> Sequence[Entry]:
        """Every entry, oldest first."""
        return self.log.everything

    @property
    def current(self) -> Sequence[Entry]:
        """The entries that no later one has taken the place of, oldest first."""
        return self.log.current

    @property
    def signed(self) -> Sequence[Signature]:
        """Every signature under the batch, oldest first."""
        return self.log.signatures

    @property
    def progress(self) -> Progress:
        """What stands in the record, as the law of order sees it."""
        return self.log.progress

    @cached_property
    def open(self) -> Open:
        return open_now(self.master, self.progress)

    def recorded(self) -> Iterator[Recorded]:
        """What formulas may look at.

        A step that was left out has no values and was done at no time.
        """
        for entry in self.current:
            if not entry.not_applicable:
                yield entry.recorded

    @property
    def deviations(self) -> list[OpenDeviation]:
        return [
            OpenDeviation(
                each.code,
                each.rule,
                each.consequence,
                self.deviation_states[each.id],
                self.decided.get(each.id),
            )
            for each in self.found
        ]

    def with_entry(self, entry: Entry, opened: Sequence[Deviation] = ()) -> BatchState:
        """The state once an entry is recorded and what deviates in it is opened."""
        return replace(self, log=self.log.grown([entry])).with_deviations(opened)

    def with_deviations(self, opened: Sequence[Deviation]) -> BatchState:
        """The state once deviations are opened."""
        return replace(
            self,
            found=[*self.found, *opened],
            deviation_states=self.deviation_states
            | {each.id: deviations.DeviationState.OPEN for each in opened},
        )

    def with_signature(self, signature: Signature) -> BatchState:
        """The state once a second person has signed."""
        return replace(self, log=self.log.grown(signatures=[signature]))

    def with_sign_off(self, signature: Signature, signed: SignedRound) -> BatchState:
        """The state once a round of a stage is signed off."""
        grown = self.log.grown(signatures=[signature], signed={signature.id: signed})
        return replace(self, log=grown)

    def opened_by(self, entry: Entry) -> list[Deviation]:
        """The deviations of one entry."""
        return [each for each in self.found if each.subject_id == entry.id]

    def at(self, position: Position) -> Entry | None:
        """The current entry at a position."""
        return self.log.at(position)

    def stands(self, entry: Entry) -> bool:
        """Whether no later entry has taken the place of this one."""
        return self.log.stands(entry)

    def verification(self, entry: Entry) -> Signature | None:
        """The second person's signature on an entry."""
        return self.log.verified.get(entry.id)

    def waits(self, entry: Entry) -> bool:
        """Whether an entry still wants its second person."""
        return entry.needs_second and self.verification(entry) is None

    def sign_off(self, wanted: Round) -> Signature | None:
        """The sign-off of a round, if it covers the entries that stand there (SIG-05)."""
        return self.log.sign_off(wanted)

    def last(self, steps: Sequence[str]) -> datetime | None:
        """When the latest of these steps was done."""
        done = self.log.done
        return max((done[step] for step in steps if step in done), default=None)

    def timer_started(self, timer: Timer | None) -> datetime | None:
        """When the server recorded the step that starts a timer; None while it never ran."""
        return self._last_recorded(
            {step.id for step in self.master.steps if timer and step.starts == timer.id}
        )

    def _last_recorded(self, steps: Set[str]) -> datetime | None:
        return max(
            (
                self.log.first_recorded(position)
                for position in self.log.history
                if position.step in steps and not self.log.history[position][-1].not_applicable
            ),
            default=None,
        )

    def running(self) -> list[tuple[Timer, datetime]]:
        """Every timer that runs, with the moment since when."""
        found = []
        for timer in self.master.timers.values():
            since = self.timer_started(timer)
            stopped = self._last_recorded(
                {step.id for step in self.master.steps if step.stops == timer.id}
            )
            if since and not (stopped and stopped >= since):
                found.append((timer, since))
        return found


@dataclass(frozen=True)
class Outcome:
    """What an act on a batch made, and the state of the batch after it.

    `state` is None where this very entry had been made before and nothing was gathered.
    """

    record: Any
    state: BatchState | None


@contextmanager
def judged(session: Session, state: BatchState) -> Iterator[BatchState]:
    """What is refused within says by which state: the page that shows the refusal draws that one.

    The rows are let go of first, so that they stay readable when the transaction is undone.
    """
    try:
        yield state
    except Refused as refusal:
        session.expunge_all()
        refusal.judged_by = state
        raise


def gather(session: Session, batch_id: int) -> BatchState:
    """The state of a batch, from what is kept of its log."""
    return _states(session, {batch_id: batch_logs.of(session, batch_id)})[batch_id]


def read(session: Session, batch_id: int) -> BatchState:
    """The state of a batch for whoever signs it: read from the tables, whatever is kept."""
    return read_many(session, [session.get_one(Batch, batch_id)])[batch_id]


def gather_many(session: Session, batches: Sequence[Batch]) -> dict[int, BatchState]:
    """{batch id: its state} for a list, from what is kept of their logs."""
    return _states(session, batch_logs.of_many(session, batches))


def read_many(session: Session, batches: Sequence[Batch]) -> dict[int, BatchState]:
    """{batch id: its state} of many batches, read from the tables in as many questions as for one.

    One more for each master record not seen before.
    """
    return _states(session, batch_logs.read(session, batches))


def _states(session: Session, logs: Mapping[int, BatchLog]) -> dict[int, BatchState]:
    stand = states.on_all_axes(session, list(logs))
    cords = {log.batch.cord_id for log in logs.values()}
    found = deviations.in_scopes(session, {*logs, *cords})
    deviation_states = deviations.states_of(session, found) if found else {}
    decided = deviations.decisions_on(session, found) if found else {}
    return {
        number: BatchState(
            log,
            register.pinned(session, log.batch.master_id, log.batch.sha256),
            stand[(number, EXECUTION)],
            stand[(number, DISPOSITION)],
            [each for each in found if each.scope_id in (number, log.batch.cord_id)],
            deviation_states,
            decided,
        )
        for number, log in logs.items()
    }
