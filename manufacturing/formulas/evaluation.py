"""Formulas of a master batch record: worked out with their units, checked before approval, printed
with their values.

The arithmetic is Decimal with 34 digits, in pint quantities, so that a mistaken unit cannot
compute; a result keeps 28 digits, which leaves six for what divisions lose on the way (1/3*3 is 1).
What a name stands for is asked of `Values`:

    step.field               the value of this turn previous(step.field)     that of the turn before
    sum(step.field)          of all turns so far; count(step.field) is their number carried(a, b,
    ...)       the first that has a value elapsed(later, earlier)  the time between two instants
    (step.at); below zero if they stand the wrong way round positive(x)              x, undefined
    unless above zero: a net loss has no doubling time log2, ln, min, max       of plain numbers;
    min and max of anything alike"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import lru_cache
from typing import Any, Protocol

from integrity.facts import MessageError
from integrity.numbers import HALF_UP, NotANumber
from integrity.quantities import DIGITS_KEPT, Quantity
from integrity.units import UNITS, registry, unit_of
from manufacturing.formulas.fault_ids import ResultFault, UnitFault
from manufacturing.formulas.grammar import (
    Binary,
    Call,
    Formula,
    FormulaError,
    Group,
    Name,
    Negative,
    Node,
    Number,
    Power,
    Use,
    parse,
    written,
)
from manufacturing.formulas.unit_checks import INSTANT, check, needs_plain, not_in_unit, unlike

__all__ = [
    "INSTANT", "Formula", "FormulaError", "Listed", "NotYetKnown", "Undefined", "Use", "Value",
    "Values", "check",
    "evaluate", "expanded", "parse",
]  # fmt: skip

Value = Quantity | datetime

_WORKING = Context(prec=34, traps=[DivisionByZero, InvalidOperation, Overflow])
_KEPT = Context(prec=DIGITS_KEPT)
_LN2 = _WORKING.ln(Decimal(2))


class NotYetKnown(MessageError, LookupError):
    """A value the formula needs has not been recorded yet; `name` is the one."""

    def __init__(self, name: str) -> None:
        super().__init__(ResultFault.NOT_RECORDED, name=name)
        self.name = name


class Undefined(MessageError, ArithmeticError):
    """The values are there, but the result has no meaning (division by zero, net loss)."""


class Values(Protocol):
    """What a formula may ask.

    `latest` is this turn's value, `previous` that of the turn before, `all` of all turns.
    """

    def latest(self, name: str) -> Value | None: ...

    def previous(self, name: str) -> Value | None: ...

    def all(self, name: str) -> Sequence[Value]: ...


@dataclass(frozen=True)
class Listed:
    """Values held in lists, oldest first: the last is this turn's."""

    turns: Mapping[str, Sequence[Value]]

    def latest(self, name: str) -> Value | None:
        return next(iter(self.all(name)[-1:]), None)

    def previous(self, name: str) -> Value | None:
        return next(iter(self.all(name)[-2:-1]), None)

    def all(self, name: str) -> Sequence[Value]:
        return self.turns.get(name, ())


def evaluate(formula: Formula, values: Values, unit: str) -> Quantity:
    """The result in `unit`, to 28 digits.

    Raises NotYetKnown where a value is missing, Undefined where the result has no meaning,
    FormulaError where units or times do not fit, UnitUnknown for another unit."""
    target = unit_of(unit)
    with _working():
        result = _amount(formula.tree, values)
        if result.dimensionality != target.dimension:
            raise not_in_unit(result.dimensionality, unit)
        number = result.magnitude * target.factor.denominator / target.factor.numerator
        return Quantity.of(_KEPT.plus(number).normalize(), unit)


@contextmanager
def _working() -> Iterator[None]:
    try:
        with localcontext(_WORKING):
            yield
    except (DecimalException, NotANumber) as fault:
        raise Undefined(ResultFault.BEYOND_NUMBERS) from fault


@lru_cache(maxsize=256)
def _base(code: str) -> tuple[Any, Decimal, Decimal]:
    """The base unit of a code, and its size as two whole numbers, so that nothing is lost before it
    is computed with.
    """
    unit = UNITS[code]
    return (
        registry().Quantity(Decimal(1), unit.pint).to_base_units().units,
        Decimal(unit.factor.numerator),
        Decimal(unit.factor.denominator),
    )


def _pint(quantity: Quantity) -> Any:
    unit, times, over = _base(quantity.unit)
    return registry().Quantity(quantity.number * times / over, unit)


def _value(node: Node, values: Values) -> Any:
    """A pint quantity in base units, or an instant."""
    match node:
        case Number(quantity):
            return _pint(quantity)
        case Name(name):
            return _known(values.latest(name), name)
        case Group(inner):
            return _value(inner, values)
        case Negative(inner):
            return -_amount(inner, values)
        case Power(base, exponent):
            return _power(_amount(base, values), exponent, base)
        case Binary():
            return _binary(node, values)
        case Call():
            return _FUNCTIONS[node.function](node, values)


def _known(value: Value | None, name: str) -> Any:
    if value is None:
        raise NotYetKnown(name)
    return _pint(value) if isinstance(value, Quantity) else value


def _amount(node: Node, values: Values) -> Any:
    value = _value(node, values)
    if isinstance(value, datetime):
        raise FormulaError(UnitFault.A_TIME, part=written(node))
    return value


def _power(base: Any, exponent: int, node: Node) -> Any:
    if base.magnitude == 0 and exponent <= 0:
        raise Undefined(ResultFault.POWER_OF_ZERO, part=written(node), power=exponent)
    return base**exponent


def _binary(node: Binary, values: Values) -> Any:
    left, right = _amount(node.left, values), _amount(node.right, values)
    if node.operator == "*":
        return left * right
    if node.operator == "/":
        if right.magnitude == 0:
            raise Undefined(ResultFault.DIVIDED_BY_ZERO, part=written(node.right))
        return left / right
    if left.dimensionality != right.dimensionality:
        raise unlike(node, [left.dimensionality, right.dimensionality], 1)
    return left + right if node.operator == "+" else left - right


def _logarithm(call: Call, values: Values) -> Any:
    value = _positive(call, values)
    if value.dimensionality != UNITS["1"].dimension:
        raise needs_plain(call, value.dimensionality)
    result = value.magnitude.ln()
    return registry().Quantity(
        result / _LN2 if call.function == "log2" else result, UNITS["1"].pint
    )


def _positive(call: Call, values: Values) -> Any:
    value = _amount(call.arguments[0], values)
    if value.magnitude <= 0:
        raise Undefined(ResultFault.NOT_ABOVE_ZERO, part=written(call.arguments[0]))
    return value


def _extreme(call: Call, values: Values) -> Any:
    amounts = [_amount(argument, values) for argument in call.arguments]
    dimensions = [amount.dimensionality for amount in amounts]
    for number, dimension in enumerate(dimensions):
        if dimension != dimensions[0]:
            raise unlike(call, dimensions, number)
    choose = min if call.function == "min" else max
    return choose(amounts, key=lambda amount: amount.magnitude)


def _name_of(call: Call) -> str:
    (argument,) = call.arguments
    assert isinstance(argument, Name)  # the grammar lets nothing else through
    return argument.name


def _sum(call: Call, values: Values) -> Any:
    name = _name_of(call)
    amounts = [_known(value, name) for value in values.all(name)]
    if not amounts:
        raise NotYetKnown(name)
    if any(isinstance(amount, datetime) for amount in amounts):
        raise FormulaError(UnitFault.TIMES_ADDED, name=name)
    return sum(amounts[1:], amounts[0])


def _count(call: Call, values: Values) -> Any:
    return registry().Quantity(Decimal(len(values.all(_name_of(call)))), UNITS["1"].pint)


def _previous(call: Call, values: Values) -> Any:
    return _known(values.previous(_name_of(call)), _name_of(call))


def _carried(call: Call, values: Values) -> Any:
    return _value(_chosen(call, values), values)


def _chosen(call: Call, values: Values) -> Node:
    """The first argument that has a value; if none has, the last says what is missing."""
    for argument in call.arguments[:-1]:
        try:
            _value(argument, values)
        except NotYetKnown:
            continue
        return argument
    return call.arguments[-1]


def _elapsed(call: Call, values: Values) -> Any:
    later, earlier = (_instant(argument, values) for argument in call.arguments)
    gap = later - earlier
    seconds = Decimal(gap.days * 86400 + gap.seconds) + Decimal(gap.microseconds).scaleb(-6)
    return registry().Quantity(seconds, UNITS["s"].pint)


def _instant(node: Node, values: Values) -> datetime:
    value = _value(node, values)
    if not isinstance(value, datetime):
        raise FormulaError(UnitFault.NOT_A_TIME, part=written(node))
    if value.tzinfo is None:
        raise FormulaError(UnitFault.NO_ZONE, part=written(node))
    return value


_FUNCTIONS: dict[str, Any] = {
    "log2": _logarithm, "ln": _logarithm, "positive": _positive, "min": _extreme, "max": _extreme,
    "sum": _sum, "count": _count, "previous": _previous, "carried": _carried, "elapsed": _elapsed,
}  # fmt: skip


def _with(values: Values) -> Callable[[Name | Call], str | None]:
    """What stands on the page in the place of a name, or of a function that asks for other turns of
    it.
    """

    def shown(node: Name | Call) -> str | None:
        if isinstance(node, Name):
            return _shown(values.latest(node.name), node.name)
        if node.function == "carried":
            chosen = _chosen(node, values)
            return written(
                Group(chosen) if isinstance(chosen, Binary | Negative) else chosen, shown
            )
        if node.function == "previous":
            return _shown(values.previous(_name_of(node)), _name_of(node))
        if node.function == "count":
            return str(len(values.all(_name_of(node))))
        return _added(node, values) if node.function == "sum" else None

    return shown


def _added(call: Call, values: Values) -> str:
    name = _name_of(call)
    return f"({' + '.join(_shown(value, name) for value in values.all(name))})"


def _shown(value: Value | None, name: str) -> str:
    if value is None:
        raise NotYetKnown(name)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return f"({value})" if value.number < 0 else str(value)


def expanded(
    formula: Formula,
    values: Values,
    unit: str,
    decimals: int | None = None,
    rounding: str = HALF_UP,
) -> str:
    """The formula with its values put in, and the result, for print: 'log2(80000 cells / 530 cells)
    = 7.237864'.

    Without `decimals`: up to six, and never fewer than four significant digits. An undefined result
    says so. Raises NotYetKnown, FormulaError and UnitUnknown."""
    left = written(formula.tree, _with(values))
    try:
        result = evaluate(formula, values, unit)
    except Undefined:
        return f"{left} is undefined"
    if decimals is not None:
        return f"{left} = {result.shown(decimals, rounding)}"
    places = max(6, 3 - result.number.adjusted())
    exponent = result.number.as_tuple().exponent
    ends = isinstance(exponent, int) and -exponent <= places
    return f"{left} = {result if ends else result.shown(places, rounding)}"
