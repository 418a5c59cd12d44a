"""A further photo or file with a deviation, an observation or a hold that is there already."""

from __future__ import annotations

from typing import Any

from integrity import attachments
from integrity.actions import IntegrityAction
from integrity.acts import Act
from integrity.attachments import Attachment, Evidence
from integrity.database import Session
from integrity.deviations import Deviation
from integrity.findings import Refused, blocks
from integrity.observations import Observation
from integrity.rule_ids import IntegrityRule
from stores.holds import Hold

Thing = Deviation | Hold | Observation
KINDS: dict[str, Any] = {"deviations": Deviation, "holds": Hold, "observations": Observation}


def thing(session: Session, kind: str, number: int) -> Thing | None:
    """What a file may be brought with, by its table and its key."""
    found: Thing | None = session.get(KINDS[kind], number) if kind in KINDS else None
    return found


def bring(act: Act, kind: str, number: int, *, evidence: Evidence | None) -> Attachment:
    """Attach a file to it. Raises Refused where there is none."""
    if evidence is None:
        raise Refused(blocks(IntegrityRule.FILE_EMPTY, "file"))
    said = attachments.told([kind, number], evidence)
    if earlier := act.once(IntegrityAction.FILE_ATTACHED, said):
        return act.session.get_one(Attachment, earlier)
    about: Thing = act.session.get_one(KINDS[kind], number)
    return attachments.attach(act, about, about.within, evidence, said=said)
