"""What a batch itself has recorded, folded: entries and signatures, each found by what is asked.

A log never changes; one more entry makes the next log. Within a process it is kept on the shelf, so
that an entry costs the same in a long batch as in a short one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from integrity.signatures import Meaning, Signature
from manufacturing.execution.batches import Batch
from manufacturing.execution.entries import Entry
from manufacturing.execution.rules.sequence import (
    Position,
    Progress,
    Round,
    StepOfRound,
    without_gap,
)

History = Mapping[Position, tuple[Entry, ...]]


@dataclass(frozen=True)
class SignedRound:
    """A sign-off: which round, and the numbers of the entries it covers."""

    round: Round
    covers: frozenset[int]


@dataclass(frozen=True)
class BatchLog:
    """Everything recorded in one batch up to its newest entry and its newest signature.

    `history` has the entries of each position, oldest first: the last one stands. `signed` has the
    newest sign-off of each round, `holding` those rounds whose sign-off covers what stands there.
    `done` says when each step was last done.
    """

    batch: Batch
    history: History
    signatures: tuple[Signature, ...]
    verified: Mapping[int, Signature]
    signed: Mapping[Round, Signature]
    holding: frozenset[Round]
    waiting: frozenset[Position]
    turns: Mapping[StepOfRound, int]
    done: Mapping[str, datetime]
    newest_entry: int
    newest_signature: int

    @cached_property
    def progress(self) -> Progress:
        """What stands in the record, as the law of order sees it."""
        return Progress(self.history.keys(), self.waiting, self.holding, self.turns)

    @cached_property
    def everything(self) -> list[Entry]:
        """Every entry, oldest first."""
        return sorted((each for made in self.history.values() for each in made), key=_number)

    @cached_property
    def current(self) -> list[Entry]:
        """The entries that no later one has taken the place of, oldest first."""
        return sorted((made[-1] for made in self.history.values()), key=_number)

    def at(self, position: Position) -> Entry | None:
        """The entry that stands at a position."""
        made = self.history.get(position)
        return made[-1] if made else None

    def has(self, step: str) -> bool:
        """Whether a step was ever recorded, in any round."""
        return any(begun.step == step for begun in self.turns)

    def stands(self, entry: Entry) -> bool:
        """Whether no later entry has taken the place of this one."""
        standing = self.at(entry.position)
        return standing is not None and standing.id == entry.id

    def first_recorded(self, position: Position) -> datetime:
        """When a position was first recorded: a correction does not move a timer."""
        return min(each.recorded_at for each in self.history[position])

    def first_told(self, position: Position) -> datetime | None:
        """When it was first recorded that a position was done; None while it is only left out."""
        done = [each.recorded_at for each in self.history[position] if not each.not_applicable]
        return min(done, default=None)

    def sign_off(self, wanted: Round) -> Signature | None:
        """The sign-off of a round, if it covers the entries that stand there (SIG-05)."""
        return self.signed[wanted] if wanted in self.holding else None

    def grown(
        self,
        entries: Iterable[Entry] = (),
        signatures: Iterable[Signature] = (),
        signed: Mapping[int, SignedRound] | None = None,
    ) -> BatchLog:
        """The log with further entries, then further signatures, each oldest first.

        `signed` says of the signatures that are sign-offs what they cover.
        """
        growing = _Growing(self)
        for entry in entries:
            growing.take_entry(entry)
        for signature in signatures:
            growing.take_signature(signature, (signed or {}).get(signature.id))
        return growing.log()


def empty(batch: Batch) -> BatchLog:
    return BatchLog(batch, {}, (), {}, {}, frozenset(), frozenset(), {}, {}, 0, 0)


def _number(entry: Entry) -> int:
    return entry.id


class _Growing:
    """The parts of a log while more is folded into them."""

    def __init__(self, log: BatchLog) -> None:
        self._batch = log.batch
        self._history = dict(log.history)
        self._signatures = list(log.signatures)
        self._verified, self._signed = dict(log.verified), dict(log.signed)
        self._holding, self._waiting = set(log.holding), set(log.waiting)
        self._turns, self._done = dict(log.turns), dict(log.done)
        self._newest_entry, self._newest_signature = log.newest_entry, log.newest_signature

    def take_entry(self, entry: Entry) -> None:
        position = entry.position
        before = self._history.get(position, ())
        self._history[position] = (*before, entry)
        self._holding.discard(entry.round)  # what stands there is no longer what was signed
        (self._waiting.add if entry.needs_second else self._waiting.discard)(position)
        self._count(position)
        self._time(entry, corrected=bool(before))
        self._newest_entry = max(self._newest_entry, entry.id)

    def _count(self, position: Position) -> None:
        """How many turns of the step are recorded without a gap."""
        step = StepOfRound(position.stage, position.cycle, position.step)
        self._turns[step] = without_gap(self._history, step, self._turns.get(step, 0))

    def _time(self, entry: Entry, *, corrected: bool) -> None:
        """When the step was last done; a correction may move it either way."""
        if corrected:
            standing = [made[-1] for p, made in self._history.items() if p.step == entry.step]
            times = [each.performed_at for each in standing if not each.not_applicable]
        elif entry.not_applicable:
            return
        else:
            times = [entry.performed_at, self._done.get(entry.step, entry.performed_at)]
        if times:
            self._done[entry.step] = max(times)
        else:
            self._done.pop(entry.step, None)

    def take_signature(self, signature: Signature, signed: SignedRound | None) -> None:
        self._signatures.append(signature)
        if signed:
            self._sign(signature, signed)
        elif signature.meaning == Meaning.VERIFIED:
            self._verify(signature)
        self._newest_signature = max(self._newest_signature, signature.id)

    def _sign(self, signature: Signature, signed: SignedRound) -> None:
        self._signed[signed.round] = signature
        standing = {
            made[-1].id for made in self._history.values() if made[-1].round == signed.round
        }
        hold = self._holding.add if signed.covers == standing else self._holding.discard
        hold(signed.round)

    def _verify(self, signature: Signature) -> None:
        """The first second person of an entry counts; it waits no more where it stands."""
        self._verified.setdefault(signature.subject_id, signature)
        for position in tuple(self._waiting):
            if self._history[position][-1].id == signature.subject_id:
                self._waiting.discard(position)

    def log(self) -> BatchLog:
        return BatchLog(
            self._batch,
            self._history,
            tuple(self._signatures),
            self._verified,
            self._signed,
            frozenset(self._holding),
            frozenset(self._waiting),
            self._turns,
            self._done,
            self._newest_entry,
            self._newest_signature,
        )
