"""After a restore: what the lost time had forbidden stays on hold until QA has judged each thing.

The database that is replaced is read once more before it is put aside. What it knew (issued,
recalled, rejected, held, a reactive result, a withdrawn consent) and the restored one does not is
told to QA, and every thing of it that is on record is put on hold by the program; whatever was
released on it is held with it (REC-05, REL-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from integrity import dependents, facts, lost_events
from integrity.acts import Act
from integrity.database import Session
from integrity.lost_events import Lost
from integrity.subjects import SubjectRecord
from manufacturing.donation import cords
from manufacturing.execution.batches import Batch
from qc.deviations import things
from qc.deviations.holding import HOLDABLE
from qc.release import holds as released_holds, lost_rules
from qc.release.words import ReleaseWord
from stores import containers, holds
from stores.rules import ContainerKind

ANSWERS = released_holds.answer  # what was released is held: declared where it is imported


def answer(act: Act, replaced: Path) -> None:
    """Tell what is lost and hold what it concerns (inner act of a restore)."""
    found = lost_events.read(act.session, replaced)
    concerned = lost_rules.concerned(found or ())
    lines = [
        replace(lost, code=code) for code, lost_of_it in concerned.items() for lost in lost_of_it
    ]
    lost_events.tell(act, sorted(lines, key=lambda lost: lost.at), is_read=found is not None)
    hold(act, concerned)


def hold(act: Act, concerned: dict[str, list[Lost]]) -> None:
    """Put on hold what is on record under these codes; a batch by its containers."""
    for code, lost in concerned.items():
        reason = facts.shown(_reason(lost), act.reader)
        for about in _things(act.session, code):
            scope = things.scope_of(about)
            put = holds.put(act, about, scope, reason, said=[code, reason])
            dependents.changed(act, put)


def _reason(lost: Sequence[Lost]) -> facts.Fact:
    """Every deed of the lost time, in a line for whoever lifts the hold."""
    return facts.message(
        ReleaseWord.LOST,
        deeds=facts.listed(map(_deed, lost)),
    )


def _deed(lost: Lost) -> facts.Fact:
    said: dict[str, facts.Fact] = {
        "action": lost.action,
        "username": lost.username,
        "told": facts.instant(lost.moment),
    }
    if lost.reason:
        return facts.message(ReleaseWord.LOST_DEED_WHY, **said, reason=lost.reason)
    return facts.message(ReleaseWord.LOST_DEED, **said)


def _things(session: Session, code: str) -> list[SubjectRecord]:
    """What stands under a code: of a batch what it made, or its cord while it made nothing."""
    about = things.thing(session, code)
    if isinstance(about, Batch):
        made = containers.of_scope(session, about.code)
        final = [each for each in made if each.kind == ContainerKind.FINAL]
        cord = cords.by_code(session, about.cord_code)
        return [*(final or made)] or ([cord] if cord else [])
    return [about] if isinstance(about, HOLDABLE) else []
