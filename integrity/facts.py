"""Facts as they are kept, and how they are worded for one reader: in a language, in the site's
zone.

A fact is a text or a whole number that every reader sees alike, or one of the shapes made here,
each an object with a single key, so that it is stored in canonical form as it stands:

    code      {"code": "B26001706"}             shown with its hyphen, B260017-06
    instant   {"instant": "2026-…Z"}            in the site's zone, with the offset
    stamp     {"stamp": "2026-…Z"}              the same to the second
    local     {"local": ["2026-…Z", "Asia/…"]}  to the second, in the zone it was recorded in
    minute    {"minute": ["2026-…Z", "Asia/…"]} the same to the minute
    span      {"span": 11520000}                milliseconds; in hours and minutes
    quantity  {"quantity": ["15.0", "mL"]}      figures as typed, with the printed unit
    power     {"power": ["13500000", "cells"]}  a great number, as a power of ten, with its unit
    text      {"text": {"en": …, "vi": …}}      the words of a document, in the reader's language
    word      {"word": "state-released"}        a message of the catalogue without parameters
    message   {"message": ["id", {…}]}          a message with parameters, which are facts again
    list      {"list": ["; ", […]]}             facts one after another, with what stands between
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from fluent.runtime.types import fluent_number

from integrity import catalogue, figures, times
from integrity.canonical import instant_text
from integrity.catalogue import DEFAULT, Catalogue, Message

if TYPE_CHECKING:
    from integrity.quantities import Quantity


@dataclass(frozen=True)
class Reader:
    """For whom a fact is worded.

    The language, the IANA name of the zone times are shown in, and the catalogue: the shipped one,
    or the one that was shown at the time.
    """

    language: str = DEFAULT
    zone: str = "UTC"
    words: Catalogue | None = None

    def sentence(self, message_id: str, parameters: dict[str, Any] | None = None) -> str:
        """A message as it is said to this reader; parameters are worded already."""
        return (self.words or catalogue.shipped()).sentence(message_id, parameters, self.language)


ENGLISH: Final = Reader()
Fact: TypeAlias = str | int | dict[str, Any]
Pair: TypeAlias = tuple[Fact, Fact]  # what it is, and what it says

_ungrouped: Final = functools.partial(fluent_number, useGrouping=False)
_OWN_CODE: Final = re.compile(r"[A-Z][0-9]{7,}")


def code(bare: str) -> Fact:
    """A code of ours as a symbol carries it; any other text is shown as it is."""
    return {"code": bare}


def instant(at: datetime, *, seconds: bool = False) -> Fact:
    """A moment; ValueError where it has no zone.

    With seconds where a signature or an event is shown.
    """
    return {"stamp" if seconds else "instant": instant_text(at)}


def local(at: datetime, zone: ZoneInfo, *, seconds: bool = False) -> Fact:
    """A moment of a record, in the zone that held when it was recorded, whoever reads it."""
    return {"local" if seconds else "minute": [instant_text(at), zone.key]}


def span(length: timedelta) -> Fact:
    """A length of time, to the millisecond."""
    return {"span": length // timedelta(milliseconds=1)}


def quantity(value: Quantity) -> Fact:
    """A measured value with its unit, digits as typed."""
    return {"quantity": [value.text, value.unit]}


def power(value: Quantity) -> Fact:
    """A great number as a power of ten, with its unit."""
    return {"power": [value.text, value.unit]}


def text(words: Mapping[str, str]) -> Fact:
    """What a document says, by language; English is there."""
    return {"text": dict(words)}


def word(message_id: Message) -> Fact:
    """A word of a vocabulary."""
    return {"word": message_id.value}


def message(message_id: Message, **parameters: Fact) -> Fact:
    """A sentence, or a part of one, with its own facts."""
    return {"message": [message_id.value, parameters]}


def pair(term: Message, fact: Fact) -> Pair:
    """A fact under its term: what it is called."""
    return word(term), fact


def listed(facts: Iterable[Fact], between: str | Message = ", ") -> Fact:
    """Facts one after another, with a mark or a word between them."""
    mark = word(between) if isinstance(between, Message) else between
    return {"list": [mark, list(facts)]}


def shown(fact: Fact, reader: Reader = ENGLISH) -> str:
    """A fact as one reader sees it."""
    if isinstance(fact, str):
        return fact
    if isinstance(fact, int):
        return str(fact)
    shape = next(iter(fact))
    return _SHAPES[shape](fact, reader)


def sentence(message_id: str, parameters: Mapping[str, Fact], reader: Reader = ENGLISH) -> str:
    """The sentence of a message about these facts."""
    return reader.sentence(
        message_id, {name: _argument(fact, reader) for name, fact in parameters.items()}
    )


class MessageError(Exception):
    """An error that is a message with its facts, worded for whoever is shown it; `fact` is both."""

    def __init__(self, message_id: Message, **parameters: Fact) -> None:
        super().__init__(message_id)
        self.fact = message(message_id, **parameters)

    def sentence(self, reader: Reader = ENGLISH) -> str:
        """What is wrong and what to do, in the reader's language."""
        return shown(self.fact, reader)

    def __str__(self) -> str:
        """For a log: in English."""
        return self.sentence()


def drawn(pairs: Iterable[Pair], reader: Reader = ENGLISH) -> list[tuple[str, str]]:
    """(term, what it says) of every pair as one reader sees it, in their order."""
    return [(shown(term, reader), shown(fact, reader)) for term, fact in pairs]


def compared(
    changes: Iterable[tuple[Fact, Fact, Fact]], reader: Reader = ENGLISH
) -> list[tuple[str, str, str]]:
    """(what it is, as it was, as it is) of every change as one reader sees it, in their order."""
    return [
        (shown(term, reader), shown(was, reader), shown(becomes, reader))
        for term, was, becomes in changes
    ]


def is_shaped(kept: Any) -> bool:
    """Whether what was kept among other things is a fact of one of the shapes made here."""
    return isinstance(kept, Mapping) and len(kept) == 1 and next(iter(kept)) in _SHAPES


def _argument(fact: Fact, reader: Reader) -> Any:
    """What Fluent is handed: whole numbers stay numbers, for it to choose the plural by."""
    return _ungrouped(fact) if isinstance(fact, int) else shown(fact, reader)


def _code(fact: dict[str, Any], _reader: Reader) -> str:
    bare = fact["code"]
    return f"{bare[:-2]}-{bare[-2:]}" if _OWN_CODE.fullmatch(bare) else bare


def _instant(fact: dict[str, Any], reader: Reader) -> str:
    return times.shown(datetime.fromisoformat(fact["instant"]), ZoneInfo(reader.zone))


def _stamp(fact: dict[str, Any], reader: Reader) -> str:
    at = datetime.fromisoformat(fact["stamp"])
    return times.shown(at, ZoneInfo(reader.zone), seconds=True)


def _local(fact: dict[str, Any], _reader: Reader) -> str:
    at, zone = fact["local"]
    return times.shown(datetime.fromisoformat(at), ZoneInfo(zone), seconds=True)


def _minute(fact: dict[str, Any], _reader: Reader) -> str:
    at, zone = fact["minute"]
    return times.shown(datetime.fromisoformat(at), ZoneInfo(zone))


def _span(fact: dict[str, Any], _reader: Reader) -> str:
    return times.span(timedelta(milliseconds=fact["span"]))


def _quantity(fact: dict[str, Any], _reader: Reader) -> str:
    return figures.amount(*fact["quantity"])


def _power(fact: dict[str, Any], _reader: Reader) -> str:
    number, unit = fact["power"]
    return figures.superscript(Decimal(number)) + figures.amount("1", unit)[1:]


def _text(fact: dict[str, Any], reader: Reader) -> str:
    words = fact["text"]
    return str(words.get(reader.language) or words[DEFAULT])


def _word(fact: dict[str, Any], reader: Reader) -> str:
    return reader.sentence(fact["word"])


def _message(fact: dict[str, Any], reader: Reader) -> str:
    message_id, parameters = fact["message"]
    return sentence(message_id, parameters, reader)


def _list(fact: dict[str, Any], reader: Reader) -> str:
    between, facts = fact["list"]
    return shown(between, reader).join(shown(each, reader) for each in facts)


_SHAPES: Final[Mapping[str, Callable[[dict[str, Any], Reader], str]]] = {
    "code": _code,
    "instant": _instant,
    "stamp": _stamp,
    "local": _local,
    "minute": _minute,
    "span": _span,
    "quantity": _quantity,
    "power": _power,
    "text": _text,
    "word": _word,
    "message": _message,
    "list": _list,
}
