"""The flat copy of a batch record for a spreadsheet: one line an entry's value, and one of whatever
else was signed.
"""

from __future__ import annotations

from collections.abc import Iterator

from qc.release.full_record import Record, signed_line

Line = tuple[str, ...]


def lines_of(record: Record) -> Iterator[Line]:
    """The entries, results, deviations and signatures of a record as flat lines.

    Stage, step, field, value, struck values, who, done, recorded, signed.
    """
    yield "stage", "step", "field", "value", "struck", "by", "done", "recorded", "signatures"
    for each in record["receipt"]:
        value = each["found"] if each["met"] != "no" else f"{each['found']} (not met)"
        yield "receipt", "cord", each["check"], value, "", "", "", "", ""
    for each in record["receipt_corrected"]:
        said = (each["what"], each["becomes"], each["was"], each["by"])
        yield "receipt", "corrected", *said, "", each["at"], ""
    for stage in record["stages"]:
        yield from _stage(stage)
    for each in record["documents"]:
        yield "documents", each["kind"], each["document"], each["sha256"], "", "", "", "", ""
    for each in record["results"]:
        yield _result(each)
    for each in record["deviations"]:
        value, signed = f"{each['class']}, {each['state']}", signed_line(each["signatures"])
        yield "deviations", each["under"], each["code"], value, "", "", "", "", signed
    for each in record["observations"]:
        value = f"{each['state']}: {each['verdict']}" if each["verdict"] else each["state"]
        said = each["said"]
        yield "observations", each["about"], said, value, "", each["by"], each["seen"], "", ""
    for part in ("origin", "decisions"):
        for each in record[part]:
            yield part, "", "", "", "", "", "", "", signed_line([each])


def _stage(stage: Record) -> Iterator[Line]:
    for entry in stage["entries"]:
        said = entry["values"] or [
            {"label": "Not applicable", "value": entry["not_applicable"], "struck": []}
        ]
        done = (entry["by"], entry["done"], entry["recorded"], signed_line(entry["signatures"]))
        for each in said:
            struck = " | ".join(each["struck"])
            yield stage["title"], entry["place"], each["label"], each["value"], struck, *done
    if stage["signatures"]:
        signed = signed_line(stage["signatures"])
        yield stage["title"], "sign-off", "", "", "", "", "", "", signed


def _result(result: Record) -> Line:
    value, signed = f"{result['shown']} ({result['state']})", signed_line(result["signatures"])
    done = (result["by"], result["tested"], result["recorded"], signed)
    return "results", result["sample"], result["test"], value, result["recorded_as"], *done
