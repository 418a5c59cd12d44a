"""The part of the printed record that says what people brought: what they hold of exceptions,
observations, holds, actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.platypus import Flowable

from paper import blocks
from paper.tables import Cell, Column, Struck, table
from qc.release.full_record import Record, signed_line


def drawn(record: Record) -> Iterator[Flowable]:
    """Everything of it that there is, in the order of the record."""
    yield from _exceptions(record["exceptions"])
    yield from _actions(record["actions"])
    yield from _observations(record["observations"])
    yield from _holds(record["holds"])


def _exceptions(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    """The exceptions of the review with what is held of each; what was held before it is struck."""
    if found:
        yield from blocks.section("Exceptions of the review")
        yield table(
            [Column("Exception", 24), Column("What happened", 85), Column("Judged", 70)],
            [(each["word"], each["told"], _held(each)) for each in found],
        )


def _held(said: dict[str, Any]) -> Cell:
    lines = [f"{each['held']}\n{each['by']}, {each['at']}" for each in said["judged"]]
    if len(lines) > 1:
        return Struck(tuple(lines[:-1]), lines[-1], said["stands"])
    return "\n".join([*lines, said["stands"]]).strip()


def _actions(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    if found:
        yield from blocks.section("Corrective and preventive actions")
    for each in found:
        yield table(
            [Column(each["deviation"], 28), Column(each["state"], 81)],
            [(label, value) for label, value in each["facts"]],
        )
        yield blocks.signatures(each["signatures"])


def _observations(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    if found:
        yield from blocks.section("Observations")
        yield table(
            [Column("Seen", 32), Column("About", 32), Column("What", 75), Column("QA", 40)],
            [
                (
                    f"{each['seen']} {each['by']}",
                    each["about"],
                    each["said"],
                    f"{each['state']} {each['verdict']}\n{signed_line(each['signatures'])}",
                )
                for each in found
            ],
        )


def _holds(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    if found:
        yield from blocks.section("Holds")
        yield table(
            [Column("Put", 32), Column("On", 32), Column("Why", 55), Column("QA", 60)],
            [
                (
                    f"{each['put']} {each['by']}",
                    each["about"],
                    each["reason"],
                    f"{each['state']} {each['lifted']}\n{signed_line(each['signatures'])}",
                )
                for each in found
            ],
        )
