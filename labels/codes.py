"""Cordbook's own codes: one letter, digits, two ISO 7064 MOD 97-10 check digits.

`B260017-06` is batch 17 of 2026.  The letter is never a vowel, D, W or Y, because Vietnamese
keyboard methods rewrite those in scanner text (`dd` becomes `đ`).  The scheme and its
reasons: docs/decisions/0004-codes.md.  Golden codes: requirements, section "Identifier vectors".
"""

import enum
import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10


class Series(enum.StrEnum):
    """The letter that a code begins with: what it is the code of."""

    BATCH = "B"
    CORD = "C"
    FLASK = "F"
    JAR = "J"
    CARTON = "K"
    LABEL_SHEET = "L"
    MATERIAL_LOT = "M"
    DEVIATION = "N"
    FINAL_CONTAINER = "P"
    EQUIPMENT = "Q"
    CERTIFICATE = "R"
    SAMPLE = "S"
    VIAL = "V"


SERIES: dict[str, str] = {
    Series.BATCH: "batch",
    Series.CORD: "cord",
    Series.FLASK: "flask",
    Series.JAR: "jar",
    Series.CARTON: "carton",
    Series.LABEL_SHEET: "label sheet",
    Series.MATERIAL_LOT: "material lot",
    Series.DEVIATION: "deviation",
    Series.FINAL_CONTAINER: "final container",
    Series.EQUIPMENT: "equipment",
    Series.CERTIFICATE: "certificate",
    Series.SAMPLE: "sample",
    Series.VIAL: "vial",
}

# Digits of the running number.  Two more when a year outgrows them, never one more: a digit
# typed twice, lost, or read in place of the hyphen then always gives a length that is refused.
_WIDTHS: dict[str, int] = {"B": 4}
_USUAL_WIDTH = 5
_OVERFLOW = 2

_BLANKS = " \t\r\n"
_OWN = re.compile(r"([A-Z])([0-9]+)(-?)([0-9]{2})")
_LOOKS_OWN = re.compile(r"[A-Z][0-9-]+")
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1_SYMBOLOGIES = ("]d2", "]C1", "]Q3", "]e0", "]J1")
_ISBT = re.compile(r"[=&][A-Za-z0-9<>(),;+*#%!$@-].*", re.DOTALL)
_LONGEST = 60
_PATH = "/L/"


class UnreadableCode(ValueError):
    """The text is not a Cordbook code; the message is one sentence for the person at the scanner.

    `reason` is "empty", "foreign", "damaged" or "other kind"; `text` is what arrived, untouched.
    """

    def __init__(self, reason: str, sentence: str, text: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.text = text


@dataclass(frozen=True, order=True)
class Code:
    """A code that exists on paper: series letter and digits, without the check digits."""

    series: str
    digits: str

    @property
    def check(self) -> str:
        """The two check digits, MOD 97-10 over the letter (A=10 … Z=35) and the digits."""
        return str(mod_97_10.calc_check_digits(self.series + self.digits))

    @property
    def bare(self) -> str:
        """As a symbol carries it: `B26001706`."""
        return self.series + self.digits + self.check

    @property
    def shown(self) -> str:
        """As a person reads it: `B260017-06`."""
        return f"{self.series}{self.digits}-{self.check}"

    @property
    def kind(self) -> str:
        """What the series letter stands for, in words."""
        return SERIES[self.series]

    @property
    def year(self) -> int:
        """Two-digit year of the number's series."""
        return int(self.digits[:2])

    @property
    def number(self) -> int:
        """Running number within series and year."""
        return int(self.digits[2:])

    def __str__(self) -> str:
        return self.shown


def make(series: str, year: int, number: int) -> Code:
    """The code of the number-th thing of a series in a year (2026 and 26 are the same year).

    Raises ValueError for a series that is not in the table or a number outside 1 … 9,999,999
    (batches: 999,999).
    """
    if series not in SERIES:
        raise ValueError(f"{series!r} is not a series; the series are {', '.join(SERIES)}.")
    for width in _widths(series):
        if 1 <= number < 10**width:
            return Code(series, f"{year % 100:02d}{number:0{width}d}")
    raise ValueError(f"{number} is outside the numbers of series {series}.")


def read(text: str, *, base: str | None = None, expected: str = "") -> Code:
    """The code in what a wedge scanner sent or a person typed.

    Blanks around it, lower case, a missing hyphen and a scanner's symbology prefix are
    accepted; with `base` also `<base>/L/<code>`, the address form of the same code.
    `expected` holds the series letters that make sense here ("V", "FJ"); empty takes all.
    Raises UnreadableCode for everything else.  Nothing is ever guessed or corrected.
    """
    plain = text.strip(_BLANKS)
    if not plain:
        raise UnreadableCode("empty", "Scan or type a code.", text)
    if plain.startswith("]"):
        plain = _without_symbology(plain, text)
    plain = _without_base(plain, base)
    if not plain.isascii() or _LOOKS_OWN.fullmatch(plain.upper()) is None:
        raise UnreadableCode("foreign", _foreign(plain), text)
    code = _own(plain.upper(), text)
    if expected and code.series not in expected:
        wanted = " or ".join(SERIES[letter] for letter in expected)
        sentence = f"{code.shown} is the code of a {code.kind}; scan the code of a {wanted} here."
        raise UnreadableCode("other kind", sentence, text)
    return code


def address(base: str, code: Code) -> str:
    """The code as an address below `base`, in capitals so that a QR stays alphanumeric."""
    return f"{base.rstrip('/')}{_PATH}{code.bare}".upper()


def _widths(series: str) -> tuple[int, int]:
    usual = _WIDTHS.get(series, _USUAL_WIDTH)
    return usual, usual + _OVERFLOW


def _own(plain: str, text: str) -> Code:
    """The code in text that already looks like one of ours."""
    if plain[0] not in SERIES:
        sentence = f"{printable(plain)} is not a Cordbook code: no series begins with {plain[0]}."
        raise UnreadableCode("foreign", sentence, text)
    parts = _OWN.fullmatch(plain)
    if parts is None or not _is_whole(parts[1], parts[2], parts[4]):
        sentence = (
            f"{printable(plain)} looks like the code of a {SERIES[plain[0]]} but is damaged or "
            "mistyped "
            "(its check digits do not fit): scan again or type it from the label."
        )
        raise UnreadableCode("damaged", sentence, text)
    return Code(parts[1], parts[2])


def _is_whole(series: str, digits: str, check: str) -> bool:
    usual, overflow = _widths(series)
    number = digits[2:]
    if len(number) not in (usual, overflow) or int(number) == 0:
        return False
    if len(number) == overflow and int(number) < 10**usual:
        return False  # one thing, one code: the shorter form is the only one ever printed
    return bool(mod_97_10.is_valid(series + digits + check))


def _without_symbology(plain: str, text: str) -> str:
    if plain.startswith(_GS1_SYMBOLOGIES):
        sentence = f"{printable(plain)} is a GS1 code of another system, not a Cordbook code."
        raise UnreadableCode("foreign", sentence, text)
    return _SYMBOLOGY.sub("", plain, count=1)


def _without_base(plain: str, base: str | None) -> str:
    prefix = f"{(base or '').rstrip('/')}{_PATH}"
    is_ours = bool(base) and plain.upper().startswith(prefix.upper())
    return plain[len(prefix) :] if is_ours else plain


def _foreign(plain: str) -> str:
    seen = printable(plain)
    if re.match(r"[A-Za-z][A-Za-z+.-]*://", plain):
        return f"{seen} is a web address, not the code of anything kept here."
    if "\x1d" in plain or re.match(r"\(\d{2,4}\)|\d{14,}", plain):
        return f"{seen} is a GS1 code of another system, not a Cordbook code."
    if _ISBT.fullmatch(plain):
        return f"{seen} is an ISBT 128 code of another system, not a Cordbook code."
    return f"{seen} is not a Cordbook code: those are one letter and digits, like B260017-06."


def printable(text: str) -> str:
    """The text shortened, with everything that would not show on a page named by its number."""
    clipped = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"<{ord(c):04X}>" for c in clipped) + "”"
