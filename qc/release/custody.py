"""What QC received of a batch, when its long tests began and what it signed of the tests that are
not there, for the record of the batch."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from labels import codes
from qc.laboratory import pulled_samples, results, samples
from qc.laboratory.words import ConditionWord, UntestedWord, worded
from qc.release.brought import Signed
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


def untested(
    session: Session, found: ReleaseInputs, zone: ZoneInfo, signed: Signed
) -> list[dict[str, Any]]:
    """Every explanation that QC signed why a test of a sample is not there, oldest first, with
    whether it still is not."""
    pulled = {each.id: each for each in containers.of_scope(session, found.batch.code, "sample")}
    every = pulled_samples.every_explanation(session, pulled)
    newest = {(each.container_id, each.test): each.id for each in every}
    tested = {(each.sample, each.test) for each in found.facts.pulled if each.is_tested}
    given = {number: signed(sample) for number, sample in pulled.items()}  # in the same order
    return [
        {
            "sample": codes.read(pulled[said.container_id].code).shown,
            "test": _named(found, said.test),
            "why": facts.shown(facts.word(worded(UntestedWord, said.untested))),
            "reason": said.reason,
            "stands": _stands(
                newest[said.container_id, said.test] == said.id,
                (pulled[said.container_id].code, said.test) in tested,
            ),
            "by": f"{said.name} ({said.username})",
            "at": times.shown(said.at, zone, seconds=True),
            "signatures": [given[said.container_id].pop(0)] if given[said.container_id] else [],
        }
        for said in every
    ]


def _stands(is_newest: bool, is_tested: bool) -> str:
    if is_tested:
        return "tested since"
    return "not tested" if is_newest else "explained anew since"
