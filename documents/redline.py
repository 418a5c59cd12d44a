"""What changed in the source of a document, line by line, against another version."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from documents.words import DocumentPhrase
from integrity import facts
from integrity.facts import Fact

AROUND = 3  # unchanged lines shown beside a change
LONGEST = 2000  # lines shown


@dataclass(frozen=True)
class Line:
    """One line of a comparison.

    `mark` is "+" (only in the newer), "-" (only in the older), " " (both) or "@" (lines left out).
    """

    mark: str
    text: str


def between(before: bytes, after: bytes) -> list[Line]:
    """The lines that differ, each with those beside it; empty where the sources are the same."""
    old, new = before.decode("utf-8").splitlines(), after.decode("utf-8").splitlines()
    compared = difflib.unified_diff(old, new, lineterm="", n=AROUND)
    lines = [Line(line[0], line[1:]) for line in list(compared)[2:]]
    return [Line("@", "") if line.mark == "@" else line for line in lines][:LONGEST]


def counted(before: bytes, after: bytes) -> Fact:
    """How much differs."""
    marks = [line.mark for line in between(before, after)]
    added, removed = marks.count("+"), marks.count("-")
    return facts.message(DocumentPhrase.LINES_DIFFER, added=added, removed=removed)
