"""Recorded values as formulas and pages need them.

What a name stands for at a position, and how a value is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from integrity import facts
from integrity.facts import Fact, Pair
from integrity.figures import superscript
from integrity.quantities import Quantity
from manufacturing.execution.rules.sequence import Position
from manufacturing.execution.typed_values import only_when
from manufacturing.execution.words import ExecutionPhrase, ExecutionWord
from manufacturing.formulas import evaluation
from manufacturing.formulas.fault_ids import ResultFault
from manufacturing.masters.model import Field, Master, Step

parse = lru_cache(maxsize=512)(evaluation.parse)
MANY = 100_000  # from here on a computed number of cells is shown as a power of ten


@dataclass(frozen=True)
class Recorded:
    """One current entry, as far as a formula may look.

    Where it stands, its values and when it was done.
    """

    position: Position
    values: Mapping[str, Any]
    performed_at: datetime


def place_key(master: Master, position: Position) -> tuple[int, int, int, int]:
    """Orders positions as the document does."""
    for number, stage in enumerate(master.stages):
        if stage.id == position.stage:
            step = next(n for n, each in enumerate(stage.steps) if each.id == position.step)
            return number, position.cycle, step, position.turn
    raise KeyError(position.stage)


class AtPosition:
    """What names stand for at one position (`formulas.Values`): in its own step this entry's
    values, in its own repeating stage those of this round, elsewhere the latest; `previous` is the
    round before."""

    def __init__(
        self,
        master: Master,
        entries: Iterable[Recorded],
        position: Position,
        own: Mapping[str, Any],
    ):
        self._master, self._position, self._own = master, position, own
        here = place_key(master, position)
        placed = [(place_key(master, entry.position), entry) for entry in entries]
        placed = [each for each in placed if each[0] < here]
        self._before = [entry for _, entry in sorted(placed, key=itemgetter(0))]
        self._stage = master.stage_of(position.step)

    def latest(self, name: str) -> evaluation.Value | None:
        step = name.split(".")[0]
        if step == self._position.step:
            return self._of(self._own, name)
        turns = self._turns(step)
        if self._in_round(step):
            turns = [entry for entry in turns if entry.position.cycle == self._position.cycle]
        return self._value(turns[-1], name) if turns else None

    def previous(self, name: str) -> evaluation.Value | None:
        step = name.split(".")[0]
        turns = self._turns(step)
        if self._in_round(step):
            turns = [entry for entry in turns if entry.position.cycle == self._position.cycle - 1]
        elif step != self._position.step:
            turns = turns[:-1]
        return self._value(turns[-1], name) if turns else None

    def all(self, name: str) -> Sequence[evaluation.Value]:
        step = name.split(".")[0]
        found = [self._value(entry, name) for entry in self._turns(step)]
        if step == self._position.step:
            found.append(self._of(self._own, name))
        return [value for value in found if value is not None]

    def _in_round(self, step: str) -> bool:
        return self._stage.repeat is not None and self._master.stage_of(step).id == self._stage.id

    def _turns(self, step: str) -> list[Recorded]:
        return [entry for entry in self._before if entry.position.step == step]

    def _value(self, entry: Recorded, name: str) -> evaluation.Value | None:
        return entry.performed_at if name.split(".")[1] == "at" else self._of(entry.values, name)

    def _of(self, values: Mapping[str, Any], name: str) -> evaluation.Value | None:
        step, field_id, *part = name.split(".")
        value = values.get(field_id)
        return (
            _stands_for(self._master.step(step).field(field_id), value, part[0] if part else "")
            if value
            else None
        )


def _stands_for(field: Field, value: Mapping[str, Any], part: str) -> evaluation.Value | None:
    if field.type == "datetime":
        return datetime.fromisoformat(value["at"])
    stored = value.get(part or "text")
    return (
        Quantity(stored, value["unit"] if not part else field.values[part])
        if stored is not None
        else None
    )


def worked_out(
    master: Master, entries: Iterable[Recorded], position: Position, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with every calculation of the step added, in the order of the document (EBR-16).

    A calculation holds its result with all digits, its unit and the formula with values put in; one
    that has no meaning (a net loss, a value that was never recorded) holds the fact of it."""
    made = dict(values)
    wanted = [
        field
        for field in master.step(position.step).fields
        if field.type == "calculation" and field.is_asked(values)
    ]
    if wanted:
        at = AtPosition(master, entries, position, made)
        for field in wanted:
            made[field.id] = _calculated(field, at)
    return made


def _calculated(field: Field, at: AtPosition) -> dict[str, Any]:
    formula, unit = parse(field.formula or ""), field.unit or "1"
    try:
        result = evaluation.evaluate(formula, at, unit)
        return {
            "text": result.text,
            "unit": unit,
            "formula": evaluation.expanded(formula, at, unit, field.decimals),
        }
    except (evaluation.Undefined, evaluation.NotYetKnown, evaluation.FormulaError) as fault:
        return {"undefined": fault.fact}


def waits(value: Mapping[str, Any]) -> bool:
    """Whether a calculation has no result because something it needs is not there yet."""
    told = value.get("undefined")
    said = told.get("message") if isinstance(told, dict) else None
    return bool(said and said[0] == ResultFault.NOT_RECORDED)


def shown(field: Field, value: Mapping[str, Any] | None, zone: ZoneInfo) -> str:
    """A recorded value as people read it, with its unit and every digit that was typed."""
    return facts.shown(fact(field, value, zone))


def fact(field: Field, value: Mapping[str, Any] | None, zone: ZoneInfo) -> Fact:
    """A recorded value as a fact; a moment stays in the zone it was recorded in."""
    if value is None:
        return facts.word(ExecutionPhrase.NOT_ENTERED)
    return _FACTS[field.type](field, value, zone)


def _quantity(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    if "undefined" in value:
        return facts.message(ExecutionPhrase.NOT_DEFINED, why=value["undefined"])
    quantity = Quantity(value["text"], value["unit"])
    if field.type != "calculation":
        return facts.quantity(quantity)
    if quantity.unit.startswith("cells") and abs(quantity.number) >= MANY:
        return facts.power(quantity)
    return facts.quantity(quantity if field.decimals is None else quantity.rounded(field.decimals))


def _choice(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    return next(
        (facts.text(option.label) for option in field.options if option.value == value["value"]),
        value["value"],
    )


def _count(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    replicates = [
        facts.message(ExecutionPhrase.REPLICATE, live=each["live"], dead=each["dead"])
        for each in value["replicates"]
    ]
    said: dict[str, Fact] = {
        "concentration": superscript(Quantity(value["viable_concentration"], "cells/mL").number),
        "viability": facts.quantity(Quantity(value["viability"], "%").rounded(1)),
        "replicates": facts.listed(replicates, "; "),
        "squares": value["squares"],
        "dilution": value["dilution"],
    }
    if not value.get("cv"):
        return facts.message(ExecutionPhrase.COUNT, **said)
    cv = facts.quantity(Quantity(value["cv"], "%").rounded(1))
    return facts.message(ExecutionPhrase.COUNT_WITH_CV, **said, cv=cv)


def _incubator(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    return facts.listed(
        [
            facts.message(
                ExecutionPhrase.READING,
                reading=facts.word(ExecutionWord[name.upper()]),
                now=facts.quantity(Quantity(value[name]["now"], limits.unit)),
                lowest=value[name]["lowest"],
                highest=value[name]["highest"],
            )
            for name, limits in field.readings.items()
        ],
        "; ",
    )


def _vessels(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    made = [facts.code(code) for code in value.get("codes", [])]
    if not made:
        return str(value["number"])
    named = facts.listed(made if len(made) <= 4 else [made[0], "…", made[-1]])
    return facts.message(ExecutionPhrase.VESSELS, number=value["number"], codes=named)


def _sample(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    codes = facts.listed([facts.code(code) for code in value.get("codes", [])])
    if "volume" not in value:
        return codes
    drawn = facts.quantity(Quantity(value["volume"], value["unit"]))
    return facts.message(ExecutionPhrase.SAMPLE, codes=codes, volume=drawn)


def _moment(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    return facts.local(datetime.fromisoformat(value["at"]), zone)


def _scanned(field: Field, value: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    return facts.message(
        ExecutionPhrase.SCANNED, code=facts.code(value["code"]), name=value["name"]
    )


_FACTS: Mapping[str, Callable[[Field, Mapping[str, Any], ZoneInfo], Fact]] = {
    "measurement": _quantity,
    "calculation": _quantity,
    "choice": _choice,
    "count": _count,
    "incubator": _incubator,
    "vessels": _vessels,
    "text": lambda field, value, zone: value["text"],
    "confirm": lambda field, value, zone: facts.word(ExecutionPhrase.DONE),
    "datetime": _moment,
    "lot": _scanned,
    "equipment": _scanned,
    "sample": _sample,
    "labels": _quantity,
    "receipt": _quantity,
}


def fields_of(step: Step, values: Mapping[str, Any], zone: ZoneInfo) -> list[Pair]:
    """Every field of a step with its recorded value, in the order of the document."""
    return [(facts.text(each.label), _in_step(step, each, values, zone)) for each in step.fields]


def _in_step(step: Step, field: Field, values: Mapping[str, Any], zone: ZoneInfo) -> Fact:
    """A value, or that it was not asked for where a choice was answered otherwise."""
    if values and field.id not in values and not field.is_asked(values):
        return facts.message(ExecutionPhrase.NOT_ASKED, **only_when(field, step.fields))
    return fact(field, values.get(field.id), zone)


def fields_shown(step: Step, values: Mapping[str, Any], zone: ZoneInfo) -> list[tuple[str, str]]:
    """The same as people read it."""
    return facts.drawn(fields_of(step, values, zone))
