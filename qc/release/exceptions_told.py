"""The exceptions of a batch as texts of its record: each with everything that was held of it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from integrity import facts, times
from integrity.database import Session
from integrity.facts import Reader
from qc.release import alerts, exceptions
from qc.release.exceptions import ExceptionVerdict, Judged
from qc.release.release_inputs import ReleaseInputs

Told = dict[str, object]
GONE = "It is another one by now, or none."


def of_batch(session: Session, found: ReleaseInputs, zone: ZoneInfo) -> list[Told]:
    """Every exception that is signed in the order of the record, then what was judged of those that
    are none any more."""
    reader = Reader(zone=zone.key)
    made = [each for each in exceptions.of(session, found) if each.alert.is_signed]
    stand = {each.sha256 for each in made}
    gone: dict[str, list[ExceptionVerdict]] = {}
    for each in exceptions.verdicts_of(session, found.batch.id):
        if each.sha256 not in stand:
            gone.setdefault(each.sha256, []).append(each)
    return [
        *(_told(found, each, zone, reader) for each in made),
        *(_gone(found, said, zone, reader) for said in gone.values()),
    ]


def _gone(
    found: ReleaseInputs, said: Sequence[ExceptionVerdict], zone: ZoneInfo, reader: Reader
) -> Told:
    return {
        "word": "Judged before",
        "told": facts.shown(said[-1].told, reader),
        "stands": GONE,
        "judged": _judged(found, said, zone, reader),
    }


def _told(found: ReleaseInputs, each: Judged, zone: ZoneInfo, reader: Reader) -> Told:
    stands = f"Judged by {each.alert.judged_by} where it arose." if each.alert.judged_by else ""
    return {
        "word": facts.shown(facts.word(each.alert.word), reader),
        "told": facts.shown(alerts.told(each.alert), reader),
        "stands": "Open" if each.is_open else stands,
        "judged": _judged(found, each.verdicts, zone, reader),
    }


def _judged(
    found: ReleaseInputs, said: Sequence[ExceptionVerdict], zone: ZoneInfo, reader: Reader
) -> list[dict[str, str]]:
    """What was held of it, the oldest first: the newest holds."""
    return [
        {
            "held": facts.shown(exceptions.held(found, each), reader),
            "by": f"{each.name} ({each.username})",
            "at": times.shown(each.at, zone, seconds=True),
        }
        for each in said
    ]
