"""TOML read strictly: every key asked for by name and kind, every key nobody asked for named as a
fault.

Nothing is raised here. What cannot be read becomes a fault and a None, so that one reading finds
everything."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from documents.fault_ids import FileFault, KeyFault, KeyWord
from documents.faults import Fault, InvalidDocument, fault
from integrity import facts, visibility
from integrity.catalogue import Message
from integrity.facts import Fact
from integrity.numbers import NotANumber, read_number
from integrity.quantities import Quantity
from integrity.units import UnitUnknown, unit_of
from integrity.words import either

LARGEST = 1_000_000  # bytes
LONGEST_TEXT = 2000  # characters
LARGEST_WHOLE = 10_000
DEEPEST_KEY = 16  # parts with dots between
# Comments and texts first, from left to right, so that a dot inside one is not taken for a key's.
# One that never ends is passed over too: nothing is gone through twice, and the reader stops there.
_PASSED_OVER = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\\?\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?",
    re.DOTALL,
)
_DEEP_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST_KEY}}}[\w-]")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")
_KINDS = {
    str: KeyWord.TEXT,
    bool: KeyWord.FLAG,
    list: KeyWord.LIST,
    dict: KeyWord.TABLE,
    int: KeyWord.WHOLE,
    float: KeyWord.NUMBER,
}


def load(data: bytes) -> dict[str, Any]:
    """The document as plain tables.

    Raises InvalidDocument with the one fault that kept it from being read.
    """
    if len(data) > LARGEST:
        raise InvalidDocument([fault("", FileFault.TOO_LARGE)])
    if not data.strip():
        raise InvalidDocument([fault("", FileFault.EMPTY)])
    text = _decoded(data)
    _refuse_deep_keys(text)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidDocument([_not_toml(error)]) from None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidDocument([replace(fault("", FileFault.NOT_UTF8), line=line)]) from None


def _refuse_deep_keys(text: str) -> None:
    """Before it is read: the time of the reader grows with the square of a key's parts."""
    passed_over = _PASSED_OVER.sub(_one_word, text)
    if deep := _DEEP_KEY.search(passed_over):
        line = passed_over.count("\n", 0, deep.start()) + 1
        raise InvalidDocument([replace(fault("", FileFault.DEEP_KEY), line=line)])


def _one_word(text: re.Match[str]) -> str:
    """A word in a text's place, which may be part of a key, on as many lines."""
    return ("" if text[0].startswith("#") else "text") + "\n" * text[0].count("\n")


def _not_toml(error: Exception) -> Fault:
    """At its line where the reader of TOML says one; its reason is said in English only."""
    if not isinstance(error, tomllib.TOMLDecodeError):
        return fault("", FileFault.TOO_DEEP)
    line = re.search(r"\(at line (\d+)", str(error))
    reason = re.sub(r" \(at .*\)$", "", str(error)).rstrip(".")
    told = fault("", FileFault.NOT_TOML, reason=reason)
    return replace(told, line=int(line[1])) if line else told


def is_id(text: str) -> bool:
    """Small letters, digits and underscores, a letter first, at most 40.

    What a formula can name.
    """
    return _ID.fullmatch(text) is not None


class Table:
    """One table of the document, at its place; it knows which of its keys were asked for."""

    def __init__(self, raw: object, place: str, faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.sound = isinstance(raw, dict)
        self.known: set[str] = set()
        if not self.sound:
            self.fault("", KeyFault.OTHER_KIND, kind=_kind({}), found=_kind(raw))

    def fault(self, key: str, message: Message, /, **parameters: Fact) -> None:
        self.faults.append(fault(self.at(key), message, **parameters))

    def refuse(self, key: str, told: Fact) -> None:
        """What somebody else says of a key."""
        self.faults.append(Fault(self.at(key), told))

    def at(self, key: str) -> str:
        return " › ".join(part for part in (self.place, key) if part)

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def close(self) -> None:
        """Names each key that nobody asked for: a typing error must not be silent."""
        for key in [key for key in self.raw if key not in self.known]:
            if near := get_close_matches(key, sorted(self.known), 1):
                self.fault(key, KeyFault.UNKNOWN_NEAR, key=key, near=near[0])
            else:
                self.fault(key, KeyFault.UNKNOWN, key=key, known=facts.listed(sorted(self.known)))

    def take(self, key: str, kind: type, required: bool = False) -> Any:
        """The value under the key if it is of that kind, else None and a fault."""
        self.known.add(key)
        if key not in self.raw:
            if required and self.sound:
                self.fault("", KeyFault.MISSING, key=key, kind=facts.word(_KINDS[kind]))
            return None
        value = self.raw[key]
        if type(value) is kind:
            return value
        self.fault(key, KeyFault.OTHER_KIND, kind=facts.word(_KINDS[kind]), found=_kind(value))
        return None

    def string(self, key: str, required: bool = True) -> str | None:
        """One line of text that says something."""
        value = self.take(key, str, required)
        if value is None:
            return None
        if told := _text_fault(value, lines=False):
            self.refuse(key, told)
        return None if told else str(value)

    def id(self, key: str, required: bool = True) -> str:
        value = self.string(key, required)
        if value is not None and not is_id(value):
            self.fault(key, KeyFault.NOT_AN_ID, id=value)
        return value or ""

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, bool)
        return default if value is None else bool(value)

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One word of a closed list; required where there is no default."""
        value = self.string(key, required=default is None)
        if value is not None and value not in allowed:
            self.fault(key, KeyFault.NOT_ALLOWED, word=value, allowed=either(allowed))
            return default or ""
        return value if value is not None else default or ""

    def strings(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of texts, not empty, none twice."""
        value = self.take(key, list, required)
        if value is None:
            return ()
        if not value or any(
            type(each) is not str or _text_fault(each, lines=False) for each in value
        ):
            self.fault(key, KeyFault.NOT_TEXTS)
            return ()
        if len(set(value)) < len(value):
            self.fault(key, KeyFault.SAME_TEXT)
        return tuple(dict.fromkeys(value))

    def words(self, key: str, required: bool = True) -> dict[str, str] | None:
        """A text per language; English is always there."""
        if self.take(key, dict, required) is None:
            return None
        table = self.table(key)
        words = {language: table.take(language, str) for language in table.raw}
        for language, text in words.items():
            if _LANGUAGE.fullmatch(language) is None:
                table.fault(language, KeyFault.NOT_A_LANGUAGE, language=language)
            if text is not None and (told := _text_fault(text, lines=True)):
                table.refuse(language, told)
        if "en" not in words:
            table.fault("", KeyFault.NO_ENGLISH)
        return {language: text for language, text in words.items() if text}

    def whole(self, key: str, low: int, required: bool = False) -> int | None:
        """A whole number as text, from `low` to 10 000."""
        text = self.number_text(key, required)
        if text is None:
            return None
        number = read_number(text)
        if number != int(number) or not low <= number <= LARGEST_WHOLE:
            self.fault(key, KeyFault.NOT_WHOLE, number=text, low=low, high=LARGEST_WHOLE)
            return None
        return int(number)

    def number_text(self, key: str, required: bool = False) -> str | None:
        """The digits of a number written as text; what is no number is a fault."""
        if type(self.raw.get(key)) in (int, float):
            self.known.add(key)
            self.fault(key, KeyFault.BARE_NUMBER, key=key, digits=str(self.raw[key]))
            return None
        text = self.take(key, str, required)
        if text is None:
            return None
        try:
            read_number(text)
        except NotANumber as error:
            self.refuse(key, error.fact)
            return None
        return str(text)

    def unit(self, key: str = "unit", required: bool = True) -> str | None:
        """A unit code of the closed list."""
        code = self.take(key, str, required)
        try:
            return None if code is None else unit_of(code).code
        except UnitUnknown as error:
            self.refuse(key, error.fact)
            return None

    def quantity(self, key: str, required: bool = False) -> Quantity | None:
        """{ value = "24", unit = "h" }."""
        if self.take(key, dict, required) is None:
            return None
        table = self.table(key)
        value, unit = table.number_text("value", required=True), table.unit()
        table.close()
        return Quantity(value, unit) if value is not None and unit is not None else None

    def bound(self, key: str, unit: str | None) -> Quantity | None:
        """A limit: a number as text, in the unit beside it, or a quantity of its own."""
        if isinstance(self.raw.get(key), dict):
            return self.quantity(key)
        value = self.number_text(key)
        return Quantity(value, unit) if value is not None and unit is not None else None

    def table(self, key: str) -> "Table":
        self.known.add(key)
        return Table(self.raw.get(key, {}), self.at(key), self.faults)

    def tables(self, key: str, required: bool = False) -> "list[Table]":
        """A list of tables, each at its own place: steps[1] ‘wash’."""
        raw = self.take(key, list, required)
        if raw is not None and not raw and required:
            self.fault(key, KeyFault.EMPTY_LIST)
        return [
            Table(each, self.at(f"{key}[{index}]{_named(each)}"), self.faults)
            for index, each in enumerate(raw or [])
        ]

    def named(self, key: str) -> "Mapping[str, Table]":
        """A table of tables, each under its own id."""
        outer = self.table(key)
        for name in outer.raw:
            if not is_id(name):
                outer.fault(name, KeyFault.NOT_AN_ID, id=name)
        return {
            name: Table(raw, f"{outer.place}.{name}", self.faults)
            for name, raw in outer.raw.items()
        }


def _kind(value: object) -> Fact:
    return facts.word(_KINDS.get(type(value), KeyWord.DATE))


def _named(raw: object) -> str:
    """‘wash’ behind the number, where the table says its name."""
    name = raw.get("id", raw.get("value")) if isinstance(raw, dict) else None
    return f" ‘{name[:40]}’" if isinstance(name, str) and name.isprintable() else ""


def _text_fault(text: str, lines: bool) -> Fact | None:
    if not visibility.is_said(text):
        return facts.word(KeyFault.EMPTY_TEXT)
    if len(text) > LONGEST_TEXT:
        return facts.message(KeyFault.LONG_TEXT, longest=LONGEST_TEXT)
    if any(
        unicodedata.category(character) in ("Cc", "Cs") and not (lines and character in "\n\t")
        for character in text
    ):
        return facts.word(KeyFault.CONTROL_CHARACTER)
    return None
