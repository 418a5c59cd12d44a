"""Numbers as people type them, as they are rounded, and as they are printed. Decimal throughout.

One way to write a number is understood everywhere: digits, one decimal point (or one decimal
comma), an optional power of ten. Whatever could be read in two ways is refused, because a dose that
is wrong by a thousand looks like any other dose."""

import functools
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from integrity.catalogue import Message
from integrity.facts import MessageError

HALF_UP = "half-up"
HALF_EVEN = "half-even"
ROUNDINGS = (HALF_UP, HALF_EVEN)

LONGEST_TYPED = 30
LARGEST_TYPED_POWER = 20
# Computed values are stored as text and read back: 28 digits, and the zeros in front of a small
# one.
LONGEST_STORED = 80
LARGEST_STORED_POWER = 60

_FROM_SUPERSCRIPT = {ord(high): low for low, high in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
_TYPED = re.compile(
    r"(?P<sign>[+\-−]?)(?P<digits>[0-9]+(?:[.,][0-9]+)?)"
    r"(?:[eE](?P<e>[+-]?[0-9]{1,2})"
    r"| ?[×xX] ?10(?:\^(?P<caret>[+-]?[0-9]{1,2})|(?P<high>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})))?"
)
# 1,000 is a thousand to some and one to others. 0,125 has only one reading: no thousand begins with
# a nought.
_AMBIGUOUS = re.compile(r"[+\-−]?(?!0+,)[0-9]{1,3},[0-9]{3}(?![0-9.,])")
# 5.000 is five to some and five thousand to others; the same as with a comma.
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_NAKED = re.compile(r"[+\-−]?(?:[.,][0-9]+|[0-9]+[.,])")


class NumberFault(Message):
    """Why a text is no number, and what to type instead."""

    TOO_LONG = "number-too-long"
    TWO_READINGS = "number-two-readings"
    THOUSANDS = "number-thousands"
    NEGATIVE_NOUGHT = "number-negative-nought"
    POWER = "number-power"
    MISSING = "number-missing"
    NAKED = "number-naked"
    NOT_ONE = "number-not-one"


class NotANumber(MessageError, ValueError):
    """What was typed is not a number (NumberFault)."""


def read_number(text: str) -> Decimal:
    """The number a person typed, with the digits as typed: '10.00' stays Decimal('10.00').

    Understands '1.5', '1,5', '+3', '-3', '1.125e7', '6.25×10^7' and '6.25 × 10⁷'; blanks around it
    do not matter. Raises NotANumber for everything else, with one sentence for the person who typed
    it."""
    return Decimal(plain(text, LONGEST_TYPED, LARGEST_TYPED_POWER))


def read_typed(text: str, may_be: Callable[[Decimal], bool] = lambda _: True) -> Decimal:
    """The number a person typed into a form, which must have one reading.

    `may_be` says which numbers are possible there: 5.000 is refused where five thousand is, and is
    five where it cannot be more. Raises NotANumber, for a nought with a minus sign too."""
    number = read_number(text)
    if number.is_zero() and number.is_signed():
        raise NotANumber(NumberFault.NEGATIVE_NOUGHT, typed=text.strip())
    typed = plain(text)
    if _THOUSANDS.fullmatch(typed) and may_be(number.scaleb(3)):
        another = typed[:-1] if typed.endswith("0") else f"{typed}0"
        whole = typed.replace(".", "")
        raise NotANumber(NumberFault.THOUSANDS, typed=text.strip(), whole=whole, point=another)
    return number


@functools.lru_cache(maxsize=4096)
def plain(
    text: str, longest: int = LONGEST_STORED, largest_power: int = LARGEST_STORED_POWER
) -> str:
    """The text in the one form that is stored: same digits, decimal point, no plus sign, 'e' for
    the power of ten.

    `longest` is in characters; `largest_power` bounds the power of ten of the first digit. Raises
    NotANumber."""
    typed = text.strip()
    if len(typed) > longest:
        raise NotANumber(NumberFault.TOO_LONG, longest=longest)
    if _AMBIGUOUS.match(typed):
        whole, _, rest = typed.partition(",")
        raise NotANumber(NumberFault.TWO_READINGS, typed=typed, whole=whole, rest=rest)
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise _refusal(typed)
    return _within_power(_joined(match), typed, largest_power)


def _joined(match: "re.Match[str]") -> str:
    sign = "-" if match["sign"] in ("-", "−") else ""
    high = match["high"].translate(_FROM_SUPERSCRIPT) if match["high"] else None
    power = match["e"] or match["caret"] or high
    return sign + match["digits"].replace(",", ".") + (f"e{int(power)}" if power else "")


def _within_power(number: str, typed: str, largest: int) -> str:
    if abs(Decimal(number).adjusted()) > largest:
        raise NotANumber(NumberFault.POWER, typed=typed)
    return number


def _refusal(typed: str) -> NotANumber:
    if not typed:
        return NotANumber(NumberFault.MISSING)
    naked = _NAKED.fullmatch(typed)
    return NotANumber(NumberFault.NAKED if naked else NumberFault.NOT_ONE, typed=typed)


def rounded(value: Decimal | Fraction, decimals: int, rounding: str = HALF_UP) -> Decimal:
    """`value` rounded once to `decimals` places (negative: tens, hundreds), exactly, whatever its
    length.

    half-up: a tie goes away from zero (2.675 to 2.68); half-even: a tie goes to the even digit.
    Raises ValueError for another rounding."""
    scaled = Fraction(value) * Fraction(10) ** decimals
    whole = _whole(scaled, rounding)
    digits = tuple(int(digit) for digit in str(abs(whole)))
    result = Decimal((int(whole < 0), digits, -decimals))
    return Decimal(int(result)) if decimals < 0 else result


def _whole(scaled: Fraction, rounding: str) -> int:
    if rounding == HALF_EVEN:
        return round(scaled)
    if rounding != HALF_UP:
        raise ValueError(f"“{rounding}” is not a rounding: use half-up or half-even.")
    size = int(abs(scaled) + Fraction(1, 2))
    return -size if scaled < 0 else size
