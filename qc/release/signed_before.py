"""Sign-offs of a batch's rounds that a correction or a further entry has superseded, each with what
did: for the record of the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from integrity import facts, times
from integrity.database import Session
from integrity.signatures import Signature
from manufacturing.execution.entries import Entry, SignOff, SignOffEntry
from manufacturing.execution.rules.sequence import Round, step_title
from manufacturing.masters.model import Master
from qc.release.release_inputs import ReleaseInputs


@dataclass(frozen=True)
class Superseded:
    """A sign-off that no longer holds, and the entries that were recorded in its round before it
    was signed off again, oldest first."""

    signature: Signature
    by: Sequence[Entry]


def of_batch(session: Session, found: ReleaseInputs) -> dict[Round, list[Superseded]]:
    """{round: its superseded sign-offs, oldest first} in two queries; none where none is."""
    rounds = session.scalars(select(SignOff).where(SignOff.batch_id == found.batch.id)).all()
    signed = {
        each.round: [one for one in found.signed if one.subject_id == each.id] for each in rounds
    }
    covered = _covered(session, [one.id for given in signed.values() for one in given])
    made = {
        wanted: list(_superseded(found, wanted, given, covered)) for wanted, given in signed.items()
    }
    return {wanted: told for wanted, told in made.items() if told}


def _covered(session: Session, signatures: Sequence[int]) -> dict[int, int]:
    """{signature id: the newest entry that it covers}."""
    asked = select(SignOffEntry).where(SignOffEntry.signature_id.in_(signatures))
    newest: dict[int, int] = {}
    for each in session.scalars(asked):
        newest[each.signature_id] = max(each.entry_id, newest.get(each.signature_id, 0))
    return newest


def _superseded(
    found: ReleaseInputs, wanted: Round, given: Sequence[Signature], covered: dict[int, int]
) -> Iterator[Superseded]:
    holds = found.here.sign_off(wanted)
    for signature, after in zip(given, [*given[1:], None], strict=True):
        if holds and signature.id == holds.id:
            continue
        until = covered[after.id] if after else None
        yield Superseded(
            signature,
            [
                each
                for each in found.here.everything
                if each.round == wanted
                and each.id > covered[signature.id]
                and (until is None or each.id <= until)
            ],
        )


def written(
    master: Master, told: Superseded, signature: Callable[[Signature], dict[str, str]]
) -> dict[str, Any]:
    """It as texts: the signature, and in one line each what it does not cover."""
    return {
        "signature": signature(told.signature),
        "by": [_after(master, entry) for entry in told.by],
    }


def _after(master: Master, entry: Entry) -> str:
    where = step_title(master.step(entry.step), entry.turn)
    at = times.shown(entry.recorded_at, ZoneInfo(entry.zone), seconds=True)
    what = "correction of" if entry.corrects_id else "entry at"
    why = f": {facts.shown(entry.reason)}" if entry.reason else ""
    return f"{what} {where}, {entry.name} ({entry.username}), {at}{why}"
