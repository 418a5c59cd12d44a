"""The stores' data file.

Names of materials, kinds of equipment, units in which lots are counted.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from stores import rules

FILE = Path(__file__).with_name("materials.toml")


@functools.cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def materials() -> list[str]:
    """Every material known by name."""
    return [material["name"] for material in _read()["materials"]]


def kinds() -> list[str]:
    """Every kind of equipment."""
    return list(_read()["equipment"])


def units() -> list[tuple[str, str]]:
    """(code, word) of every unit in which lots are counted."""
    return [(code, word) for code, word in _read()["units"]]


def is_human(material: str) -> bool:
    """Whether every lot of this material comes from human donors."""
    return any(
        each.get("human", False)
        for each in _read()["materials"]
        if rules.same_words(each["name"], material)
    )


def spelt(material: str) -> str:
    """The material as the catalogue spells it, or as it was typed when the catalogue does not know
    it.
    """
    return next((name for name in materials() if rules.same_words(name, material)), material)
