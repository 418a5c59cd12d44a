"""What is wrong with a document, and where."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing to put right.

    Where it stands in the document ("" is the document itself) and one sentence about it.
    """

    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


class InvalidDocument(ValueError):
    """A document that is refused.

    `faults` are all that were found, in the order of the document.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
