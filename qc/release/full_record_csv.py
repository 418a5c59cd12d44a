"""The flat copy of a batch record for a spreadsheet: one line an entry's value, and one of whatever
else was signed.
"""

from __future__ import annotations

from collections.abc import Iterator

from qc.release.full_record import Record, signed_line


def lines_of(record: Record) -> Iterator[tuple[str, ...]]:
    """The entries, results, deviations and signatures of a record as flat lines.

    Stage, step, field, value, struck values, who, done, recorded, signed.
    """
    yield "stage", "step", "field", "value", "struck", "by", "done", "recorded", "signatures"
    for stage in record["stages"]:
        for entry in stage["entries"]:
            said = entry["values"] or [
                {"label": "Not applicable", "value": entry["not_applicable"], "struck": []}
            ]
            for each in said:
                yield (
                    stage["title"],
                    entry["place"],
                    each["label"],
                    each["value"],
                    " | ".join(each["struck"]),
                    entry["by"],
                    entry["done"],
                    entry["recorded"],
                    signed_line(entry["signatures"]),
                )
        if stage["signatures"]:
            yield (
                stage["title"],
                "sign-off",
                "",
                "",
                "",
                "",
                "",
                "",
                signed_line(stage["signatures"]),
            )
    yield from (
        ("documents", each["kind"], each["document"], each["sha256"], "", "", "", "", "")
        for each in record["documents"]
    )
    for each in record["results"]:
        value, tested = f"{each['shown']} ({each['state']})", each["tested"]
        signed = signed_line(each["signatures"])
        told = (each["by"], tested, each["recorded"], signed)
        yield ("results", each["sample"], each["test"], value, "", *told)
    for each in record["deviations"]:
        value, signed = f"{each['class']}, {each['state']}", signed_line(each["signatures"])
        yield ("deviations", each["under"], each["code"], value, "", "", "", "", signed)
    yield from (
        ("origin", "", "", "", "", "", "", "", signed_line([each])) for each in record["origin"]
    )
    yield from (
        ("decisions", "", "", "", "", "", "", "", signed_line([each]))
        for each in record["decisions"]
    )
