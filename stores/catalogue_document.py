"""The list of materials as a document.

Bytes of TOML in, the catalogue out, or every fault at once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from documents import head
from documents.fault_ids import KeyFault
from documents.faults import Fault, fault, refuse
from documents.texts import Text
from documents.toml import Table, load
from integrity.words import either
from stores.catalogue import Catalogue, Material


def read(data: bytes) -> Catalogue:
    """The catalogue these bytes say, with their SHA-256.

    Raises InvalidDocument with every fault at once.
    """
    faults: list[Fault] = []
    document = Table(load(data), "", faults)
    there = document.take("names", dict, required=True) is not None
    names = document.table("names") if there else Table({}, "names", [])
    made = Catalogue(
        **head.read(document, hashlib.sha256(data).hexdigest()),
        materials=tuple(map(_material, names.tables("materials", required=True))),
        equipment=names.strings("equipment", required=True),
        units=tuple(map(_unit, names.tables("units", required=True))),
    )
    names.close()
    document.close()
    refuse([*faults, *_twice(made), *_uncounted(made)], data)
    return made


def _material(table: Table) -> Material:
    human, unit = table.flag("human", default=False), table.unit("unit", required=False)
    made = Material(table.string("name") or "", human, unit or "")
    table.close()
    return made


def _unit(table: Table) -> tuple[str, Text]:
    made = (table.unit("code") or "", table.words("word") or {})
    table.close()
    return made


def _twice(made: Catalogue) -> Iterator[Fault]:
    yield from _repeated("materials", (each.name.casefold() for each in made.materials))
    yield from _repeated("units", (code for code, _ in made.units))


def _uncounted(made: Catalogue) -> Iterator[Fault]:
    """A material comes in one of the units in which lots are counted."""
    known = [code for code, _ in made.units]
    for each in made.materials:
        if each.unit and each.unit not in known:
            yield fault(
                "names › materials", KeyFault.NOT_ALLOWED, word=each.unit, allowed=either(known)
            )


def _repeated(key: str, names: Iterable[str]) -> Iterator[Fault]:
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            yield fault(f"names › {key}", KeyFault.TWICE, name=name, count=count)
