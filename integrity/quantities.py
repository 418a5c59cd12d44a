"""Numbers and units together: the one place where they meet.

A number without its unit is not stored, compared or computed with. Conversion is exact, by
fractions. The digits stay as they were typed."""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property, lru_cache

from integrity import figures, numbers
from integrity.numbers import HALF_UP, read_number
from integrity.units import UNITS, require_alike, unit_of

# Results that do not end (one third) keep 28 digits: far beyond any measurement, and the same on
# every machine.
DIGITS_KEPT = 28
_EXACT = Context(prec=200)


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

    @cached_property
    def number(self) -> Decimal:
        return Decimal(self.text)

    @cached_property
    def size(self) -> Fraction:
        """The exact amount in base units: equal for 0.1 EU/mL and 100 EU/L."""
        return Fraction(self.number) * UNITS[self.unit].factor

    def to(self, unit: str) -> "Quantity":
        """The same amount in another unit, exactly; digits are kept (15.0 mL is 0.0150 L).

        Raises UnlikeDimensions.
        """
        if unit == self.unit:
            return self
        require_alike(self.unit, unit)
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
        return figures.amount(self.text, self.unit)


def read_quantity(text: str, unit: str) -> Quantity:
    """What a person typed, in a unit of the list. Raises NotANumber and UnitUnknown."""
    read_number(text)
    return Quantity(text, unit)


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
    require_alike(one.unit, other.unit)
    if one.unit == other.unit:  # Decimals compare exactly, and no fraction has to be made
        return (one.number > other.number) - (one.number < other.number)
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
