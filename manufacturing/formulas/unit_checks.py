"""The units of a formula, checked before its master batch record is approved.

The sentences for what does not fit.
"""

from collections.abc import Mapping
from typing import Any

from integrity.units import UNITS, unit_of
from manufacturing.formulas.grammar import (
    Binary,
    Call,
    Formula,
    Group,
    Name,
    Node,
    Number,
    Power,
    children,
    written,
)

INSTANT = "instant"  # stands beside the unit codes, for names such as step.at


def check(formula: Formula, units: Mapping[str, str], unit: str) -> list[str]:
    """What is wrong with the units of a formula, as sentences; an empty list is a formula that can
    be approved.

    `units`: name to unit code, or INSTANT for a time. `unit` is what the result is declared in.
    Raises UnitUnknown."""
    faults: list[str] = []
    target = unit_of(unit)
    dimension = _dimension(formula.tree, units, faults)
    if dimension == INSTANT:
        faults.append(
            f"The result is a time, not an amount in {_symbol(unit)}: use elapsed(later, earlier)."
        )
    elif dimension is not None and dimension != target.dimension:
        faults.append(not_in_unit(dimension, unit))
    return list(dict.fromkeys(faults))


def _dimension(node: Node, units: Mapping[str, str], faults: list[str]) -> Any:
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


def _named_dimension(name: str, units: Mapping[str, str], faults: list[str]) -> Any:
    code = units.get(name)
    if code is None:
        faults.append(f"{name} is not a value of this record.")
        return None
    return INSTANT if code == INSTANT else unit_of(code).dimension


def _combined(node: Node, parts: list[Any], faults: list[str]) -> Any:
    fault = _fault(node, parts)
    if fault:
        faults.append(fault)
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


def _fault(node: Node, parts: list[Any]) -> str | None:
    """The one thing wrong where a node joins its parts, or None."""
    nodes = children(node)
    if isinstance(node, Call) and node.function == "elapsed":
        wrong = [child for child, part in zip(nodes, parts, strict=True) if part != INSTANT]
        return (
            f"{written(wrong[0])} is not a time: elapsed takes two times, the later one first."
            if wrong
            else None
        )
    if INSTANT in parts and not (isinstance(node, Group) or _hands_on(node)):
        return (
            f"{written(nodes[parts.index(INSTANT)])} is a time, not an amount: use "
            "elapsed(later, earlier)."
        )
    if (
        isinstance(node, Call)
        and node.function in ("log2", "ln")
        and parts[0] != UNITS["1"].dimension
    ):
        return needs_plain(node, parts[0])
    if isinstance(node, Call) or (isinstance(node, Binary) and node.operator in "+-"):
        others = [index for index, part in enumerate(parts) if part != parts[0]]
        verb = "compared" if isinstance(node, Call) else "added or subtracted"
        return (
            unlike(nodes[0], parts[0], nodes[others[0]], parts[others[0]], verb) if others else None
        )
    return None


def _hands_on(node: Node) -> bool:
    return isinstance(node, Call) and node.function in ("previous", "carried")


def unlike(left: Node, one: Any, right: Node, other: Any, verb: str = "added or subtracted") -> str:
    return (
        f"{written(left)} is {_kind(one)} and {written(right)} {_kind(other)}: unlike kinds "
        f"cannot be {verb}."
    )


def needs_plain(call: Call, dimension: Any) -> str:
    return (
        f"{call.function} needs a plain number, but {written(call.arguments[0])} is "
        f"{_kind(dimension)}."
    )


def not_in_unit(dimension: Any, unit: str) -> str:
    return (
        f"The result is {_kind(dimension)} and cannot be given in {_symbol(unit)}: check the "
        "formula or its unit."
    )


def _symbol(code: str) -> str:
    return UNITS[code].symbol or "a plain number"


def _kind(dimension: Any) -> str:
    """The first unit of the list with this dimension, or the dimension itself where the list has
    none.
    """
    if dimension == INSTANT:
        return "a time"
    if dimension == UNITS["1"].dimension:
        return "a plain number"
    code = next((code for code, unit in UNITS.items() if unit.dimension == dimension), None)
    return f"of the kind {_symbol(code) if code else dimension}"
