"""What is wrong with a document, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from documents import lines
from documents.fault_ids import FileFault
from integrity import facts
from integrity.catalogue import Message
from integrity.facts import ENGLISH, Fact, Reader


@dataclass(frozen=True)
class Fault:
    """One thing to put right.

    Where it stands in the document ("" is the document itself), what is wrong as a fact that is
    worded for whoever reads it, and the line of the source where that place is found (None where it
    is no single line).
    """

    place: str
    told: Fact = field(hash=False)
    line: int | None = field(default=None, compare=False)

    def sentence(self, reader: Reader = ENGLISH) -> str:
        """What is wrong and what to do, in the reader's language."""
        return facts.shown(self.told, reader)

    def where(self, reader: Reader = ENGLISH) -> str:
        """Line and place as people read them; "" for the document itself."""
        return facts.shown(self._where, reader)

    @property
    def fact(self) -> Fact:
        """Where and what, as one fact."""
        return facts.listed([self._where, self.told], ": ") if self._is_somewhere else self.told

    def __str__(self) -> str:
        """For a log: in English."""
        return facts.shown(self.fact)

    @property
    def _is_somewhere(self) -> bool:
        return bool(self.line or self.place)

    @property
    def _where(self) -> Fact:
        line = [facts.message(FileFault.LINE, line=self.line)] if self.line else []
        return facts.listed([*line, *([self.place] if self.place else [])])


def fault(place: str, message: Message, /, **parameters: Fact) -> Fault:
    """What is wrong at a place: a message of the catalogue with its facts."""
    return Fault(place, facts.message(message, **parameters))


class InvalidDocument(ValueError):
    """A document that is refused.

    `faults` are all that were found, in the order of the document.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(len(self.faults))

    def __str__(self) -> str:
        """For a log: in English."""
        return "\n".join(map(str, self.faults))


def refuse(faults: Iterable[Fault], source: bytes) -> None:
    """Raise InvalidDocument with every fault, each once, at its line, in the order of the lines.

    Nothing happens where there is none."""
    if every := list(dict.fromkeys(faults)):
        where = lines.numbers(source)
        found = [replace(each, line=lines.line_of(each.place, where)) for each in every]
        raise InvalidDocument(sorted(found, key=lambda each: each.line or 0))
