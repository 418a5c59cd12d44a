"""Long tests that run: begun, and without a final result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from integrity import states
from integrity.database import Session
from qc.laboratory import results, samples
from qc.laboratory.rules.results import ACTIVE, INTERIM, TESTING, TestingState, earliest_final
from stores.containers import Container


@dataclass(frozen=True)
class Running:
    """A test of a sample and when its last reading may be taken at the earliest."""

    sample: str
    name: str
    until: datetime


def in_test() -> Select[tuple[Container]]:
    """Samples that were received and are not tested to their end."""
    standing = states.standing(Container.__tablename__, TESTING, TestingState.RECEIVED)
    return samples.listed("open").where(Container.id.in_(standing))


def running(session: Session) -> Iterator[Running]:
    """Every long test that was begun and has no final result that counts, in as many questions
    however many run."""
    found = {each.id: each for each in session.scalars(in_test())}
    said = results.contents_for(session, list(found.values()))
    made = results.of_samples(session, found)
    for (number, test), begun in results.beginnings_of(session, found).items():
        contents = said.get(found[number].scope)
        line = contents.line(test) if contents else None
        until = earliest_final(line, begun.began_at) if line else None
        done = any(
            result.test == test and state in ACTIVE and result.verdict != INTERIM
            for result, state in made[number]
        )
        if line and until and not done:
            yield Running(found[number].code, line.name, until)
