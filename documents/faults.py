"""What is wrong with a document, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from documents import lines


@dataclass(frozen=True)
class Fault:
    """One thing to put right.

    Where it stands in the document ("" is the document itself), one sentence about it, and the line
    of the source where that place is found (None where it is no single line).
    """

    place: str
    sentence: str
    line: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.where else self.sentence

    @property
    def where(self) -> str:
        """Line and place as people read them."""
        return ", ".join(
            part for part in (f"line {self.line}" if self.line else "", self.place) if part
        )


class InvalidDocument(ValueError):
    """A document that is refused.

    `faults` are all that were found, in the order of the document.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def refuse(faults: Iterable[Fault], source: bytes) -> None:
    """Raise InvalidDocument with every fault, each once, at its line, in the order of the lines.

    Nothing happens where there is none."""
    if every := list(dict.fromkeys(faults)):
        where = lines.numbers(source)
        found = [replace(each, line=lines.line_of(each.place, where)) for each in every]
        raise InvalidDocument(sorted(found, key=lambda each: each.line or 0))
