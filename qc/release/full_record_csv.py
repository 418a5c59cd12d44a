"""The flat copy of a batch record for a spreadsheet: one line an entry's value, and at least one of
whatever else the record says or was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrity import site
from qc.release import drawn_curves, drawn_times
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
    """Everything of a record as flat lines.

    Stage, step, field, value, struck values, why they were struck, who, done, recorded, the range
    it is judged by, signed.
    """
    yield HEADER
    if record["demonstration"] == site.YES:
        yield _line("demonstration", "", "", "Not for human use")
    for label in ("title", "site", "program"):
        yield _line("record", "", label, record[label])
    for label, value in record["identity"]:
        yield _line("record", "", label, value)
    for each in record["receipt"]:
        value = each["found"] if each["met"] != "no" else f"{each['found']} (not met)"
        yield _line("receipt", "cord", each["check"], value, "", "", "", "", "", each["accepted"])
    for each in record["put_right"]:
        yield _put_right(each)
    for stage in record["stages"]:
        yield from _stage(stage, {each["mark"]: each for each in record["corrections"]})
    yield from map(_correction, record["corrections"])
    for each in record["curves"]:
        yield from _curve(each)
    yield from _measured(record)
    yield from _things(record)
    for each in record["containers"]:
        yield from _container(each)
    for each in record["samples"]:
        yield from _sample(each)
    yield from map(_untested, record["untested"])
    for each in record["lines"]:
        yield _specified(record["specification"], each)
    for each in record["results"]:
        yield from _result(each)
    for each in record["deviations"]:
        yield from _deviation(each)
    yield from _brought(record)
    for part in ("origin", "decisions"):
        for each in record[part]:
            yield _line(part, signed=signed_line([each]))


def _put_right(said: Record) -> Line:
    """What was put right of a thing that the batch names, under what it is: the new, the old."""
    what = f"{said['about']}: {said['what']}"
    told = (what, said["becomes"], said["was"], said["reason"], said["by"])
    return _line(said["part"], "corrected", *told, "", said["at"])


def _correction(said: Record) -> Line:
    """A correction with who made it, when, and what had been signed before it."""
    what = (f"{said['mark']} {said['label']}", f"{said['was']} → {said['becomes']}", "")
    who = (said["reason"], said["by"], "", said["at"])
    return _line(
        "corrections", said["place"], *what, *who, signed=signed_line(said["signed_before"])
    )


def _curve(said: Record) -> Iterator[Line]:
    """What is drawn as a curve on paper: a line for each of its points."""
    judged_by = [said["accepted"], f"alert {said['alert']}" if said["alert"] else ""]
    limit = ", ".join(each for each in judged_by if each)
    for number, value in drawn_curves.lines(said):
        place = ("curves", f"{said['stage']} {number}", said["title"], value)
        yield _line(*place, "", "", "", "", "", limit)


def _measured(record: Record) -> Iterator[Line]:
    """How long things took and how warm they were: a line for each."""
    for each in record["times"]:
        claimed = f" (claimed: {each['claimed']})" if each["claimed"] else ""
        what = ("times", each["place"], each["title"], f"{each['took']}{claimed}: {each['stands']}")
        limit = (
            f"{each['limit']} (share of it: {each['share']})" if each["share"] else each["limit"]
        )
        yield _line(*what, "", each["number"], "", each["began"], each["ended"], limit)
    for group in record["temperatures"]:
        for each in group["readings"]:
            value = drawn_times.shown_reading(each)
            what = ("temperatures", each["place"], each["title"], f"{value}: {each['stands']}")
            yield _line(*what, "", each["number"], "", each["at"], "", group["accepted"])


def _things(record: Record) -> Iterator[Line]:
    """The lots, equipment, documents and certificates that the record names, and its trail."""
    for each in record["lots"]:
        what = (each["place"], f"{each['material']} {each['code']}")
        value = f"{each['supplier']}, in date until {each['expires']}"
        yield _line("lots", *what, value, "", "", "", each["at"])
    for each in record["equipment"]:
        what = (each["place"], f"{each['kind']} {each['code']}")
        named = ", ".join(part for part in (each["name"], each["serial"]) if part)
        value = f"{named}; calibration {each['calibration']}"
        yield _line("equipment", *what, value, "", "", "", each["at"])
    for each in record["documents"]:
        yield _line("documents", each["kind"], each["document"], each["sha256"])
    for each in record["certificates"]:
        what = ("certificates", each["named"])
        yield _line(*what, each["stage"], each["state"], "", "", "", "", each["issued"])
        yield _line(*what, "SHA-256 of the facts", each["facts_sha256"])
        yield _line(*what, "SHA-256 of the file", each["file_sha256"])
    for label, value in [*record["trail"].items(), ("sha256", record["sha256"])]:
        yield _line("trail", "", label, value)
    for label, value in record["head"].items():
        yield _line("trail", "head", label, value)


def _container(said: Record) -> Iterator[Line]:
    """A container with what it was taken from, then a line for each thing that became of it."""
    what = ("containers", said["code"])
    taken = f" from {', '.join(said['parents'])}" if said["parents"] else ""
    kind = f"{said['kind']} · {said['title']}{taken}"
    yield _line(*what, kind, said["disposition"], "", "", "", said["made"])
    for each in said["became"]:
        signed = signed_line(each["signatures"])
        yield _line(*what, "became", each["said"], signed=signed)


def _sample(said: Record) -> Iterator[Line]:
    kept = ", ".join(each for each in (said["condition"], said["kept"], said["remark"]) if each)
    who = ("", "", said["by"], "", said["received"])
    yield _line("samples", said["sample"], "received", kept, *who)
    for began in said["began"]:
        yield _line("samples", said["sample"], "long test", began)


def _untested(said: Record) -> Line:
    """A test that is not there, and why."""
    what = ("samples", said["sample"], said["test"], f"{said['stands']}: {said['why']}", "")
    who = (said["reason"], said["by"], "", said["at"])
    return _line(*what, *who, signed=signed_line(said["signatures"]))


def _specified(specification: str, said: Record) -> Line:
    """Where the batch stands on one line of its specification."""
    judged_by = said["specification"] or specification
    what = ("specification", judged_by, f"{said['test']} ({said['gate']})")
    value = f"{said['result']}: {said['state']}" if said["result"] else said["state"]
    return _line(*what, value, "", "", "", "", "", said["limit"])


def _line(*cells: str, signed: str = "") -> Line:
    """A whole line: what is not said stays empty, the signatures stand last."""
    return (*cells, *[""] * (len(HEADER) - 1 - len(cells)), signed)


def _stage(stage: Record, corrections: Mapping[str, Record]) -> Iterator[Line]:
    for entry in stage["entries"]:
        signed = signed_line(entry["signatures"])
        limits = {each["label"]: each["limit"] for each in entry["values"]}
        marks = f" [{', '.join(entry['marks'])}]" if entry["marks"] else ""
        for label, value, struck, why in _said(entry, corrections):
            place = (stage["title"], entry["place"] + marks, label, value, struck, why)
            who = (entry["by"], entry["done"], entry["recorded"])
            yield _line(*place, *who, limits.get(label, ""), signed=signed)
    for each in stage["superseded"]:
        why, signed = " | ".join(each["by"]), signed_line([each["signature"]])
        yield _line(stage["title"], "sign-off", "superseded by", why, signed=signed)
    if stage["signatures"]:
        yield _line(stage["title"], "sign-off", signed=signed_line(stage["signatures"]))


def _said(entry: Record, corrections: Mapping[str, Record]) -> Iterator[Line]:
    """(what, value, struck values, why each was struck) of whatever an entry says."""
    told = {(each["label"], each["value"]) for each in entry["values"]}
    apart = [("Not applicable", entry["not_applicable"]), ("Comment", entry["comment"])]
    rest = [pair for pair in apart if pair[1] and pair not in told]
    rest += [("Second person", "NOT VERIFIED YET")] if entry["waits"] else []
    if not told and not rest:
        yield "", "", "", ""
    for each in entry["values"]:
        why = " | ".join(corrections[mark]["reason"] for mark in each["marks"])
        yield each["label"], each["value"], " | ".join(each["struck"]), why
        if each["formula"]:
            yield f"{each['label']}: formula", each["formula"], "", ""
    for label, value in rest:
        yield label, value, "", ""


def _deviation(deviation: Record) -> Iterator[Line]:
    place = ("deviations", deviation["under"], deviation["code"])
    value = f"{deviation['class']}, {deviation['state']}"
    yield _line(*place, value, signed=signed_line(deviation["signatures"]))
    for label, said in deviation["facts"]:
        yield _line(*place, f"{label}: {said}")


def _exception(said: Record) -> Iterator[Line]:
    """An exception of the review, then a line for each thing that was held of it."""
    place = ("exceptions", "", said["word"])
    yield _line(*place, said["told"], "", said["stands"])
    for each in said["judged"]:
        yield _line(*place, said["told"], "", each["held"], each["by"], "", each["at"])


def _brought(record: Record) -> Iterator[Line]:
    for each in record["exceptions"]:
        yield from _exception(each)
    for each in record["observations"]:
        value = f"{each['state']}: {each['verdict']}" if each["verdict"] else each["state"]
        seen = (each["about"], each["said"], value)
        who = ("", "", each["by"], each["seen"], "")
        yield _line("observations", *seen, *who, signed=signed_line(each["signatures"]))
    for each in record["holds"]:
        said = (each["about"], each["reason"], each["state"], "", each["lifted"], each["by"])
        yield _line("holds", *said, each["put"], "", signed=signed_line(each["signatures"]))
    for each in record["actions"]:
        place, signed = ("actions", each["deviation"]), signed_line(each["signatures"])
        yield _line(*place, "", each["state"], signed=signed)
        for label, value in each["facts"]:
            yield _line(*place, label, value)


def _result(result: Record) -> Iterator[Line]:
    """A result as it is reported, then what was typed, by which method, and the raw data."""
    place = ("results", result["sample"], result["test"])
    shown = f"{result['shown']}: {result['verdict']} ({result['state']})"
    value = f"{shown} — {result['remark']}" if result["remark"] else shown
    who = (result["reason"], result["by"], result["tested"], result["recorded"])
    signed = signed_line(result["signatures"])
    yield _line(*place, value, result["recorded_as"], *who, signed=signed)
    for label, key in (("as typed", "typed"), ("method", "method"), ("raw data", "reference")):
        if result[key]:
            yield _line(*place[:2], f"{result['test']}: {label}", result[key])
