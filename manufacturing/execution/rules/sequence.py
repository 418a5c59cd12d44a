"""The order of a batch record: what may be recorded now, worked out from the master record and what
is there (EBR-02).

Pure. A position is one turn of one step in one round of its stage. A step that repeats is open
again until a later one is recorded; a stage that repeats may be followed by its next round or by
the next stage."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from documents.texts import Text, text
from integrity import facts
from integrity.facts import Fact
from integrity.findings import Finding, blocks
from integrity.words import Between
from manufacturing.execution.rule_ids import ExecutionRule
from manufacturing.execution.words import ExecutionWord
from manufacturing.masters.model import Master, Repeat, Stage, Step, numbered


class Position(NamedTuple):
    """Where an entry stands.

    Stage id, round of the stage from 1, step id, turn of the step from 1.
    """

    stage: str
    cycle: int
    step: str
    turn: int


class Round(NamedTuple):
    """One going through of a stage."""

    stage: str
    cycle: int


class StepOfRound(NamedTuple):
    """One step in one going through of its stage, with all its turns."""

    stage: str
    cycle: int
    step: str


@dataclass(frozen=True)
class Progress:
    """What stands in the record.

    Which positions have an entry, which of these wait for a second person, which rounds are signed;
    `turns` has how many turns of each step that was begun are recorded without a gap, counted here
    unless it is known.
    """

    recorded: Set[Position] = frozenset()
    unverified: Set[Position] = frozenset()
    signed: Set[Round] = frozenset()
    known_turns: Mapping[StepOfRound, int] | None = None

    @cached_property
    def turns(self) -> Mapping[StepOfRound, int]:
        if self.known_turns is not None:
            return self.known_turns
        return {
            step: without_gap(self.recorded, step)
            for step in {StepOfRound(*position[:3]) for position in self.recorded}
        }


def without_gap(recorded: Container[Position], step: StepOfRound, known: int = 0) -> int:
    """How many turns of a step are recorded one after the other, at least `known`."""
    turn = known
    while Position(*step, turn + 1) in recorded:
        turn += 1
    return turn


@dataclass
class Open:
    """What may be done now.

    `steps` in the order of the document, then a verification or a sign-off that waits.
    """

    steps: list[Position] = field(default_factory=list)
    verify: Position | None = None
    sign: Round | None = None

    @property
    def is_complete(self) -> bool:
        return not self.steps and self.verify is None and self.sign is None


def turns(step: Step) -> tuple[int, int]:
    """(least, most) turns of a step."""
    return (step.repeat.min, step.repeat.max) if step.repeat else (1, 1)


def open_now(master: Master, progress: Progress) -> Open:
    """What may be done now."""
    now = Open()
    reached = _furthest(master, progress)
    for number, stage in enumerate(master.stages):
        if _walk_stage(stage, number, progress, reached, now):
            return now
    return now


def _furthest(master: Master, progress: Progress) -> tuple[int, int, int]:
    """(stage number, cycle, step number) of the last position that is recorded."""
    places = {
        step.id: (s, n)
        for s, stage in enumerate(master.stages)
        for n, step in enumerate(stage.steps)
    }
    return max(
        ((places[begun.step][0], begun.cycle, places[begun.step][1]) for begun in progress.turns),
        default=(-1, 0, -1),
    )


def _walk_stage(
    stage: Stage, number: int, progress: Progress, reached: tuple[int, int, int], now: Open
) -> bool:
    """Whether nothing beyond this stage may be done."""
    least, most = (stage.repeat.min, stage.repeat.max) if stage.repeat else (1, 1)
    begun = {step.cycle for step in progress.turns if step.stage == stage.id}
    for cycle in range(1, most + 1):
        if cycle > least and cycle not in begun:
            if reached[0] <= number and stage.steps:
                now.steps.append(Position(stage.id, cycle, stage.steps[0].id, 1))
            return False
        if _walk_round(stage, number, cycle, progress, reached, now):
            return True
    return False


def _walk_round(
    stage: Stage,
    number: int,
    cycle: int,
    progress: Progress,
    reached: tuple[int, int, int],
    now: Open,
) -> bool:
    before = len(now.steps)
    for index, step in enumerate(stage.steps):
        least, most = turns(step)
        done = _done(stage, cycle, step, progress)
        waiting = next(
            (p for p in sorted(progress.unverified) if p[:3] == (stage.id, cycle, step.id)), None
        )
        if waiting:
            now.steps.clear()
            now.verify = waiting
            return True
        if done < least or (done < most and reached <= (number, cycle, index)):
            now.steps.append(Position(stage.id, cycle, step.id, done + 1))
        if done < least:
            return True
    return stage.sign_off and _waits_for_sign_off(Round(stage.id, cycle), progress, now, before)


def _waits_for_sign_off(wanted: Round, progress: Progress, now: Open, before: int) -> bool:
    """A round that is signed is closed.

    What could still have been repeated in it is offered no more.
    """
    if wanted in progress.signed:
        del now.steps[before:]
        return False
    now.sign = wanted
    return True


def _done(stage: Stage, cycle: int, step: Step, progress: Progress) -> int:
    return progress.turns.get(StepOfRound(stage.id, cycle, step.id), 0)


def never_signed(
    master: Master, begun: Set[Round], signed: Set[Round], *, is_over: bool
) -> Iterator[Round]:
    """The rounds that wanted a sign-off before a later one was begun, or before the record was
    over, and were never given any. Nothing is recorded beyond a round that is not signed off, so
    that an entry which stands there was not made by the program."""
    order = {stage.id: number for number, stage in enumerate(master.stages)}
    last = max(((order[each.stage], each.cycle) for each in begun), default=(-1, 0))
    for stage in master.stages:
        rounds = {each.cycle for each in begun if each.stage == stage.id}
        rounds |= set(range(1, (stage.repeat.min if stage.repeat else 1) + 1))
        for cycle in sorted(rounds) if stage.sign_off else ():
            if ((order[stage.id], cycle) < last or is_over) and Round(
                stage.id, cycle
            ) not in signed:
                yield Round(stage.id, cycle)


def in_order(master: Master, progress: Progress, wanted: Position) -> Iterator[Finding]:
    """Blocks a position that is not open now, and says what is."""
    now = open_now(master, progress)
    if wanted in now.steps:
        return
    if wanted in progress.recorded:
        yield blocks(ExecutionRule.RECORDED_ALREADY)
    elif now.verify:
        yield blocks(
            ExecutionRule.SECOND_PERSON_FIRST, step=facts.text(master.step(now.verify.step).title)
        )
    elif now.sign:
        yield blocks(
            ExecutionRule.SIGN_OFF_FIRST, stage=facts.text(_stage(master, now.sign.stage).title)
        )
    elif now.is_complete:
        yield blocks(ExecutionRule.RECORD_COMPLETE)
    else:
        yield blocks(
            ExecutionRule.NOT_DUE,
            steps=facts.listed(
                [
                    facts.message(ExecutionWord.QUOTED, title=facts.text(master.step(p.step).title))
                    for p in now.steps
                ],
                Between.OR,
            ),
        )


def _stage(master: Master, stage_id: str) -> Stage:
    return next(stage for stage in master.stages if stage.id == stage_id)


def round_title(master: Master, wanted: Round) -> str:
    """How one going through of a stage is called: "Passage 2"."""
    return text(_round_words(master, wanted))


def _round_words(master: Master, wanted: Round) -> Text:
    stage = _stage(master, wanted.stage)
    return _numbered(stage.repeat, stage.title, wanted.cycle)


def place(master: Master, position: Position) -> str:
    """How a position is called on a page and on paper: "Passage 2 · Medium change 3"."""
    return facts.shown(place_fact(master, position))


def place_fact(master: Master, position: Position) -> Fact:
    """The same as a fact, in every language of the document."""
    step = master.step(position.step)
    stage = _round_words(master, Round(position.stage, position.cycle))
    title = _numbered(step.repeat, step.title, position.turn)
    return facts.listed([facts.text(stage), facts.text(title)], " · ")


def step_title(step: Step, turn: int) -> str:
    """The title of one turn of a step."""
    return text(_numbered(step.repeat, step.title, turn))


def _numbered(repeat: Repeat | None, title: Text, n: int) -> Text:
    if repeat is None or not repeat.title:
        return title
    return {language: numbered(repeat.title, n, language) for language in repeat.title}
