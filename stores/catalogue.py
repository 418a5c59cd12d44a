"""What the stores know by name: materials, kinds of equipment, units in which lots are counted.

A controlled document: a lot names the version it was received under. Names of materials and
equipment are spelt as master records ask for them, in every language alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from documents.head import Head
from documents.texts import Text, text
from stores import rules


@dataclass(frozen=True)
class Material:
    """One material; `human`: every lot of it comes from human donors; `unit`: the code of the unit
    in which it usually comes, or nothing."""

    name: str
    human: bool = False
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalogue(Head):
    """A whole document; `units` are (code, word) pairs."""

    materials: tuple[Material, ...]
    equipment: tuple[str, ...]
    units: tuple[tuple[str, Text], ...]

    @property
    def unit_words(self) -> list[tuple[str, str]]:
        """(code, word) of every unit, as people read it."""
        return [(code, text(word)) for code, word in self.units]

    def material(self, name: str) -> Material | None:
        """The material of this name, however it is typed."""
        return next((each for each in self.materials if rules.same_words(each.name, name)), None)

    def is_human(self, name: str) -> bool:
        """Whether every lot of this material comes from human donors."""
        known = self.material(name)
        return known is not None and known.human

    def spelt(self, name: str) -> str:
        """The material as it is spelt here, or as it was typed where it is not known."""
        known = self.material(name)
        return known.name if known else name
