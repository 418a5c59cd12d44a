"""A master batch record as a document.

Bytes of TOML in, frozen dataclasses out, or every fault at once.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from manufacturing.masters import parser, toml, validation
from manufacturing.masters.faults import Fault, InvalidDocument
from manufacturing.masters.model import (
    Beyond,
    Due,
    Field,
    Limits,
    Master,
    Option,
    Repeat,
    Stage,
    Step,
    Text,
    Timer,
    Window,
    numbered,
    text,
)

__all__ = [
    "Beyond", "Due", "Fault", "Field", "InvalidDocument", "Limits", "Master", "Option", "Repeat",
    "Stage", "Step", "Text",
    "SHIPPED", "Timer", "Window", "numbered", "read", "text",
]  # fmt: skip

SHIPPED = Path(__file__).with_name("uc-msc-15ml.toml")


def read(data: bytes, known_tests: Collection[str] | None = None) -> Master:
    """The record these bytes say, with their SHA-256. `known_tests` are QC's test codes; None
    leaves tests unjudged.

    Raises InvalidDocument with every fault at once, in the order of the document; never anything
    else."""
    faults: list[Fault] = []
    master = parser.master(toml.load(data), faults)
    faults += validation.faults(master, known_tests)
    if faults:
        raise InvalidDocument(sorted(dict.fromkeys(faults), key=_position))
    return replace(master, sha256=hashlib.sha256(data).hexdigest(), source=data)


def _position(fault: Fault) -> tuple[int, list[int]]:
    """Where the fault stands: the head of the document, then its stages by number."""
    parts = ("", "master", "windows", "timers", "stages")
    first = re.match(r"\w*", fault.place)
    part = first[0] if first else ""
    return parts.index(part) if part in parts else 0, [
        int(number) for number in re.findall(r"\[(\d+)\]", fault.place)
    ]
