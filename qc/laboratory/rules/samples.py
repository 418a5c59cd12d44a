"""The law of samples: how one comes into QC's custody."""

from __future__ import annotations

from collections.abc import Iterator

from integrity.findings import Finding, blocks, deviates

CONDITIONS = {
    "intact": "Intact",
    "damaged": "Damaged, can be tested",
    "unfit": "Not fit for testing",
}
STATE_OF = {"intact": "received", "damaged": "received", "unfit": "unfit"}


def receiving(condition: str, exists: bool, received: bool) -> Iterator[Finding]:
    """A sample is received once; anything but intact is a deviation."""
    if not exists:
        yield blocks(
            "QC-03", "This is not the code of a sample. Scan the sample's label.", "sample"
        )
    if received:
        yield blocks("QC-03", "QC has received this sample already. Open its page.")
    if condition not in CONDITIONS:
        yield blocks("QC-03", "Say in what condition the sample arrived.", "condition")
    elif condition != "intact":
        classification = "minor" if condition == "damaged" else "major"
        yield deviates(
            "QC-03", f"The sample arrived in QC: {CONDITIONS[condition].lower()}.", classification
        )
