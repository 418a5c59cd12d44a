"""The state of a batch.

Everything the law and the pages need to know of it, gathered in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from integrity import deviations, states
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Refused
from integrity.signatures import Meaning, Signature
from manufacturing.execution import entries
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry, SignOff
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

    batch: Batch
    master: Master
    execution: str
    disposition: str
    everything: Sequence[Entry]
    signed: Sequence[Signature]
    found: Sequence[Deviation]
    deviation_states: dict[int, str]
    rejecting: set[int]
    current: list[Entry] = field(default_factory=list)
    rounds: dict[int, Round] = field(default_factory=dict)  # {id of what is signed off: its round}

    @cached_property
    def progress(self) -> Progress:
        """What stands in the record, as the law of order sees it."""
        return Progress(
            frozenset(entry.position for entry in self.current),
            frozenset(entry.position for entry in self.current if self.waits(entry)),
            frozenset(
                signed
                for signed in {entry.round for entry in self.current}
                if self.sign_off(signed)
            ),
        )

    @cached_property
    def open(self) -> Open:
        return open_now(self.master, self.progress)

    @cached_property
    def recorded(self) -> list[Recorded]:
        """What formulas may look at.

        A step that was left out has no values and was done at no time.
        """
        return [entry.recorded for entry in self.current if not entry.not_applicable]

    @property
    def deviations(self) -> list[OpenDeviation]:
        return [
            OpenDeviation(
                each.code,
                each.rule,
                each.consequence,
                self.deviation_states[each.id],
                each.id in self.rejecting,
            )
            for each in self.found
        ]

    def with_entry(self, entry: Entry, opened: Sequence[Deviation] = ()) -> BatchState:
        """The state once an entry is recorded and what deviates in it is opened."""
        everything = [*self.everything, entry]
        return replace(
            self,
            everything=everything,
            current=entries.current(everything),
            found=[*self.found, *opened],
            deviation_states=self.deviation_states
            | {each.id: deviations.DeviationState.OPEN for each in opened},
        )

    def with_signature(self, signature: Signature) -> BatchState:
        """The state once a second person has signed."""
        return replace(self, signed=[*self.signed, signature])

    def with_sign_off(self, signature: Signature, signed: Round) -> BatchState:
        """The state once a round of a stage is signed off."""
        rounds = self.rounds | {signature.subject_id: signed}
        return replace(self, signed=[*self.signed, signature], rounds=rounds)

    def opened_by(self, entry: Entry) -> list[Deviation]:
        """The deviations of one entry."""
        return [each for each in self.found if each.subject_id == entry.id]

    def at(self, position: Position) -> Entry | None:
        """The current entry at a position."""
        return next((entry for entry in self.current if entry.position == position), None)

    def verification(self, entry: Entry) -> Signature | None:
        """The second person's signature on an entry."""
        return next(
            (
                each
                for each in self.signed
                if each.subject_id == entry.id and each.meaning == Meaning.VERIFIED
            ),
            None,
        )

    def waits(self, entry: Entry) -> bool:
        """Whether an entry that stands still wants its second person."""
        return entry.needs_second and self.verification(entry) is None

    def sign_off(self, wanted: Round) -> Signature | None:
        """The sign-off of a round of a stage, if the entries that were signed are still those that
        stand there (SIG-05).
        """
        newest = [each for each in self.signed if self.rounds.get(each.subject_id) == wanted]
        if not newest:
            return None
        signed = newest[-1]
        said = {label: fact for label, fact in signed.facts}
        stands = said.get(entries.ENTRIES) == entries.numbers_of(self.current, wanted)
        return signed if stands else None

    def last(self, steps: Sequence[str]) -> datetime | None:
        """When the latest of these steps was done."""
        return max(
            (
                entry.performed_at
                for entry in self.current
                if entry.step in steps and not entry.not_applicable
            ),
            default=None,
        )

    def timer_started(self, timer: Timer | None) -> datetime | None:
        """When the server recorded the step that starts a timer; None while it never ran."""
        return self._last_recorded(
            {step.id for step in self.master.steps if timer and step.starts == timer.id}
        )

    def _last_recorded(self, steps: Set[str]) -> datetime | None:
        return max(
            (
                first_recorded(self.everything, entry)
                for entry in self.current
                if entry.step in steps and not entry.not_applicable
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


def first_recorded(everything: Sequence[Entry], entry: Entry) -> datetime:
    """When this position was first recorded: a correction does not move a timer."""
    return min(each.recorded_at for each in everything if each.position == entry.position)


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


def gather(session: Session, batch: Batch) -> BatchState:
    return gather_many(session, [batch])[batch.id]


def gather_many(session: Session, batches: Sequence[Batch]) -> dict[int, BatchState]:
    """{batch id: its state} of many batches, in as many questions as for one.

    One more for each master record not seen before.
    """
    ids = [batch.id for batch in batches]
    every = entries.of_batches(session, ids)
    standing = states.on_all_axes(session, ids)
    signed, rounds = _signed(session, ids)
    found = deviations.in_scopes(session, {*ids, *(batch.cord_id for batch in batches)})
    deviation_states = deviations.states_of(session, found) if found else {}
    rejecting = deviations.decided_to_reject(session, found) if found else set()
    masters = {
        master_id: register.document_of(session, master_id)
        for master_id in {batch.master_id for batch in batches}
    }
    return {
        batch.id: BatchState(
            batch,
            masters[batch.master_id],
            standing[(batch.id, EXECUTION)],
            standing[(batch.id, DISPOSITION)],
            every[batch.id],
            signed.get(batch.id, []),
            [each for each in found if each.scope_id in (batch.id, batch.cord_id)],
            deviation_states,
            rejecting,
            entries.current(every[batch.id]),
            rounds.get(batch.id, {}),
        )
        for batch in batches
    }


def _signed(
    session: Session, ids: Sequence[int]
) -> tuple[dict[int, list[Signature]], dict[int, dict[int, Round]]]:
    """({batch id: its signatures, oldest first}, {batch id: the rounds signed off in it})."""
    signed: dict[int, list[Signature]] = {}
    rounds: dict[int, dict[int, Round]] = {}
    asked = (
        select(Signature, SignOff.stage, SignOff.cycle)
        .outerjoin(SignOff, SignOff.id == Signature.subject_id)
        .where(Signature.scope_id.in_(ids))
        .order_by(Signature.id)
    )
    for signature, stage, cycle in session.execute(asked):
        batch_id = signature.scope_id or 0
        signed.setdefault(batch_id, []).append(signature)
        if stage is not None:
            rounds.setdefault(batch_id, {})[signature.subject_id] = Round(stage, cycle)
    return signed, rounds
