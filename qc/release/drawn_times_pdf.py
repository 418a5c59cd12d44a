"""The part of the printed record that draws how long things took and how warm they were, each
picture with its table beneath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from reportlab.platypus import Flowable

from manufacturing.execution import curves
from paper import blocks
from paper.graphs import WHOLE, Graph, Row, graph, rows
from paper.tables import Column, Verdict, table
from qc.release import drawn_times
from qc.release.drawn_times import IN_TIME, INSIDE
from qc.release.full_record import Record

FINE = 100  # the picture's own units are parted so far, so that whole numbers say where all lies
EXPLAINED = (
    "Each time as a share of its limit, which is the dashed line; the longer of clock and claim"
)


def drawn(record: Record) -> Iterator[Flowable]:
    """Times, then temperatures, where there are any."""
    yield from _times(record["times"])
    for number, each in enumerate(record["temperatures"]):
        yield from _group(each, is_first=number == 0)


def _times(said: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    if not said:
        return
    bars = [
        Row(
            f"{bar.said['number']} {bar.said['title']}",
            bar.told,
            round(Decimal(bar.said["share"]) * WHOLE),
            bar.stands_out,
        )
        for bar in drawn_times.bars(said).bars
    ]
    heading = blocks.heading("Times and their limits")
    yield blocks.together(heading, blocks.paragraph(EXPLAINED), blocks.gap(3), rows(bars))
    yield table(
        [
            Column("No.", 7),
            Column("Time", 32),
            Column("From – until", 28),
            Column("Took", 18),
            Column("Limit", 22),
            Column("Stands", 14),
        ],
        [
            (
                each["number"],
                f"{each['title']}\n{each['place']}",
                f"{each['began']}\n{each['ended']}",
                each["took"] + (f"\nclaimed {each['claimed']}" if each["claimed"] else ""),
                each["limit"] + (f"\n{each['share']} of it" if each["share"] else ""),
                Verdict(each["stands"], "accepted" if each["stands"] == IN_TIME else "rejected"),
            )
            for each in said
        ],
    )


def _group(said: dict[str, Any], *, is_first: bool) -> Iterator[Flowable]:
    title = [blocks.heading("Temperatures")] if is_first else []
    accepted = f" · accepted {said['accepted']}" if said["accepted"] else ""
    words = blocks.paragraph(f"{drawn_times.title(said)}{accepted}")
    yield blocks.together(*title, words, blocks.gap(3), graph(_graph(said)))
    yield table(
        [
            Column("No.", 7),
            Column("Reading", 44),
            Column("Read", 28),
            Column("°C", 24, mono=True),
            Column("Stands", 16),
        ],
        [
            (
                each["number"],
                f"{each['title']}\n{each['place']}",
                each["at"],
                drawn_times.shown_reading(each),
                Verdict(each["stands"], "accepted" if each["stands"] == INSIDE else "rejected"),
            )
            for each in said["readings"]
        ],
    )
    yield blocks.gap(10)


def _graph(said: dict[str, Any]) -> Graph:
    made = drawn_times.readings(said)
    return Graph(
        width=curves.WIDTH * FINE,
        height=curves.HEIGHT * FINE,
        left=curves.LEFT * FINE,
        right=(curves.WIDTH - curves.RIGHT) * FINE,
        ticks=[(_fine(y), words) for y, words in made.ticks],
        limits=[(_fine(y), False) for y in made.limits],
        points=[
            (_fine(each.x), _fine(each.top if each.y is None else each.y), each.number)
            for each in made.dots
        ],
        spans=[(_fine(each.x), _fine(each.top), _fine(each.bottom)) for each in made.dots],
        outside=frozenset(n for n, each in enumerate(made.dots) if each.is_outside),
        is_joined=False,
    )


def _fine(place: Decimal) -> int:
    return round(place * FINE)
