"""What a formula can reach.

The values recorded before it, and through previous() those of the turn before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from documents.faults import Fault, fault
from manufacturing.formulas.evaluation import INSTANT, Formula, FormulaError, Use, check, parse
from manufacturing.masters.conditions import covers, lacking
from manufacturing.masters.fault_ids import ReachFault
from manufacturing.masters.model import EXPECTED_UNIT, Expected, Field, Master, Stage, Step

Position = tuple[int, int]
_END = 1_000_000  # a step's own time is known when all its fields are


@dataclass(frozen=True)
class Value:
    """What a name stands for.

    Its unit (or INSTANT), where it comes to be, and the rounds it is recorded in.
    """

    unit: str
    position: Position
    stage: Stage
    step: Step
    field: Field | None = None  # none for the time of the step itself

    @property
    def repeats(self) -> bool:
        return self.stage.repeat is not None or self.step.repeat is not None


@dataclass(frozen=True)
class Calculation:
    """One calculation and where it stands."""

    field: Field
    position: Position
    stage: Stage
    step: Step

    @property
    def place(self) -> str:
        return f"{self.field.place} › formula"


def formulas_are_sound(master: Master) -> Iterator[Fault]:
    """Each formula can be read, names only what is known by then, and gives what its unit says."""
    known = dict(_values(master))
    for calculation in _calculations(master):
        try:
            formula = parse(calculation.field.formula or "")
        except FormulaError as error:
            yield Fault(calculation.place, error.fact)
            continue
        faults = [
            fault for use in formula.names for fault in _out_of_reach(use, calculation, known)
        ]
        yield from faults or _dimensions(formula, calculation, known)
        if not faults:
            yield from _always_there(formula, calculation, known)


def _numbered(master: Master) -> Iterator[tuple[int, Stage, Step]]:
    pairs = [(stage, step) for stage in master.stages for step in stage.steps]
    return ((number, stage, step) for number, (stage, step) in enumerate(pairs))


def _values(master: Master) -> Iterator[tuple[str, Value]]:
    """Every name a formula may use, with what it stands for."""
    for number, stage, step in _numbered(master):
        yield f"{step.id}.at", Value(INSTANT, (number, _END), stage, step)
        for index, field in enumerate(step.fields):
            for part, unit in field.values.items():
                name = f"{step.id}.{field.id}.{part}" if part else f"{step.id}.{field.id}"
                yield name, Value(unit, (number, index), stage, step, field)


def _calculations(master: Master) -> Iterator[Calculation]:
    for number, stage, step in _numbered(master):
        for index, field in enumerate(step.fields):
            if field.formula is not None:
                yield Calculation(field, (number, index), stage, step)
        if step.expected and step.expected.formula is not None:
            yield Calculation(_expectation(step, step.expected), (number, -1), stage, step)


def _expectation(step: Step, expected: Expected) -> Field:
    """When a step is expected, as a calculation that may have no meaning yet."""
    return Field(
        id="expected",
        type="calculation",
        label={},
        required=False,
        unit=EXPECTED_UNIT,
        formula=expected.formula,
        place=f"{step.place} › expected",
    )


def _out_of_reach(use: Use, calculation: Calculation, known: dict[str, Value]) -> Iterator[Fault]:
    """At most one fault: the name is not there, or not yet."""
    value, place = known.get(use.name), calculation.place
    if value is None:
        if near := get_close_matches(use.name, sorted(known), 1):
            yield fault(place, ReachFault.UNKNOWN_NEAR, name=use.name, near=near[0])
        else:
            yield fault(place, ReachFault.UNKNOWN, name=use.name)
    elif use.wrapper == "previous" and not value.repeats:
        yield fault(place, ReachFault.NO_TURN_BEFORE, name=use.name)
    elif value.position >= calculation.position and not _in_an_earlier_turn(
        use, value, calculation
    ):
        yield fault(place, ReachFault.LATER, name=use.name)


def _in_an_earlier_turn(use: Use, value: Value, calculation: Calculation) -> bool:
    """previous() reaches what comes later in the round, because the round before is over."""
    same_round = value.stage is calculation.stage and value.stage.repeat is not None
    same_step = value.step is calculation.step and value.step.repeat is not None
    return use.wrapper == "previous" and (same_round or same_step)


def _always_there(
    formula: Formula, calculation: Calculation, known: dict[str, Value]
) -> Iterator[Fault]:
    """What must come to a number rests on nothing that may not have been asked for."""

    def is_there(use: Use) -> bool:
        value = known[use.name]
        if value.field is None or value.field.only_when is None:
            return True
        same = value.step is calculation.step and use.wrapper != "previous"
        return same and covers(value.step, calculation.field, value.field)

    if calculation.field.required and (name := lacking(formula.tree, is_there)):
        yield fault(calculation.place, ReachFault.NOT_ALWAYS, name=name)


def _dimensions(
    formula: Formula, calculation: Calculation, known: dict[str, Value]
) -> Iterator[Fault]:
    if calculation.field.unit is None:
        return  # said already, where the unit was read
    units = {use.name: known[use.name].unit for use in formula.names}
    for told in check(formula, units, calculation.field.unit):
        yield Fault(calculation.place, told)
