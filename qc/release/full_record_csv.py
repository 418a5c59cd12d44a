"""The flat copy of a batch record for a spreadsheet: one line an entry's value, and one of whatever
else was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrity import site
from qc.release.full_record import Record, signed_line

Line = tuple[str, ...]


HEADER = (
    "stage",
    "step",
    "field",
    "value",
    "struck",
    "reason",
    "by",
    "done",
    "recorded",
    "limit",
    "signatures",
)


def lines_of(record: Record) -> Iterator[Line]:
    """The entries, results, deviations and signatures of a record as flat lines.

    Stage, step, field, value, struck values, why they were struck, who, done, recorded, the range
    it is judged by, signed.
    """
    yield HEADER
    if record["demonstration"] == site.YES:
        yield _line("demonstration", "", "", "Not for human use")
    for each in record["receipt"]:
        value = each["found"] if each["met"] != "no" else f"{each['found']} (not met)"
        yield _line("receipt", "cord", each["check"], value)
    for each in record["put_right"]:
        yield _put_right(each)
    for stage in record["stages"]:
        yield from _stage(stage, {each["mark"]: each for each in record["corrections"]})
    for each in record["samples"]:
        yield from _sample(each)
    for each in record["documents"]:
        yield _line("documents", each["kind"], each["document"], each["sha256"])
    for each in record["results"]:
        yield _result(each)
    for each in record["deviations"]:
        yield from _deviation(each)
    for each in record["observations"]:
        value = f"{each['state']}: {each['verdict']}" if each["verdict"] else each["state"]
        seen = (each["about"], each["said"], value)
        who = ("", "", each["by"], each["seen"], "")
        yield _line("observations", *seen, *who, signed=signed_line(each["signatures"]))
    yield from _brought(record)
    for part in ("origin", "decisions"):
        for each in record[part]:
            yield _line(part, signed=signed_line([each]))


def _put_right(said: Record) -> Line:
    """What was put right of a thing that the batch names, under what it is: the new, the old."""
    what = f"{said['about']}: {said['what']}"
    told = (what, said["becomes"], said["was"], said["reason"], said["by"])
    return _line(said["part"], "corrected", *told, "", said["at"])


def _sample(said: Record) -> Iterator[Line]:
    kept = ", ".join(each for each in (said["condition"], said["kept"], said["remark"]) if each)
    who = ("", "", said["by"], "", said["received"])
    yield _line("samples", said["sample"], "received", kept, *who)
    for began in said["began"]:
        yield _line("samples", said["sample"], "long test", began)


def _line(*cells: str, signed: str = "") -> Line:
    """A whole line: what is not said stays empty, the signatures stand last."""
    return (*cells, *[""] * (len(HEADER) - 1 - len(cells)), signed)


def _stage(stage: Record, corrections: Mapping[str, Record]) -> Iterator[Line]:
    for entry in stage["entries"]:
        signed = signed_line(entry["signatures"])
        limits = {each["label"]: each["limit"] for each in entry["values"]}
        for label, value, struck, why in _said(entry, corrections):
            place = (stage["title"], entry["place"], label, value, struck, why)
            who = (entry["by"], entry["done"], entry["recorded"])
            yield _line(*place, *who, limits.get(label, ""), signed=signed)
    if stage["signatures"]:
        yield _line(stage["title"], "sign-off", signed=signed_line(stage["signatures"]))


def _said(entry: Record, corrections: Mapping[str, Record]) -> Iterator[Line]:
    """(what, value, struck values, why each was struck) of whatever an entry says."""
    told = {(each["label"], each["value"]) for each in entry["values"]}
    apart = [("Not applicable", entry["not_applicable"]), ("Comment", entry["comment"])]
    rest = [pair for pair in apart if pair[1] and pair not in told]
    if not told and not rest:
        yield "", "", "", ""
    for each in entry["values"]:
        why = " | ".join(corrections[mark]["reason"] for mark in each["marks"])
        yield each["label"], each["value"], " | ".join(each["struck"]), why
    for label, value in rest:
        yield label, value, "", ""


def _deviation(deviation: Record) -> Iterator[Line]:
    place = ("deviations", deviation["under"], deviation["code"])
    value = f"{deviation['class']}, {deviation['state']}"
    yield _line(*place, value, signed=signed_line(deviation["signatures"]))
    for label, said in deviation["facts"]:
        yield _line(*place, f"{label}: {said}")


def _brought(record: Record) -> Iterator[Line]:
    for each in record["holds"]:
        said = (each["about"], each["reason"], each["state"], "", each["lifted"], each["by"])
        yield _line("holds", *said, each["put"], "", signed=signed_line(each["signatures"]))
    for each in record["actions"]:
        place, signed = ("actions", each["deviation"]), signed_line(each["signatures"])
        yield _line(*place, "", each["state"], signed=signed)
        for label, value in each["facts"]:
            yield _line(*place, label, value)


def _result(result: Record) -> Line:
    shown = f"{result['shown']} ({result['state']})"
    value = f"{shown} — {result['remark']}" if result["remark"] else shown
    said = ("results", result["sample"], result["test"], value, result["recorded_as"])
    who = (result["reason"], result["by"], result["tested"], result["recorded"])
    return _line(*said, *who, signed=signed_line(result["signatures"]))
