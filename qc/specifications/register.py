"""Specifications as controlled documents.

Authored by QC, approved by QA, in force from a moment on. The newest version in force supersedes
the others by itself; a result keeps the version it was judged with (QC-01)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from documents import contents, kinds, register
from documents.kinds import Handling, Kind
from documents.register import ControlledDocument
from integrity import facts
from integrity.database import Session
from integrity.facts import Fact, Pair
from qc.specifications import document
from qc.specifications.model import Contents, Line
from qc.specifications.words import SpecificationPhrase, SpecificationTerm, gate_word


def facts_of(said: Contents) -> list[Pair]:
    """What is signed of a specification beside what every document shows: every line of it."""
    within = facts.pair(SpecificationTerm.OOS_WITHIN, facts.quantity(said.oos_within))
    return [within, *((line.test, _line_facts(line)) for line in said.lines)]


def _line_facts(line: Line) -> Fact:
    said = SpecificationPhrase.REQUIRED if line.required else SpecificationPhrase.OPTIONAL
    gate = gate_word(line.gate)
    if line.microbial:
        gate = facts.message(SpecificationPhrase.MICROBIAL, gate=gate)
    if line.in_process:
        gate = facts.message(SpecificationPhrase.IN_PROCESS, gate=gate, kind=line.in_process)
    return facts.message(said, limit=line.limit_fact, method=line.method_fact, gate=gate)


HANDLING = kinds.declare(
    Handling(
        kind=Kind.SPECIFICATION,
        name="specification",
        read=document.read,
        shipped=document.SHIPPED,
        facts=facts_of,
        names=lambda said: frozenset(said.by_id),
    )
)


def effective(session: Session, code: str, at: datetime) -> ControlledDocument | None:
    """The approved version of a code that holds at a moment, or None."""
    return register.effective(session, Kind.SPECIFICATION, code, at)


def contents_of(session: Session, specification: ControlledDocument) -> Contents:
    """What a version says."""
    said: Contents = contents.of(session, specification)
    return said


def contents_by_id(session: Session, ids: Iterable[int]) -> dict[int, Contents]:
    """{specification id: contents} of several versions in at most two queries."""
    return contents.of_many(session, ids)
