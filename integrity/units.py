"""The closed list of units: code, printed symbol, dimension and exact size of each.

What is not on the list is refused. A unit that counts one thing (EU, IU, CFU, cells, vials) has a
dimension of its own, so that endotoxin cannot become colonies; so has each definition of an
enzyme's unit (collagen digestion units, Wünsch units, PZ units): they are not exchangeable.
Degrees Celsius are compared with degrees Celsius only, pH with pH only. The pint registry is built
here once, from nothing, and never changed afterwards: pint's own definitions would read pH as
picohenry and U as a catalytic activity in µmol/min."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact, MessageError
from integrity.figures import LIST

if TYPE_CHECKING:
    import pint


class UnitWord(Message):
    """What is said of units."""

    PLAIN_NUMBER = "unit-plain-number"
    UNKNOWN = "unit-unknown"
    UNLIKE = "unit-unlike"


class UnitUnknown(MessageError, ValueError):
    """The unit code is not on the closed list."""


class UnlikeDimensions(MessageError, ValueError):
    """Two quantities that measure different things were to be compared or converted."""


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
digestion = [digestion]
wuensch = [wuensch]
pz = [pz]
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


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The one registry of this process, built at the first question about a unit."""
    import pint  # a tenth of a second, which a start need not wait for

    made: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in _DEFINITIONS.strip().splitlines():
        made.define(line)
    return made


def _powers(unit: Any) -> list[tuple[str, int]]:
    """The named units it is made of, each with its power.

    Cells/cm2 is (cell, 1), (centimetre, -2).
    """
    quantity: Any = registry().Quantity(Decimal(1), unit)
    return [(name, int(power)) for name, power in quantity.unit_items()]


def _unit(line: str) -> Unit:
    code, symbol, words = (part.strip() for part in line.split("|"))
    unit: Any = registry().Unit(words)
    factor = Fraction(1)
    for atom, power in _powers(unit):
        size = registry().Quantity(Decimal(1), registry().Unit(atom)).to_base_units().magnitude
        factor *= Fraction(size) ** power
    return Unit(code, symbol, unit, unit.dimensionality, factor)


class _Units(Mapping[str, Unit]):
    """The closed list by code, read at the first question."""

    @cached_property
    def _read(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in map(_unit, LIST.strip().splitlines())}

    def __getitem__(self, code: str) -> Unit:
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


UNITS = _Units()


def unit_of(code: str) -> Unit:
    """The unit with this code. Raises UnitUnknown."""
    unit = UNITS.get(code)
    if unit is None:
        near = [known for known in UNITS if known.casefold() == code.casefold()] or [
            "mL",
            "cells/mL",
            "%",
        ]
        raise UnitUnknown(UnitWord.UNKNOWN, code=code, near=facts.listed(near))
    return unit


@cache
def alike(one: str, other: str) -> bool:
    """Whether quantities in these two units can be compared and converted. Raises UnitUnknown."""
    return bool(unit_of(one).dimension == unit_of(other).dimension)


def units_like(code: str) -> list[str]:
    """The codes a form may offer beside this one: those that convert to it, itself included.

    Raises UnitUnknown.
    """
    return [other for other in UNITS if alike(other, code)]


def require_alike(one: str, other: str) -> None:
    """Raises UnlikeDimensions unless both units measure the same thing; UnitUnknown."""
    if not alike(one, other):
        raise UnlikeDimensions(UnitWord.UNLIKE, one=symbol(one), other=symbol(other))


def symbol(code: str) -> Fact:
    """The printed symbol of a unit of the list; of 1, that it is a plain number."""
    return UNITS[code].symbol or facts.word(UnitWord.PLAIN_NUMBER)
