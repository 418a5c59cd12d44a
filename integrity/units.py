"""The closed list of units: code, printed symbol, dimension and exact size of each.

What is not on the list is refused. A unit that counts one thing (EU, IU, CFU, cells, vials) has a
dimension of its own, so that endotoxin cannot become colonies. Degrees Celsius are compared with
degrees Celsius only, pH with pH only. The pint registry is built here once, from nothing, and never
changed afterwards: pint's own definitions would read pH as picohenry and U as a catalytic activity
in µmol/min."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pint


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
        return {unit.code: unit for unit in map(_unit, _LIST.strip().splitlines())}

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


def require_alike(one: str, other: str) -> None:
    """Raises UnlikeDimensions unless both units measure the same thing; UnitUnknown."""
    if not alike(one, other):
        first, second = (UNITS[code].symbol or "a plain number" for code in (one, other))
        raise UnlikeDimensions(
            f"{first} and {second} measure different things: give both in units of the same kind."
        )
