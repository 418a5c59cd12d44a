"""What stands at the head of a document: code, title, note, and whether it is for show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from documents.fault_ids import KeyFault
from documents.texts import Text
from documents.toml import Table

TABLE = "document"
_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,30}[A-Z0-9]")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head; `sha256` is that of the bytes it was read from."""

    code: str
    title: Text
    demonstration: bool
    note: Text | None
    sha256: str


def read(document: Table, sha256: str) -> dict[str, Any]:
    """The parts of a Head from the table [document]; what is wrong with it becomes faults."""
    there = document.take(TABLE, dict, required=True) is not None
    head = document.table(TABLE) if there else Table({}, TABLE, [])
    code = head.string("code") or ""
    if code and not _CODE.fullmatch(code):
        head.fault("code", KeyFault.NOT_A_CODE, code=code, example="DC-UCMSC")
    made = {
        "code": code,
        "title": head.words("title") or {},
        "demonstration": head.flag("demonstration", default=False),
        "note": head.words("note", required=False),
        "sha256": sha256,
    }
    head.close()
    return made
