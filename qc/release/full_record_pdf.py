"""The batch record on paper.

A4, pages n / N, corrections struck and legible with their footnotes, readable in black and white.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.platypus import Flowable

from paper import blocks, frame
from paper.contents import CONTENTS, Contents
from paper.graphs import Graph, graph
from paper.tables import Cell, Column, Struck, Verdict, table
from qc.laboratory.rules.results import ResultState
from qc.release import brought_pdf, drawn_curves, drawn_times_pdf, put_right, put_right_pdf
from qc.release.full_record import Record, signed_line
from qc.release.situation import FINAL

ENTRY = (Column("Step", 23), Column("Item", 25), Column("Recorded", 34), Column("Who and when", 27))
COMPARE = (
    "The SHA-256 at the foot of every page is of what this record says: of the canonical form "
    "(RFC 8785) of its JSON copy without the entries “sha256” and “head”. The JSON and the CSV "
    "copy of the same record name the same one; a print with another is of another state of it."
)
MOST_PARENTS = 4  # in one line of the list of containers
TONES = {"conforms": "accepted", "fails": "rejected", "inconclusive": "rejected"}


def draw(record: Record) -> bytes:
    """The PDF of a whole batch record."""
    said, head = record["trail"], record["head"]
    footer = [
        f"Batch {record['batch']} · {record['site']} · {record['program']}",
        f"Audit trail: {said['events']} events of this batch, the newest of its content is event "
        f"{said['seq']} {said['hash']}",
        f"Head of the chain at printing: event {head['seq']} {head['hash']}",
        f"SHA-256 of what is said here, as the JSON copy of this record names it: "
        f"{record['sha256']}",
    ]
    return frame.document(
        record["title"],
        "Batch record",
        record["batch"],
        list(_story(record)),
        footer=footer,
        demonstration=record["demonstration"] == "yes",
    )


def _story(record: Record) -> Iterator[Flowable]:
    yield table(
        [Column("Subject", 25), Column("Facts", 84)],
        [(label, value) for label, value in record["identity"]],
    )
    yield blocks.paragraph(COMPARE)
    yield from blocks.section(CONTENTS)
    yield Contents()
    yield from _receipt(record)
    yield from _signed("Donor and cord", record["origin"])
    for stage in record["stages"]:
        yield from blocks.section(stage["title"], 110)
        yield table(ENTRY, [row for entry in stage["entries"] for row in _entry(entry)])
        yield from _superseded(stage["superseded"])
        if stage["signatures"]:
            yield blocks.together(
                blocks.paragraph("Stage signed off:"),
                blocks.gap(2),
                blocks.signatures(stage["signatures"]),
            )
    yield from _curves(record["curves"])
    yield from drawn_times_pdf.drawn(record)
    yield from _corrections(record["corrections"])
    yield from _materials(record)
    yield from _equipment(record)
    yield from _containers(record)
    yield from put_right_pdf.samples(record)
    yield from _quality(record)
    yield from _deviations(record["deviations"])
    yield from brought_pdf.drawn(record)
    yield from _documents(record["documents"])
    yield from _certificates(record["certificates"])
    yield from _signed(
        "Review and release", record["decisions"], "Nobody has reviewed or released this batch yet."
    )


def _curves(drawn: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    """Each curve as a picture with its table beneath."""
    for number, each in enumerate(drawn):
        alert = f"alert {each['alert']}" if each["alert"] else ""
        accepted = f"accepted {each['accepted']}" if each["accepted"] else ""
        title = [blocks.heading("Curves")] if number == 0 else []
        words = " · ".join(part for part in (each["title"], accepted, alert) if part)
        picture = graph(Graph(**drawn_curves.pictures(each)))
        yield blocks.together(*title, blocks.paragraph(words), blocks.gap(3), picture)
        yield table(
            [Column(each["stage"], 20), Column(each["title"], 89, mono=True)],
            list(drawn_curves.lines(each)),
        )
        yield blocks.gap(10)


def _certificates(certificates: Sequence[Any]) -> Iterator[Flowable]:
    yield from blocks.section("Certificates")
    yield table(
        [
            Column("Number", 22, mono=True),
            Column("Stage", 12),
            Column("State", 14),
            Column("Issued", 26),
            Column("SHA-256 of the file and of the facts", 45),
        ],
        [
            (
                each["named"],
                "final" if each["stage"] == FINAL else "stage 1",
                each["state"],
                each["issued"],
                f"{each['file_sha256']}\nfacts {each['facts_sha256']}",
            )
            for each in certificates
        ],
        empty="None was issued.",
    )


def _receipt(record: Record) -> Iterator[Flowable]:
    """What was found at the receipt of the cord, and what was put right of it."""
    checks = record["receipt"]
    yield from blocks.section("Receipt of the cord")
    yield table(
        [Column("Check", 32), Column("Found", 30), Column("Accepted", 32), Column("Met", 15)],
        [(each["check"], each["found"], each["accepted"], each["met"].upper()) for each in checks],
    )
    yield from put_right_pdf.drawn(record, put_right.CORD)


def _signed(title: str, signed: Sequence[Any], empty: str = "") -> Iterator[Flowable]:
    if signed or empty:
        yield blocks.together(
            blocks.heading(title), blocks.signatures(signed) if signed else blocks.paragraph(empty)
        )


def _entry(entry: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    """The lines of one entry: its values, then comment and signatures."""
    marks = f" [{', '.join(entry['marks'])}]" if entry["marks"] else ""
    done = f"done {entry['done']}\n" if entry["done"] != entry["recorded"] else ""
    who = f"{entry['by']}\n{done}recorded {entry['recorded']}"
    lines: list[tuple[Cell, Cell]] = [(_label(each), _value(each)) for each in entry["values"]]
    lines += [
        (label, entry[key])
        for label, key in (("Not applicable", "not_applicable"), ("Comment", "comment"))
        if entry[key]
    ]
    lines += [("Second person", _signature(each)) for each in entry["signatures"]]
    lines += [("Second person", "NOT VERIFIED YET")] if entry["waits"] else []
    for number, (label, value) in enumerate(lines or [("", "")]):
        yield (entry["place"] + marks, label, value, who) if number == 0 else ("", label, value, "")


def _label(said: dict[str, Any]) -> str:
    """What it is, and the range it is judged by beneath."""
    return f"{said['label']}\naccepted {said['limit']}" if said["limit"] else str(said["label"])


def _value(said: dict[str, Any]) -> Cell:
    value = f"{said['value']}\n= {said['formula']}" if said["formula"] else said["value"]
    return (
        Struck(tuple(said["struck"]), value, " ".join(said["marks"])) if said["struck"] else value
    )


def _signature(signed: dict[str, str]) -> str:
    return (
        f"{signed['name']} ({signed['username']}, "
        f"{signed['role']})\n{signed['meaning']}\n{signed['time']}"
    )


def _superseded(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    """Sign-offs that no longer hold, struck, with what was recorded after each."""
    if found:
        yield table(
            [Column("Stage signed off before", 45), Column("Superseded by", 64)],
            [
                (Struck((_signature(each["signature"]),), "SUPERSEDED"), "\n".join(each["by"]))
                for each in found
            ],
        )


def _corrections(corrections: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    yield from blocks.section("Corrections")
    yield table(
        [Column("Mark", 7), Column("Where", 26), Column("What", 36), Column("Why, who, when", 40)],
        [
            (
                each["mark"],
                each["place"],
                f"{each['label']}: {each['was']} → {each['becomes']}",
                _why(each),
            )
            for each in corrections
        ],
        empty="No entry was corrected.",
    )


def _why(said: dict[str, Any]) -> str:
    before = (
        f"\nSigned before the correction: {signed_line(said['signed_before'])}"
        if said["signed_before"]
        else ""
    )
    return f"{said['reason']}\n{said['by']}, {said['at']}{before}"


def _materials(record: Record) -> Iterator[Flowable]:
    yield from blocks.section("Material lots used")
    yield table(
        [
            Column("Lot", 20, mono=True),
            Column("Material", 24),
            Column("Supplier", 26),
            Column("In date until", 14),
            Column("Used at", 30),
        ],
        [
            (
                each["code"],
                each["material"],
                each["supplier"],
                each["expires"],
                f"{each['place']}\n{each['at']}",
            )
            for each in record["lots"]
        ],
    )
    yield from put_right_pdf.drawn(record, put_right.LOTS)


def _equipment(record: Record) -> Iterator[Flowable]:
    yield from blocks.section("Equipment used")
    yield table(
        [
            Column("Equipment", 20, mono=True),
            Column("Kind, serial number", 24),
            Column("Name, calibration", 34),
            Column("Used at", 36),
        ],
        [
            (
                each["code"],
                "\n".join(part for part in (each["kind"], each["serial"]) if part),
                f"{each['name']}\n{each['calibration']}",
                f"{each['place']}\n{each['at']}",
            )
            for each in record["equipment"]
        ],
    )
    yield from put_right_pdf.drawn(record, put_right.EQUIPMENT)


def _containers(record: Record) -> Iterator[Flowable]:
    yield from blocks.section("Containers and samples")
    yield table(
        [
            Column("Code", 20, mono=True),
            Column("What", 40),
            Column("From", 20, mono=True),
            Column("Made", 20),
            Column("Disposition", 16),
        ],
        [
            (
                each["code"],
                f"{each['kind']} · {each['title']}",
                _named(each["parents"]),
                each["made"],
                each["disposition"],
            )
            for each in record["containers"]
        ],
    )
    became = [(one["code"], each) for one in record["containers"] for each in one["became"]]
    if became:
        yield from blocks.section("What became of containers")
        yield table(
            [Column("Code", 20, mono=True), Column("What", 52), Column("Signed by", 44)],
            [(code, each["said"], signed_line(each["signatures"])) for code, each in became],
        )


def _named(codes: Sequence[str]) -> str:
    """A few in full, of many the first and the last; the copies for programs name them all."""
    return "\n".join(codes if len(codes) <= MOST_PARENTS else [codes[0], "…", codes[-1]])


def _quality(record: Record) -> Iterator[Flowable]:
    yield from blocks.section(f"Results against specification {record['specification']}")
    yield table(
        [
            Column("Test", 28),
            Column("Gate", 16),
            Column("Limit", 24, mono=True, right=True),
            Column("Result", 26, mono=True, right=True),
            Column("State", 20),
        ],
        [
            (
                each["test"],
                each["gate"],
                each["limit"],
                each["result"] or "—",
                Verdict(each["state"], TONES.get(each["state"], "held")),
            )
            for each in record["lines"]
        ],
    )
    yield from blocks.section("Results as recorded")
    yield table(
        [
            Column("Test and sample", 24),
            Column("Typed and reported", 26),
            Column("Method and raw data", 28),
            Column("Who, when, review", 34),
        ],
        [_result(each) for each in record["results"]],
        empty="No result is recorded.",
    )


def _result(said: dict[str, Any]) -> tuple[Cell, ...]:
    reported = f"{said['typed']}\n{said['shown']}: {said['verdict']}"
    if said["recorded_as"]:
        reported += f"\nwhen recorded {said['recorded_as']}"
    struck = said["state"] in (ResultState.INVALIDATED, ResultState.CORRECTED)
    cell: Cell = (
        Struck(
            (f"{said['typed']}", f"{said['shown']}: {said['verdict']}"),
            said["state"].upper(),
            said["reason"],
        )
        if struck
        else reported
    )
    who = f"{said['by']}, tested {said['tested']}, recorded {said['recorded']}"
    signed = "".join(f"\n{_signature(each)}" for each in said["signatures"]) or "\nNOT REVIEWED"
    return (
        f"{said['test']}\n{said['sample']}",
        cell,
        "\n".join(part for part in (said["method"], said["reference"], said["remark"]) if part),
        who + signed,
    )


def _documents(used: Sequence[dict[str, str]]) -> Iterator[Flowable]:
    yield from blocks.section("Documents this record rests on")
    yield table(
        [Column("Kind", 18), Column("Document", 26), Column("SHA-256", 70, mono=True)],
        [(each["kind"], each["document"], each["sha256"]) for each in used],
    )


def _deviations(found: Sequence[dict[str, Any]]) -> Iterator[Flowable]:
    yield from blocks.section("Deviations")
    if not found:
        yield blocks.paragraph("No deviation was opened.")
    for each in found:
        yield table(
            [
                Column(each["code"], 22),
                Column(f"{each['class']}, {each['state']} · {each['under']}", 87),
            ],
            [(label, value) for label, value in each["facts"]],
        )
        yield blocks.signatures(each["signatures"])
