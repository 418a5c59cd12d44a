"""Numbers as people type them, as they are rounded, and as they are printed. Decimal throughout.

One way to write a number is understood everywhere: digits, one decimal point (or one decimal
comma), an optional power of ten. Whatever could be read in two ways is refused, because a dose that
is wrong by a thousand looks like any other dose."""

import functools
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

HALF_UP = "half-up"
HALF_EVEN = "half-even"
ROUNDINGS = (HALF_UP, HALF_EVEN)

LONGEST_TYPED = 30
LARGEST_TYPED_POWER = 20
# Computed values are stored as text and read back: 28 digits, and the zeros in front of a small
# one.
LONGEST_STORED = 80
LARGEST_STORED_POWER = 60

_TO_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FROM_SUPERSCRIPT = {ord(high): low for low, high in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
_TYPED = re.compile(
    r"(?P<sign>[+\-−]?)(?P<digits>[0-9]+(?:[.,][0-9]+)?)"
    r"(?:[eE](?P<e>[+-]?[0-9]{1,2})"
    r"| ?[×xX] ?10(?:\^(?P<caret>[+-]?[0-9]{1,2})|(?P<high>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})))?"
)
# 1,000 is a thousand to some and one to others. 0,125 has only one reading: no thousand begins with
# a nought.
_AMBIGUOUS = re.compile(r"[+\-−]?(?!0+,)[0-9]{1,3},[0-9]{3}(?![0-9.,])")
_NAKED = re.compile(r"[+\-−]?(?:[.,][0-9]+|[0-9]+[.,])")


class NotANumber(ValueError):
    """What was typed is not a number.

    The message is one sentence that says what to type instead.
    """


def read_number(text: str) -> Decimal:
    """The number a person typed, with the digits as typed: '10.00' stays Decimal('10.00').

    Understands '1.5', '1,5', '+3', '-3', '1.125e7', '6.25×10^7' and '6.25 × 10⁷'; blanks around it
    do not matter. Raises NotANumber for everything else, with one sentence for the person who typed
    it."""
    return Decimal(plain(text, LONGEST_TYPED, LARGEST_TYPED_POWER))


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
        raise NotANumber(
            f"This number has more than {longest} characters: write it shorter, for example 1.5e7."
        )
    if _AMBIGUOUS.match(typed):
        raise NotANumber(_two_readings(typed))
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise NotANumber(_refusal(typed))
    return _within_power(_joined(match), typed, largest_power)


def _joined(match: "re.Match[str]") -> str:
    sign = "-" if match["sign"] in ("-", "−") else ""
    high = match["high"].translate(_FROM_SUPERSCRIPT) if match["high"] else None
    power = match["e"] or match["caret"] or high
    return sign + match["digits"].replace(",", ".") + (f"e{int(power)}" if power else "")


def _within_power(number: str, typed: str, largest: int) -> str:
    if abs(Decimal(number).adjusted()) > largest:
        raise NotANumber(
            f"“{typed}” is too large or too small to be a measurement: check the power of ten."
        )
    return number


def _two_readings(typed: str) -> str:
    whole, _, rest = typed.partition(",")
    return (
        f"“{typed}” can be read in two ways: write {whole}.{rest} with a decimal point, or "
        f"{whole}{rest} without a comma."
    )


def _refusal(typed: str) -> str:
    if not typed:
        return "A number is needed here: write digits, for example 1.5."
    if _NAKED.fullmatch(typed):
        return (
            f"“{typed}” needs a digit on both sides of the decimal point: write for example "
            "0.5 or 5.0."
        )
    return (
        f"“{typed}” is not a number: write digits with one decimal point and no other marks, "
        "for example 1000.5."
    )


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
