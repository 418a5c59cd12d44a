"""Reading what was typed for one field of a step: a value with all its digits, or one sentence for
each faulty part.

Used by the page (to refuse nonsense and keep what was typed) and by the act (which trusts no page).
Parts are named as on the form: the field's id alone, or id-part ("count-1-live",
"reading-co2-lowest")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from documents.texts import text
from integrity.canonical import instant_text
from integrity.facts import shown
from integrity.forms import fault_in_text, read_instant, tidy
from integrity.quantities import Quantity, read_quantity
from integrity.units import unit_of
from manufacturing.execution.rules.steps import READING_WORDS, is_inside, shown_limits
from manufacturing.formulas import calculations
from manufacturing.masters.model import Field

MOMENTS = {"now": "now", "lowest": "lowest since last look", "highest": "highest since last look"}
SPARE_COUNTS = 2  # further counts a form offers, for when the first ones disagree
MOST_VESSELS = 200
LONGEST_CODE = 80
LONGEST_WHOLE = 9  # digits of a count
LONGEST = 2000  # characters typed into one input


@dataclass(frozen=True)
class Part:
    """One input of a field.

    Its name on the form, label, unit code, and whether it may stay empty.
    """

    name: str
    label: str
    unit: str | None = None
    required: bool = True


def parts(field: Field) -> list[Part]:
    """The inputs a field is entered by; a calculation and a sample have none."""
    label = text(field.label)
    if field.type in ("calculation", "sample"):
        return []
    if field.type == "count":
        return _count_parts(field)
    if field.type == "incubator":
        return [
            Part(
                f"{field.id}-{name}-{moment}",
                f"{READING_WORDS[name][:1].upper()}{READING_WORDS[name][1:]}, {words}",
                limits.unit,
            )
            for name, limits in field.readings.items()
            for moment, words in MOMENTS.items()
        ]
    return [
        Part(field.id, label, field.unit if field.type == "measurement" else None, field.required)
    ]


def _count_parts(field: Field) -> list[Part]:
    planned = field.replicates or 1
    made = [
        Part(f"{field.id}-{n}-{what}", f"Count {n}, {what}", None, n <= planned)
        for n in range(1, planned + SPARE_COUNTS + 1)
        for what in ("live", "dead")
    ]
    return [
        *made,
        Part(f"{field.id}-squares", "Large squares counted"),
        Part(f"{field.id}-dilution", "Dilution factor"),
    ]


class Faulty(ValueError):
    """What was typed is no value; `faults` is {part name: sentence}."""

    def __init__(self, faults: Mapping[str, str]):
        self.faults = dict(faults)
        super().__init__(" ".join(self.faults.values()))


def read(field: Field, typed: Mapping[str, str]) -> dict[str, Any] | None:
    """The value of one field as it is recorded, or None where an optional field was left empty.

    Raises Faulty.
    """
    given = {part.name: tidy(typed.get(part.name, "")) for part in parts(field)}
    if given and not field.required and not any(given.values()):
        return None
    if faults := {
        name: shown(fault)
        for name, value in given.items()
        if (fault := fault_in_text(value, LONGEST, lines=field.type == "text"))
    }:
        raise Faulty(faults)
    reader = _READERS.get(field.type)
    return reader(field, given) if reader else {}


def _one(field: Field, given: Mapping[str, str], empty: str) -> str:
    if not given[field.id]:
        raise Faulty({field.id: empty})
    return given[field.id]


def _measurement(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    unit = field.unit or "1"
    typed = _one(field, given, f"Enter {text(field.label)} in {unit_of(unit).symbol or 'figures'}.")
    quantity = _quantity(field.id, typed, unit)
    if field.decimals is not None and -int(quantity.number.as_tuple().exponent) > field.decimals:
        raise Faulty(
            {
                field.id: f"{text(field.label)} has at most {field.decimals} decimals. Enter it "
                "as the instrument shows it."
            }
        )
    if not is_inside(quantity, field.plausible):
        raise Faulty(
            {
                field.id: f"{quantity} cannot be: {text(field.label)} lies in "
                f"{shown_limits(field.plausible)}. "
                "Check the number and its unit."
            }
        )
    return {"text": quantity.text, "unit": unit}


def _quantity(name: str, typed: str, unit: str) -> Quantity:
    """The digits stay as typed, so that 10.0 and 10.00 remain two statements."""
    try:
        return read_quantity(typed, unit)
    except ValueError as fault:
        raise Faulty({name: str(fault)}) from None


def _choice(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, f"Choose one for “{text(field.label)}”.")
    if value not in {option.value for option in field.options}:
        raise Faulty({field.id: "Choose one of the buttons."})
    return {"value": value}


def _text(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, f"Enter “{text(field.label)}”.")
    return {"text": value}


def _confirm(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    if _one(field, given, f"Tick “{text(field.label)}” when it is done.") != "y":
        raise Faulty({field.id: f"Tick “{text(field.label)}” when it is done."})
    return {"confirmed": "yes"}


def _datetime(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    typed = _one(field, given, f"Enter “{text(field.label)}” with date, time and zone.")
    try:
        return {"at": instant_text(read_instant(typed))}
    except ValueError as fault:
        raise Faulty({field.id: str(fault)}) from None


def _code(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, f"Scan {text(field.label)}.")
    if len(value) > LONGEST_CODE:
        raise Faulty({field.id: "This is too long for a code of ours. Scan the label again."})
    return {"scanned": value}


def _vessels(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    number = _whole(
        field.id, _one(field, given, f"Enter how many: {text(field.label)}."), 1, MOST_VESSELS
    )
    return {"number": str(number), "area": field.area.to("cm2").text if field.area else None}


def _whole(name: str, typed: str, least: int, most: int) -> int:
    if not (
        typed.isascii()
        and typed.isdigit()
        and len(typed) <= LONGEST_WHOLE
        and least <= int(typed) <= most
    ):
        raise Faulty({name: f"Enter a whole number from {least} to {most}."})
    return int(typed)


def _count(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    faults: dict[str, str] = {}

    def whole(name: str, least: int, most: int) -> int:
        try:
            return _whole(name, given[name], least, most)
        except Faulty as fault:
            faults.update(fault.faults)
            return 0

    pairs = []
    for n in range(1, (field.replicates or 1) + SPARE_COUNTS + 1):
        live, dead = f"{field.id}-{n}-live", f"{field.id}-{n}-dead"
        if n <= (field.replicates or 1) or given[live] or given[dead]:
            pairs.append((whole(live, 0, 1_000_000), whole(dead, 0, 1_000_000)))
    squares = whole(f"{field.id}-squares", 1, 100)
    dilution = _dilution(field, given, faults)
    if not faults and not any(live + dead for live, dead in pairs):
        faults[f"{field.id}-1-live"] = "No cell was counted at all. Count again."
    if faults:
        raise Faulty(faults)
    return _counted(pairs, squares, dilution)


def _dilution(field: Field, given: Mapping[str, str], faults: dict[str, str]) -> str:
    name = f"{field.id}-dilution"
    try:
        dilution = _quantity(name, given[name], "1")
    except Faulty as fault:
        faults.update(fault.faults)
        return "1"
    if not 1 <= dilution.number <= 100_000:
        faults[name] = "Enter the dilution factor, 1 for undiluted, as (sample + diluent) / sample."
    return dilution.text


def _counted(pairs: list[tuple[int, int]], squares: int, dilution: str) -> dict[str, Any]:
    """Every count is used.

    The concentration is the mean, the viability that of all cells together (process, chapter 2).
    """
    replicates = [{"live": str(live), "dead": str(dead)} for live, dead in pairs]
    summary = calculations.replicates(
        [
            calculations.viable_concentration(*_as_quantities(live, squares, dilution))
            for live, _ in pairs
        ]
    )
    live, dead = (Quantity(str(sum(counted)), "cells") for counted in zip(*pairs, strict=True))
    return {
        "replicates": replicates,
        "squares": str(squares),
        "dilution": dilution,
        "viable_concentration": summary.mean.to("cells/mL").text,
        "viability": calculations.viability(live, dead).to("%").text,
        "cv": None if summary.cv is None else summary.cv.to("%").text,
    }


def _as_quantities(live: int, squares: int, dilution: str) -> tuple[Quantity, Quantity, Quantity]:
    return Quantity(str(live), "cells"), Quantity(str(squares), "1"), Quantity(dilution, "1")


def _incubator(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, limits in field.readings.items():
        value[name] = {}
        for moment in MOMENTS:
            part = f"{field.id}-{name}-{moment}"
            try:
                value[name][moment] = _reading(part, given[part], limits.unit)
            except Faulty as fault:
                faults.update(fault.faults)
        if not any(f"{field.id}-{name}-{moment}" in faults for moment in MOMENTS):
            faults.update(_order_of_readings(field.id, name, value[name], limits.unit))
    if faults:
        raise Faulty(faults)
    return value


BOUNDS = {"degC": (0, 60), "%": (0, 100)}  # what an incubator can show at all


def _reading(part: str, typed: str, unit: str) -> str:
    quantity = _quantity(part, typed, unit)
    low, high = BOUNDS.get(unit, (-1000, 1000))
    if not low <= quantity.number <= high:
        raise Faulty({part: f"An incubator does not show {quantity}. Read it again."})
    return quantity.text


def _order_of_readings(
    field_id: str, name: str, value: Mapping[str, str], unit: str
) -> Iterator[tuple[str, str]]:
    now, lowest, highest = (Quantity(value[moment], unit).number for moment in MOMENTS)
    if not lowest <= now <= highest:
        yield (
            f"{field_id}-{name}-now",
            "The reading now lies between the lowest and the highest. Read all three again.",
        )


_READERS = {
    "measurement": _measurement,
    "choice": _choice,
    "text": _text,
    "confirm": _confirm,
    "datetime": _datetime,
    "lot": _code,
    "equipment": _code,
    "vessels": _vessels,
    "count": _count,
    "incubator": _incubator,
}
