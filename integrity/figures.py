"""Figures as they are printed: a number with its digits, a unit with its symbol.

Nothing is judged or converted here; whatever words a fact can print a quantity without the
registry of units.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

_TO_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

# code | as printed | the same in the registry's words; the first of each kind is the one that
# sentences name
LIST: Final = """
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
cells/g   | cells/g   | cell / gram
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
CDU       | CDU       | digestion
CDU/mL    | CDU/mL    | digestion / millilitre
CDU/g     | CDU/g     | digestion / gram
CDU/mg    | CDU/mg    | digestion / milligram
WU        | Wünsch U  | wuensch
WU/mL     | Wünsch U/mL | wuensch / millilitre
WU/g      | Wünsch U/g | wuensch / gram
WU/mg     | Wünsch U/mg | wuensch / milligram
PZU       | PZ U      | pz
PZU/mL    | PZ U/mL   | pz / millilitre
PZU/g     | PZ U/g    | pz / gram
PZU/mg    | PZ U/mg   | pz / milligram
mL/g      | mL/g      | millilitre / gram
copies    | copies    | copy
copies/mL | copies/mL | copy / millilitre
particles/m3 | particles/m³ | particle / metre ** 3
"""
SYMBOLS: Final = {
    code.strip(): symbol.strip()
    for code, symbol, _ in (line.split("|") for line in LIST.strip().splitlines())
}


def superscript(number: Decimal, digits: int = 3) -> str:
    """A large number for the page.

    62500000 is '6.25 × 10⁷' to three significant digits (rounded half-up).
    """
    if number == 0:
        return "0"
    short = Context(prec=digits, rounding=ROUND_HALF_UP).plus(number)
    figures = "".join(map(str, short.as_tuple().digits)).ljust(digits, "0")
    mantissa = figures[0] + ("." + figures[1:] if digits > 1 else "")
    return (
        f"{'-' if short < 0 else ''}{mantissa} × "
        f"10{str(short.adjusted()).translate(_TO_SUPERSCRIPT)}"
    )


def printed(text: str) -> str:
    """A stored number as it is printed: the same digits, '6.25e7' as '6.25 × 10⁷'."""
    mantissa, e, power = text.partition("e")
    return f"{mantissa} × 10{power.translate(_TO_SUPERSCRIPT)}" if e else mantissa


def amount(text: str, unit: str) -> str:
    """A stored number with the printed symbol of its unit."""
    symbol = SYMBOLS[unit]
    space = "" if not symbol or symbol.startswith("/") else " "
    return f"{printed(text)}{space}{symbol}"
