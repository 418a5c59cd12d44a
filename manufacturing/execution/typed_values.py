"""Reading what was typed for one field of a step: a value with all its digits, or one sentence for
each faulty part.

Used by the page (to refuse nonsense and keep what was typed) and by the act (which trusts no page).
Parts are named as on the form (inputs.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from integrity import facts
from integrity.canonical import instant_text
from integrity.facts import Fact, MessageError, message, shown, word
from integrity.forms import fault_in_text, read_instant, tidy
from integrity.numbers import read_typed
from integrity.quantities import Quantity
from integrity.units import unit_of
from integrity.words import Between
from manufacturing.execution.inputs import MOMENTS, SPARE_COUNTS, offered, parts
from manufacturing.execution.rules.steps import is_inside, shown_limits
from manufacturing.execution.words import TypedFault
from manufacturing.formulas import calculations
from manufacturing.masters.model import Field

MOST_VESSELS = 200
LONGEST_CODE = 80
LONGEST_WHOLE = 9  # digits of a count
DIGITS_OF_A_THOUSAND = 3
LONGEST = 2000  # characters typed into one input

MayBe = Callable[[Decimal], bool]


class Faulty(ValueError):
    """What was typed is no value; `faults` is {part name: what is wrong}, facts to be worded."""

    def __init__(self, faults: Mapping[str, Fact]):
        self.faults = dict(faults)
        super().__init__(tuple(faults))

    def __str__(self) -> str:
        """For a log: in English."""
        return " ".join(map(shown, self.faults.values()))


def _faulty(part: str, message_id: TypedFault, /, **parameters: Fact) -> Faulty:
    return Faulty({part: message(message_id, **parameters)})


def _label(field: Field) -> Fact:
    return facts.text(field.label)


def read(field: Field, typed: Mapping[str, str]) -> dict[str, Any] | None:
    """The value of one field as it is recorded, or None where an optional field was left empty.

    Raises Faulty.
    """
    given = {part.name: tidy(typed.get(part.name, "")) for part in parts(field)}
    if given and not field.required and not any(given.values()):
        return None
    if faults := {
        name: fault
        for name, value in given.items()
        if (fault := fault_in_text(value, LONGEST, lines=field.type == "text"))
    }:
        raise Faulty(faults)
    reader = _READERS.get(field.type)
    return reader(field, given) if reader else {}


def read_step(
    fields: Sequence[Field], typed: Mapping[str, str]
) -> Iterator[tuple[Field, dict[str, Any] | None, Mapping[str, Fact]]]:
    """(field, its value as recorded or None, {part name: what is wrong}) of each field, in order.

    What is asked for only where a choice was answered so is read there and has to be empty
    elsewhere; while that answer itself cannot be read, nothing is said of it.
    """
    values: dict[str, Any] = {}
    unread: set[str] = set()
    for field in fields:
        value: dict[str, Any] | None = None
        faults: Mapping[str, Fact] = {}
        if field.only_when and field.only_when.field in unread:
            unread.add(field.id)
        elif field.is_asked(values):
            value, faults = _read_one(field, typed)
        else:
            faults = {name: _not_asked(field, fields) for name in _filled(field, typed)}
        if faults:
            unread.add(field.id)
        elif value is not None:
            values[field.id] = value
        yield field, value, faults


def _read_one(
    field: Field, typed: Mapping[str, str]
) -> tuple[dict[str, Any] | None, Mapping[str, Fact]]:
    try:
        return read(field, typed), {}
    except Faulty as fault:
        return None, fault.faults


def _filled(field: Field, typed: Mapping[str, str]) -> list[str]:
    """The inputs of a field in which something else stands than what was offered."""
    start = offered(field)
    return [
        part.name
        for part in parts(field)
        if (given := tidy(typed.get(part.name, ""))) and given != start.get(part.name)
    ]


def _not_asked(field: Field, fields: Sequence[Field]) -> Fact:
    return message(TypedFault.NOT_ASKED, label=_label(field), **only_when(field, fields))


def only_when(field: Field, fields: Sequence[Field]) -> dict[str, Fact]:
    """The choice on which a field hangs and the answers under which it is asked for, as facts."""
    condition = field.only_when
    assert condition  # asked for only where there is one
    choice = next(each for each in fields if each.id == condition.field)
    answers = [facts.text(each.label) for each in choice.options if each.value in condition.answers]
    return {"choice": _label(choice), "answers": facts.listed(answers, Between.OR)}


def _one(field: Field, given: Mapping[str, str], empty: TypedFault, /, **parameters: Fact) -> str:
    if not given[field.id]:
        raise _faulty(field.id, empty, label=_label(field), **parameters)
    return given[field.id]


def _measurement(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    unit = field.unit or "1"
    symbol = unit_of(unit).symbol or word(TypedFault.FIGURES)
    typed = _one(field, given, TypedFault.ENTER_IN, unit=symbol)
    quantity = _quantity(field.id, typed, unit, _may_be(field, unit))
    if field.decimals is not None and -int(quantity.number.as_tuple().exponent) > field.decimals:
        decimals = field.decimals
        raise _faulty(field.id, TypedFault.DECIMALS, label=_label(field), decimals=decimals)
    if not is_inside(quantity, field.can_be):
        raise _faulty(
            field.id,
            TypedFault.CANNOT_BE,
            value=facts.quantity(quantity),
            label=_label(field),
            limits=shown_limits(field.can_be),
        )
    return {"text": quantity.text, "unit": unit}


def _may_be(field: Field, unit: str) -> MayBe:
    """Which numbers can be meant: plausible ones, with the decimals that the instrument shows."""
    decimals = field.decimals
    if decimals is not None and decimals >= DIGITS_OF_A_THOUSAND:
        return lambda _: False
    return lambda number: is_inside(Quantity.of(number, unit), field.can_be)


def _quantity(name: str, typed: str, unit: str, may_be: MayBe) -> Quantity:
    """The digits stay as typed, so that 10.0 and 10.00 remain two statements."""
    try:
        read_typed(typed, may_be)
        return Quantity(typed, unit)
    except MessageError as fault:
        raise Faulty({name: fault.fact}) from None


def _choice(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, TypedFault.CHOOSE)
    if value not in {option.value for option in field.options}:
        raise _faulty(field.id, TypedFault.NO_BUTTON)
    return {"value": value}


def _text(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, TypedFault.ENTER)
    return {"text": value}


def _confirm(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    if _one(field, given, TypedFault.TICK) != "y":
        raise _faulty(field.id, TypedFault.TICK, label=_label(field))
    return {"confirmed": "yes"}


def _datetime(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    typed = _one(field, given, TypedFault.ENTER_TIME)
    try:
        return {"at": instant_text(read_instant(typed))}
    except MessageError as fault:
        raise Faulty({field.id: fault.fact}) from None


def _code(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    value = _one(field, given, TypedFault.SCAN)
    if len(value) > LONGEST_CODE:
        raise _faulty(field.id, TypedFault.LONG_CODE)
    return {"scanned": value}


def _vessels(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    number = _whole(field.id, _one(field, given, TypedFault.HOW_MANY), 1, MOST_VESSELS)
    return {"number": str(number), "area": field.area.to("cm2").text if field.area else None}


def _sample(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    """Nothing is typed: what is drawn stands in the master record."""
    return {"volume": field.volume.text, "unit": field.volume.unit} if field.volume else {}


def _whole(name: str, typed: str, least: int, most: int) -> int:
    if not (
        typed.isascii()
        and typed.isdigit()
        and len(typed) <= LONGEST_WHOLE
        and least <= int(typed) <= most
    ):
        raise _faulty(name, TypedFault.WHOLE, least=least, most=most)
    return int(typed)


def _count(field: Field, given: Mapping[str, str]) -> dict[str, Any]:
    faults: dict[str, Fact] = {}

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
        faults[f"{field.id}-1-live"] = word(TypedFault.NO_CELL)
    if faults:
        raise Faulty(faults)
    return _counted(pairs, squares, dilution)


def _dilution(field: Field, given: Mapping[str, str], faults: dict[str, Fact]) -> str:
    name = f"{field.id}-dilution"
    try:
        dilution = _quantity(name, given[name], "1", _is_dilution)
    except Faulty as fault:
        faults.update(fault.faults)
        return "1"
    if not _is_dilution(dilution.number):
        faults[name] = word(TypedFault.DILUTION)
    return dilution.text


def _is_dilution(number: Decimal) -> bool:
    return 1 <= number <= 100_000


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
    faults: dict[str, Fact] = {}
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
    low, high = BOUNDS.get(unit, (-1000, 1000))
    quantity = _quantity(part, typed, unit, lambda number: low <= number <= high)
    if not low <= quantity.number <= high:
        raise _faulty(part, TypedFault.NO_READING, value=facts.quantity(quantity))
    return quantity.text


def _order_of_readings(
    field_id: str, name: str, value: Mapping[str, str], unit: str
) -> Iterator[tuple[str, Fact]]:
    now, lowest, highest = (Quantity(value[moment], unit).number for moment in MOMENTS)
    if not lowest <= now <= highest:
        yield f"{field_id}-{name}-now", word(TypedFault.READINGS_APART)


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
    "sample": _sample,
    "incubator": _incubator,
}
