"""A master batch record as a document.

Bytes of TOML in, frozen dataclasses out, or every fault at once.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from documents import toml
from documents.faults import Fault, refuse
from manufacturing.masters import parser, validation
from manufacturing.masters.model import Master

SHIPPED = Path(__file__).with_name("uc-msc-15ml.toml")


def read(data: bytes) -> Master:
    """The record these bytes say, with their SHA-256.

    Raises InvalidDocument with every fault at once, in the order of the document; never anything
    else."""
    faults: list[Fault] = []
    master = parser.master(toml.load(data), faults)
    refuse([*faults, *validation.faults(master)], data)
    return replace(master, sha256=hashlib.sha256(data).hexdigest(), source=data)
