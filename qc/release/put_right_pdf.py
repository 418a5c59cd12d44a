"""The parts of the printed record that say what QC received, and what was put right of a thing that
the batch names, under the list that names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportlab.platypus import Flowable

from paper import blocks
from paper.tables import Column, Struck, table
from qc.release import put_right
from qc.release.full_record import Record, signed_line


def drawn(record: Record, part: str) -> Iterator[Flowable]:
    """What was put right in one part of the record; nothing where nothing was."""
    found = [each for each in record["put_right"] if each["part"] == part]
    if found:
        yield table(
            [
                Column("Corrected", 20, mono=True),
                Column("What", 20),
                Column("Was and is", 34),
                Column("Why, who, when", 35),
            ],
            [
                (
                    each["about"],
                    each["what"],
                    Struck((each["was"],), each["becomes"], ""),
                    f"{each['reason']}\n{each['by']}, {each['at']}",
                )
                for each in found
            ],
        )


def samples(record: Record) -> Iterator[Flowable]:
    """What QC received, when its long tests began, and what was put right of both."""
    yield from blocks.section("Samples in QC")
    yield table(
        [
            Column("Sample", 20, mono=True),
            Column("Received", 26),
            Column("How it arrived, where it is kept", 28),
            Column("Long tests", 40),
        ],
        [
            (
                each["sample"],
                f"{each['received']}\n{each['by']}",
                "\n".join(
                    part for part in (each["condition"], each["kept"], each["remark"]) if part
                ),
                "\n".join(each["began"]),
            )
            for each in record["samples"]
        ],
        empty="QC has received no sample of this batch.",
    )
    yield from drawn(record, put_right.SAMPLES)
    yield from _untested(record["untested"])


def _untested(found: Sequence[Record]) -> Iterator[Flowable]:
    """Tests of samples that are not there, with what QC signed of each."""
    if found:
        yield from blocks.section("Tests that were not made")
        yield table(
            [
                Column("Sample", 20, mono=True),
                Column("Test", 22),
                Column("Why", 34),
                Column("Who and when", 38),
            ],
            [
                (
                    each["sample"],
                    f"{each['test']}\n{each['stands']}",
                    f"{each['why']}\n{each['reason']}",
                    f"{each['by']}, {each['at']}\n{signed_line(each['signatures'])}",
                )
                for each in found
            ],
        )
