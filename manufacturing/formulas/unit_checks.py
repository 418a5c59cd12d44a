"""The units of a formula, checked before its master batch record is approved.

The sentences for what does not fit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from integrity.facts import Fact, message, word
from integrity.units import UNITS, UnitWord, symbol, unit_of
from manufacturing.formulas.fault_ids import ResultFault, UnitFault
from manufacturing.formulas.grammar import (
    Binary,
    Call,
    Formula,
    FormulaError,
    Group,
    Name,
    Node,
    Number,
    Power,
    children,
    written,
)

INSTANT = "instant"  # stands beside the unit codes, for names such as step.at


def check(formula: Formula, units: Mapping[str, str], unit: str) -> list[Fact]:
    """What is wrong with the units of a formula, each once; an empty list is a formula that can be
    approved.

    `units`: name to unit code, or INSTANT for a time. `unit` is what the result is declared in.
    Raises UnitUnknown."""
    faults: list[Fact] = []
    target = unit_of(unit)
    dimension = _dimension(formula.tree, units, faults)
    if dimension == INSTANT:
        faults.append(message(ResultFault.TIME, unit=symbol(unit)))
    elif dimension is not None and dimension != target.dimension:
        faults.append(not_in_unit(dimension, unit).fact)
    return [each for number, each in enumerate(faults) if each not in faults[:number]]


def _dimension(node: Node, units: Mapping[str, str], faults: list[Fact]) -> Any:
    """The dimension of a node, INSTANT for a time, None where a fault already hides it."""
    if isinstance(node, Number):
        return UNITS[node.quantity.unit].dimension
    if isinstance(node, Name):
        return _named_dimension(node.name, units, faults)
    parts = [_dimension(child, units, faults) for child in children(node)]
    if isinstance(node, Call) and node.function == "count":
        return UNITS["1"].dimension
    if None in parts:
        return None
    return _combined(node, parts, faults)


def _named_dimension(name: str, units: Mapping[str, str], faults: list[Fact]) -> Any:
    code = units.get(name)
    if code is None:
        faults.append(message(UnitFault.NO_VALUE, name=name))
        return None
    return INSTANT if code == INSTANT else unit_of(code).dimension


def _combined(node: Node, parts: list[Any], faults: list[Fact]) -> Any:
    if fault := _fault(node, parts):
        faults.append(fault.fact)
        return None
    match node:
        case Binary("*", _, _):
            return parts[0] * parts[1]
        case Binary("/", _, _):
            return parts[0] / parts[1]
        case Power(_, exponent):
            return parts[0] ** exponent
        case Call("elapsed", _):
            return UNITS["s"].dimension
    return parts[0]


def _fault(node: Node, parts: list[Any]) -> FormulaError | None:
    """The one thing wrong where a node joins its parts, or None."""
    nodes = children(node)
    if isinstance(node, Call) and node.function == "elapsed":
        wrong = [child for child, part in zip(nodes, parts, strict=True) if part != INSTANT]
        return FormulaError(UnitFault.NOT_A_TIME, part=written(wrong[0])) if wrong else None
    if INSTANT in parts and not (isinstance(node, Group) or _hands_on(node)):
        return FormulaError(UnitFault.A_TIME, part=written(nodes[parts.index(INSTANT)]))
    if (
        isinstance(node, Call)
        and node.function in ("log2", "ln")
        and parts[0] != UNITS["1"].dimension
    ):
        return needs_plain(node, parts[0])
    if isinstance(node, Call) or (isinstance(node, Binary) and node.operator in "+-"):
        others = [index for index, part in enumerate(parts) if part != parts[0]]
        return unlike(node, parts, others[0]) if others else None
    return None


def _hands_on(node: Node) -> bool:
    return isinstance(node, Call) and node.function in ("previous", "carried")


def unlike(node: Node, dimensions: Sequence[Any], other: int) -> FormulaError:
    """That the first part of a node and another one are of unlike kinds."""
    parts = children(node)
    return FormulaError(
        UnitFault.UNLIKE_COMPARED if isinstance(node, Call) else UnitFault.UNLIKE_ADDED,
        left=written(parts[0]),
        one=_kind(dimensions[0]),
        right=written(parts[other]),
        other=_kind(dimensions[other]),
    )


def needs_plain(call: Call, dimension: Any) -> FormulaError:
    argument, kind = written(call.arguments[0]), _kind(dimension)
    return FormulaError(UnitFault.NEEDS_PLAIN, function=call.function, part=argument, kind=kind)


def not_in_unit(dimension: Any, unit: str) -> FormulaError:
    return FormulaError(ResultFault.NOT_IN_UNIT, kind=_kind(dimension), unit=symbol(unit))


def _kind(dimension: Any) -> Fact:
    """The first unit of the list with this dimension, or the dimension itself where the list has
    none.
    """
    if dimension == INSTANT:
        return word(UnitFault.KIND_TIME)
    if dimension == UNITS["1"].dimension:
        return word(UnitWord.PLAIN_NUMBER)
    code = next((code for code, unit in UNITS.items() if unit.dimension == dimension), None)
    return message(UnitFault.KIND, kind=symbol(code) if code else str(dimension))
