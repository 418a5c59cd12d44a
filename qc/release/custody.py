"""What QC received of a batch, and when its long tests began, for the record of the batch."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from labels import codes
from qc.laboratory import results, samples
from qc.laboratory.words import ConditionWord, worded
from qc.release.release_inputs import ReleaseInputs
from stores import containers


def of_batch(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every sample that QC received, in the order in which they were pulled."""
    pulled = {each.id: each for each in containers.of_scope(session, found.batch.code, "sample")}
    receipts = samples.receipts_of(session, pulled)
    begun = results.every_beginning(session, receipts)
    return [
        {
            "sample": codes.read(sample.code).shown,
            "received": times.shown(receipt.received_at, zone),
            "by": f"{receipt.name} ({receipt.username})",
            "condition": facts.shown(facts.word(worded(ConditionWord, receipt.condition))),
            "kept": receipt.storage,
            "remark": receipt.remark,
            "began": [
                f"{_named(found, each.test)} began {times.shown(each.began_at, zone)}, recorded "
                f"{times.shown(each.recorded_at, zone)} by {each.name} ({each.username})"
                for each in begun
                if each.container_id == number
            ],
        }
        for number, sample in pulled.items()
        if (receipt := receipts.get(number))
    ]


def _named(found: ReleaseInputs, test: str) -> str:
    line = found.contents.line(test)
    return line.name if line else test
