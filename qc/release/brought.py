"""What people brought to a batch, as texts of its record: observations with what QA said of them,
holds with who lifted them, and the actions that follow from its deviations, each with its
signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from integrity.facts import drawn
from integrity.observations import Seen
from integrity.subjects import SubjectRecord
from integrity.words import state_word
from qc.deviations import corrective_actions, investigation
from qc.deviations.investigation import Story
from qc.release.release_inputs import ReleaseInputs, moment
from stores import holds

Signed = Callable[[SubjectRecord], list[dict[str, str]]]
Brought = dict[str, object]


def observations(found: Sequence[Seen], zone: ZoneInfo, signed: Signed) -> list[Brought]:
    """What was seen, and what QA says that it is."""
    return [_observation(each, zone, signed) for each in found]


def _observation(seen: Seen, zone: ZoneInfo, signed: Signed) -> Brought:
    made, verdict = seen.observation, seen.verdict
    return {
        "about": investigation.shown_scope(made.about),
        "said": made.said,
        "seen": times.shown(made.seen_at, zone),
        "by": f"{made.name} ({made.username})",
        "state": seen.state,
        "verdict": f"{verdict.reason} ({verdict.name})" if verdict else "",
        "signatures": signed(made),
    }


def held(session: Session, found: ReleaseInputs, zone: ZoneInfo, signed: Signed) -> list[Brought]:
    """The holds by hand of the batch's things and of what it was made from, with and on, that were
    in force at any time since its cord was received."""
    told = holds.told(session, found.watched)
    return [
        {
            "about": investigation.shown_scope(hold.code),
            "reason": hold.reason,
            "by": f"{hold.name} ({hold.username})",
            "put": times.shown(hold.at, zone, seconds=True),
            "state": "lifted" if lifted else "in force",
            "lifted": lifted.reason or "" if lifted else "",
            "signatures": signed(hold),
        }
        for hold, lifted in told
        if lifted is None or lifted.at >= found.cord.received_at
    ]


def actions(session: Session, stories: Sequence[Story], signed: Signed) -> list[Brought]:
    """What follows from the deviations: who does it until when, and how far it is."""
    codes = {each.deviation.id: each.deviation.code for each in stories}
    told = corrective_actions.of_many(session, codes, moment(session, None))
    return [
        {
            "deviation": facts.shown(facts.code(codes[each.action.deviation_id])),
            "state": facts.shown(state_word(each.state)),
            "facts": [
                [label, value]
                for label, value in drawn(
                    corrective_actions.facts_of(session, each.action.id, each.state)
                )
            ],
            "signatures": signed(each.action),
        }
        for each in told
    ]
