"""Numbers and units together: the one place where they meet.

A number without its unit is not stored, compared or computed with. Units come from a closed list
(UNITS), each with its own code; what is not on the list is refused. Conversion is exact, by
fractions; a unit that counts one thing (EU, IU, CFU, cells, vials) has a dimension of its own, so
that endotoxin cannot become colonies. Degrees Celsius are compared with degrees Celsius only, pH
with pH only. The pint registry is built here once, from nothing, and never changed afterwards:
pint's own definitions would read pH as picohenry and U as a catalytic activity in µmol/min."""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pint

from integrity import numbers
from integrity.numbers import HALF_EVEN, HALF_UP, ROUNDINGS, NotANumber, read_number, superscript

__all__ = [
    "HALF_EVEN", "HALF_UP", "ROUNDINGS", "UNITS", "Measured", "NotANumber", "Quantity",
    "UnitUnknown", "Unit",
    "UnlikeDimensions", "alike", "compare", "conforms", "read_measured", "read_number",
    "read_quantity", "superscript",
    "unit_of", "units_like", "within",
]  # fmt: skip

# Results that do not end (one third) keep 28 digits: far beyond any measurement, and the same on
# every machine.
DIGITS_KEPT = 28
_EXACT = Context(prec=200)


class UnitUnknown(ValueError):
    """The unit code is not on the closed list; the message says so in one sentence."""


class UnlikeDimensions(ValueError):
    """Two quantities that measure different things were to be compared or converted.

    The message is one sentence.
    """


_DEFINITIONS = """
metre = [length]
gram = [mass]
second = [time]
mole = [substance]
osmole = [osmolality]
celsius = [celsius]
acidity = [acidity]
cell = [cell]
vial = [vial]
vessel = [vessel]
endotoxin = [endotoxin]
international = [international]
colony = [colony]
activity = [activity]
copy = [copy]
particle = [particle]
gravity = [gravity]
turn = [turn]
pascal = [pressure]
percent = 0.01
minute = 60 * second
hour = 3600 * second
day = 86400 * second
week = 604800 * second
centimetre = 0.01 * metre
millimetre = 0.001 * metre
micrometre = 0.000001 * metre
litre = 0.001 * metre ** 3
millilitre = 0.000001 * metre ** 3
microlitre = 0.000000001 * metre ** 3
kilogram = 1000 * gram
milligram = 0.001 * gram
microgram = 0.000001 * gram
nanogram = 0.000000001 * gram
milliosmole = 0.001 * osmole
millimole = 0.001 * mole
"""

# code | as printed | the same in the registry's words; the first of each kind is the one that
# sentences name
_LIST = """
1         |           |
%         | %         | percent
mL        | mL        | millilitre
L         | L         | litre
uL        | µL        | microlitre
kg        | kg        | kilogram
g         | g         | gram
mg        | mg        | milligram
ug        | µg        | microgram
ng        | ng        | nanogram
cm        | cm        | centimetre
m         | m         | metre
mm        | mm        | millimetre
um        | µm        | micrometre
cm2       | cm²       | centimetre ** 2
m2        | m²        | metre ** 2
mm2       | mm²       | millimetre ** 2
m3        | m³        | metre ** 3
h         | h         | hour
min       | min       | minute
s         | s         | second
d         | d         | day
wk        | wk        | week
degC      | °C        | celsius
degC/min  | °C/min    | celsius / minute
pH        | pH        | acidity
mOsm/kg   | mOsm/kg   | milliosmole / kilogram
mmol/L    | mmol/L    | millimole / litre
Pa        | Pa        | pascal
xg        | × g       | gravity
rpm       | rpm       | turn / minute
1/mL      | /mL       | millilitre ** -1
1/L       | /L        | litre ** -1
1/h       | /h        | hour ** -1
1/d       | /d        | day ** -1
1/kg      | /kg       | kilogram ** -1
1/cm2     | /cm²      | centimetre ** -2
mg/mL     | mg/mL     | milligram / millilitre
g/L       | g/L       | gram / litre
ug/mL     | µg/mL     | microgram / millilitre
mL/cm2    | mL/cm²    | millilitre / centimetre ** 2
mL/min    | mL/min    | millilitre / minute
cells     | cells     | cell
cells/mL  | cells/mL  | cell / millilitre
cells/L   | cells/L   | cell / litre
cells/uL  | cells/µL  | cell / microlitre
cells/cm2 | cells/cm² | cell / centimetre ** 2
cells/kg  | cells/kg  | cell / kilogram
vials     | vials     | vial
cells/vial | cells/vial | cell / vial
mL/vial   | mL/vial   | millilitre / vial
vessels   | vessels   | vessel
cells/vessel | cells/vessel | cell / vessel
cm2/vessel | cm²/vessel | centimetre ** 2 / vessel
mL/vessel | mL/vessel | millilitre / vessel
EU        | EU        | endotoxin
EU/mL     | EU/mL     | endotoxin / millilitre
EU/L      | EU/L      | endotoxin / litre
EU/kg     | EU/kg     | endotoxin / kilogram
EU/kg/h   | EU/kg/h   | endotoxin / kilogram / hour
IU        | IU        | international
IU/mL     | IU/mL     | international / millilitre
CFU       | CFU       | colony
CFU/mL    | CFU/mL    | colony / millilitre
CFU/L     | CFU/L     | colony / litre
CFU/m3    | CFU/m³    | colony / metre ** 3
U         | U         | activity
U/mL      | U/mL      | activity / millilitre
U/mg      | U/mg      | activity / milligram
copies    | copies    | copy
copies/mL | copies/mL | copy / millilitre
particles/m3 | particles/m³ | particle / metre ** 3
"""


@dataclass(frozen=True)
class Unit:
    """One unit of the closed list.

    Its code in data, its printed symbol, its pint unit, dimension and exact size.
    """

    code: str
    symbol: str
    pint: Any
    dimension: Any
    factor: Fraction


def _registry() -> "pint.UnitRegistry[Any]":
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in _DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry


def _powers(unit: Any) -> list[tuple[str, int]]:
    """The named units it is made of, each with its power.

    Cells/cm2 is (cell, 1), (centimetre, -2).
    """
    quantity: Any = REGISTRY.Quantity(Decimal(1), unit)
    return [(name, int(power)) for name, power in quantity.unit_items()]


def _unit(line: str) -> Unit:
    code, symbol, words = (part.strip() for part in line.split("|"))
    unit: Any = REGISTRY.Unit(words)
    factor = Fraction(1)
    for atom, power in _powers(unit):
        size = REGISTRY.Quantity(Decimal(1), REGISTRY.Unit(atom)).to_base_units().magnitude
        factor *= Fraction(size) ** power
    return Unit(code, symbol, unit, unit.dimensionality, factor)


REGISTRY = _registry()
UNITS = MappingProxyType({unit.code: unit for unit in map(_unit, _LIST.strip().splitlines())})


def unit_of(code: str) -> Unit:
    """The unit with this code. Raises UnitUnknown."""
    unit = UNITS.get(code)
    if unit is None:
        near = [known for known in UNITS if known.casefold() == code.casefold()] or [
            "mL",
            "cells/mL",
            "%",
        ]
        raise UnitUnknown(
            f"“{code}” is not a unit of the closed list: write for example {', '.join(near)}."
        )
    return unit


def alike(one: str, other: str) -> bool:
    """Whether quantities in these two units can be compared and converted. Raises UnitUnknown."""
    return bool(unit_of(one).dimension == unit_of(other).dimension)


def units_like(code: str) -> list[str]:
    """The codes a form may offer beside this one: those that convert to it, itself included.

    Raises UnitUnknown.
    """
    return [other for other in UNITS if alike(other, code)]


@dataclass(frozen=True)
class Quantity:
    """A number and its unit, never apart. The digits stay as typed, so 10.0 mL and 10.00 mL are
    different statements (and unequal with ==; `compare` says whether they are the same amount).

    Raises NotANumber and UnitUnknown.
    """

    text: str
    unit: str

    def __post_init__(self) -> None:
        unit_of(self.unit)
        object.__setattr__(self, "text", numbers.plain(self.text))

    @classmethod
    def of(cls, number: Decimal | Fraction | int, unit: str) -> "Quantity":
        """A computed number with its unit; what does not end is kept to 28 digits."""
        decimal = number if isinstance(number, Decimal) else _decimal(Fraction(number))
        return cls(
            f"{decimal:f}" if abs(decimal.adjusted()) <= DIGITS_KEPT else f"{decimal:e}", unit
        )

    @property
    def number(self) -> Decimal:
        return Decimal(self.text)

    @property
    def size(self) -> Fraction:
        """The exact amount in base units: equal for 0.1 EU/mL and 100 EU/L."""
        return Fraction(self.number) * UNITS[self.unit].factor

    def to(self, unit: str) -> "Quantity":
        """The same amount in another unit, exactly; digits are kept (15.0 mL is 0.0150 L).

        Raises UnlikeDimensions.
        """
        if unit == self.unit:
            return self
        _require_alike(self.unit, unit)
        ratio = UNITS[self.unit].factor / UNITS[unit].factor
        multiplier = _finite(ratio)
        if multiplier is None:
            return Quantity.of(Fraction(self.number) * ratio, unit)
        return Quantity.of(_EXACT.multiply(self.number, multiplier), unit)

    def rounded(self, decimals: int, rounding: str = HALF_UP) -> "Quantity":
        return Quantity.of(numbers.rounded(self.number, decimals, rounding), self.unit)

    def shown(self, decimals: int, rounding: str = HALF_UP) -> str:
        """For display only: rounded to so many decimals, with the printed unit."""
        return str(self.rounded(decimals, rounding))

    def __str__(self) -> str:
        symbol = UNITS[self.unit].symbol
        space = "" if not symbol or symbol.startswith("/") else " "
        return f"{numbers.printed(self.text)}{space}{symbol}"


def read_quantity(text: str, unit: str) -> Quantity:
    """What a person typed, in a unit of the list. Raises NotANumber and UnitUnknown."""
    read_number(text)
    return Quantity(text, unit)


def _require_alike(one: str, other: str) -> None:
    if not alike(one, other):
        first, second = (UNITS[code].symbol or "a plain number" for code in (one, other))
        raise UnlikeDimensions(
            f"{first} and {second} measure different things: give both in units of the same kind."
        )


@lru_cache(maxsize=1024)
def _finite(ratio: Fraction) -> Decimal | None:
    """The ratio as a Decimal if it ends (60, 0.001), else None (1/60)."""
    number = _EXACT.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
    return number if Fraction(number) == ratio else None


def _decimal(value: Fraction) -> Decimal:
    with localcontext(Context(prec=DIGITS_KEPT)):
        return Decimal(value.numerator) / Decimal(value.denominator)


def compare(one: Quantity, other: Quantity) -> int:
    """-1, 0 or 1: less, the same amount, more; whatever units they were typed in.

    Raises UnlikeDimensions.
    """
    _require_alike(one.unit, other.unit)
    return (one.size > other.size) - (one.size < other.size)


def within(quantity: Quantity, low: Quantity | None, high: Quantity | None) -> bool:
    """Whether it lies inside the bounds, both included; None is no bound.

    Raises UnlikeDimensions.
    """
    above = low is None or compare(quantity, low) >= 0
    below = high is None or compare(quantity, high) <= 0
    return above and below


QUALIFIERS = ("", "<", "<=", ">", ">=")
_SIGNS = {"≤": "<=", "≥": ">="}
_PRINTED_SIGNS = {"<=": "≤", ">=": "≥"}


@dataclass(frozen=True)
class Measured:
    """A result as the method gives it: a quantity, or only a bound of it ("< 0.05 EU/mL")."""

    qualifier: str
    quantity: Quantity

    def __post_init__(self) -> None:
        if self.qualifier not in QUALIFIERS:
            raise ValueError(
                f"“{self.qualifier}” is not a qualifier: use <, <=, > or >=, or leave it out."
            )

    @property
    def text(self) -> str:
        """As typed, without the unit: '< 0.05'. `read_measured` reads it back."""
        return f"{self.qualifier} {self.quantity.text}".strip()

    def __str__(self) -> str:
        return f"{_PRINTED_SIGNS.get(self.qualifier, self.qualifier)} {self.quantity}".strip()


def read_measured(text: str, unit: str) -> Measured:
    """A number with or without one of < <= ≤ > >= ≥ in front. Raises NotANumber and UnitUnknown."""
    typed = text.strip()
    for sign in ("<=", ">=", "≤", "≥", "<", ">"):
        if typed.startswith(sign):
            return Measured(_SIGNS.get(sign, sign), read_quantity(typed.removeprefix(sign), unit))
    return Measured("", read_quantity(typed, unit))


CONFORMS = "conforms"
FAILS = "fails"
INCONCLUSIVE = "inconclusive"
OPERATORS = ("<", "<=", "=", ">=", ">")
_MIRRORED = {"<": ">", "<=": ">=", "=": "=", ">=": "<=", ">": "<"}


def conforms(
    measured: Measured,
    operator: str,
    limit: Quantity,
    decimals: int | None = None,
    rounding: str = HALF_UP,
) -> str:
    """The verdict of one specification line: 'conforms', 'fails' or 'inconclusive'.

    The result is converted exactly to the limit's unit, rounded once if the line says to how many
    decimals, and then compared; the limit itself is not rounded. A censored result conforms if
    every value it may stand for conforms, fails if none does, and is inconclusive otherwise. Raises
    UnlikeDimensions; ValueError for an unknown operator or rounding."""
    if operator not in OPERATORS:
        raise ValueError(f"“{operator}” is not an operator: use {', '.join(OPERATORS)}.")
    _require_alike(measured.quantity.unit, limit.unit)
    value = measured.quantity.size / UNITS[limit.unit].factor
    bound = Fraction(limit.number)
    if measured.qualifier == "":
        value = value if decimals is None else Fraction(numbers.rounded(value, decimals, rounding))
        return CONFORMS if _holds(value, operator, bound) else FAILS
    if measured.qualifier.startswith(
        ">"
    ):  # the mirror image of a value that lies below: one law for both sides
        value, bound, operator = -value, -bound, _MIRRORED[operator]
    highest, reached = _highest(value, measured.qualifier.endswith("="), decimals, rounding)
    return _verdict_below(highest, reached, operator, bound)


def _holds(value: Fraction, operator: str, bound: Fraction) -> bool:
    order = (value > bound) - (value < bound)
    return order in {"<": (-1,), "<=": (-1, 0), "=": (0,), ">=": (0, 1), ">": (1,)}[operator]


def _highest(
    value: Fraction, included: bool, decimals: int | None, rounding: str
) -> tuple[Fraction, bool]:
    """The top of what is reported for values below `value`, and whether it can be reported itself.

    After rounding it always can: the largest grid point whose cell begins below `value` (grid point
    - half a step)."""
    if decimals is None:
        return value, included
    if included:
        return Fraction(numbers.rounded(value, decimals, rounding)), True
    step = Fraction(1, 10) ** decimals
    return -((-(value / step + Fraction(1, 2))) // 1 + 1) * step, True


def _verdict_below(highest: Fraction, reached: bool, operator: str, bound: Fraction) -> str:
    """For a result known only to lie at or below `highest`, without a lower end."""
    strictly_below = highest < bound or (highest == bound and not reached)
    if operator in ("<", "<="):
        every = strictly_below or (operator == "<=" and highest == bound)
        return CONFORMS if every else INCONCLUSIVE
    none = strictly_below or (operator == ">" and highest == bound)
    return FAILS if none else INCONCLUSIVE
