"""Cordbook's own codes: one letter, digits, two ISO 7064 MOD 97-10 check digits.

`B260017-06` is batch 17 of 2026.  The letter is never a vowel, D, W or Y, because Vietnamese
keyboard methods rewrite those in scanner text (`dd` becomes `đ`).  The scheme and its
reasons: docs/decisions/0004-codes.md.  Golden codes: requirements, section "Identifier vectors".
"""

import enum
import functools
import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

from integrity import facts
from integrity.catalogue import Message
from integrity.facts import Fact, MessageError
from integrity.words import Between


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


class SeriesWord(Message):
    """What a code is the code of, as a word."""

    BATCH = "series-batch"
    CORD = "series-cord"
    FLASK = "series-flask"
    JAR = "series-jar"
    CARTON = "series-carton"
    LABEL_SHEET = "series-label-sheet"
    MATERIAL_LOT = "series-material-lot"
    DEVIATION = "series-deviation"
    FINAL_CONTAINER = "series-final-container"
    EQUIPMENT = "series-equipment"
    CERTIFICATE = "series-certificate"
    SAMPLE = "series-sample"
    VIAL = "series-vial"


class CodeFault(Message):
    """Why a text is no code of ours, or not the one that is wanted."""

    EMPTY = "code-empty"
    OTHER_KIND = "code-other-kind"
    NO_SERIES = "code-no-series"
    DAMAGED = "code-damaged"
    GS1 = "code-gs1"
    ISBT = "code-isbt"
    WEB_ADDRESS = "code-web-address"
    NOT_OURS = "code-not-ours"


SERIES: dict[str, Fact] = {series.value: facts.word(SeriesWord[series.name]) for series in Series}

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


class UnreadableCode(MessageError, ValueError):
    """The text is not a Cordbook code; its sentence is for the person at the scanner.

    `reason` is why, and `text` is what arrived, untouched.
    """

    def __init__(self, reason: CodeFault, text: str, **parameters: Fact) -> None:
        super().__init__(reason, **parameters)
        self.reason = reason
        self.text = text

    @property
    def is_foreign(self) -> bool:
        """Whether it is a whole code of somebody else, not a damaged one of ours."""
        return self.reason in (CodeFault.GS1, CodeFault.ISBT, CodeFault.WEB_ADDRESS)


@dataclass(frozen=True, order=True)
class Code:
    """A code that exists on paper: series letter and digits, without the check digits."""

    series: str
    digits: str

    @functools.cached_property
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
    def kind(self) -> Fact:
        """What the series letter stands for, as a word."""
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


@functools.lru_cache(maxsize=4096)  # pages read the same codes again and again
def read(text: str, *, base: str | None = None, expected: str = "") -> Code:
    """The code in what a wedge scanner sent or a person typed.

    Blanks around it, lower case, a missing hyphen and a scanner's symbology prefix are
    accepted; with `base` also `<base>/L/<code>`, the address form of the same code.
    `expected` holds the series letters that make sense here ("V", "FJ"); empty takes all.
    Raises UnreadableCode for everything else.  Nothing is ever guessed or corrected.
    """
    plain = text.strip(_BLANKS)
    if not plain:
        raise UnreadableCode(CodeFault.EMPTY, text)
    if plain.startswith("]"):
        plain = _without_symbology(plain, text)
    plain = _without_base(plain, base)
    if not plain.isascii() or _LOOKS_OWN.fullmatch(plain.upper()) is None:
        raise UnreadableCode(_foreign(plain), text, typed=printable(plain))
    code = _own(plain.upper(), text)
    if expected and code.series not in expected:
        wanted = facts.listed((SERIES[letter] for letter in expected), Between.OR)
        kinds = {"kind": code.kind, "wanted": wanted}
        raise UnreadableCode(CodeFault.OTHER_KIND, text, code=code.shown, **kinds)
    return code


def hyphenated(bare: str) -> str:
    """A bare code as a person reads it; what is none is given as it is."""
    parts = _OWN.fullmatch(bare)
    if parts is None or parts[3] or bare[0] not in SERIES:
        return bare
    return f"{bare[:-2]}-{bare[-2:]}" if _is_whole(parts[1], parts[2], parts[4]) else bare


def address(base: str, code: Code) -> str:
    """The code as an address below `base`, in capitals so that a QR stays alphanumeric."""
    return f"{base.rstrip('/')}{_PATH}{code.bare}".upper()


def _widths(series: str) -> tuple[int, int]:
    usual = _WIDTHS.get(series, _USUAL_WIDTH)
    return usual, usual + _OVERFLOW


def _own(plain: str, text: str) -> Code:
    """The code in text that already looks like one of ours."""
    if plain[0] not in SERIES:
        raise UnreadableCode(CodeFault.NO_SERIES, text, typed=printable(plain), letter=plain[0])
    parts = _OWN.fullmatch(plain)
    if parts is None or not _is_whole(parts[1], parts[2], parts[4]):
        raise UnreadableCode(CodeFault.DAMAGED, text, typed=printable(plain), kind=SERIES[plain[0]])
    return Code(parts[1], parts[2])


def _is_whole(series: str, digits: str, check: str) -> bool:
    usual, overflow = _widths(series)
    number = digits[2:]
    if len(number) not in (usual, overflow) or int(number) == 0:
        return False
    if len(number) == overflow and int(number) < 10**usual:
        return False  # one thing, one code: the shorter form is the only one ever printed
    # as mod_97_10.is_valid says, which goes through the digits one by one: pages show many codes
    return int(f"{int(series, 36)}{digits}{check}") % 97 == 1


def _without_symbology(plain: str, text: str) -> str:
    if plain.startswith(_GS1_SYMBOLOGIES):
        raise UnreadableCode(CodeFault.GS1, text, typed=printable(plain))
    return _SYMBOLOGY.sub("", plain, count=1)


def _without_base(plain: str, base: str | None) -> str:
    prefix = f"{(base or '').rstrip('/')}{_PATH}"
    is_ours = bool(base) and plain.upper().startswith(prefix.upper())
    return plain[len(prefix) :] if is_ours else plain


def _foreign(plain: str) -> CodeFault:
    if re.match(r"[A-Za-z][A-Za-z+.-]*://", plain):
        return CodeFault.WEB_ADDRESS
    if "\x1d" in plain or re.match(r"\(\d{2,4}\)|\d{14,}", plain):
        return CodeFault.GS1
    return CodeFault.ISBT if _ISBT.fullmatch(plain) else CodeFault.NOT_OURS


def printable(text: str) -> str:
    """The text shortened, with everything that would not show on a page named by its number."""
    clipped = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "“" + "".join(c if c.isprintable() else f"<{ord(c):04X}>" for c in clipped) + "”"
