"""Standings are a fold over moves.

An allowed move is recorded, another is refused, a rebuild gives the same.
"""

import pytest
from sqlalchemy import text

from integrity import states, trail
from integrity.acts import Act
from integrity.deviations import AXIS
from integrity.findings import Refused
from integrity.subjects import Subject
from integrity.verification import verify
from tests.makers.subjects import make_subject
from tests.templates import MORNING

MOVES = {None: frozenset({"open"}), "open": frozenset({"closed"}), "closed": frozenset()}
THING = 1  # the first subject of a database


def move(session, becomes):
    thing = session.get(Subject, THING) or make_subject(session)
    made = states.move(Act(session, trail.SYSTEM, MORNING), thing, AXIS, becomes, allowed=MOVES)
    Act(session, trail.SYSTEM, MORNING).say("deviation.opened", thing)
    return made


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        (None, "closed", "This is not yet recorded and cannot become closed."),
        ("open", "open", "This is open and cannot become open."),
        ("open", "lost", "This is open and cannot become lost."),
    ],
)
def test_a_move_that_the_table_does_not_allow_is_refused(first, then, sentence, database):
    with database.writing() as session:
        if first:
            move(session, first)
    with pytest.raises(Refused, match=sentence), database.writing() as session:
        move(session, then)
    with database.reading() as session:
        assert states.of(session, THING, AXIS) == first


def test_moves_are_kept_and_the_newest_holds(database):
    with database.writing() as session:
        move(session, "open")
        assert move(session, "closed") == "open"
    with database.reading() as session:
        assert states.of_many(session, [1, 2], AXIS) == {1: "closed"}
        assert states.on_all_axes(session, [1, 2]) == {(1, AXIS): "closed"}
        assert verify(session).whole


def test_a_rebuild_gives_what_the_moves_say(database):
    with database.writing() as session:
        move(session, "open")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE states SET state = 'closed'"))
    with database.reading() as session:
        assert not verify(session).whole
    with database.writing() as session:
        assert states.rebuild(session) == 1
        Act(session, trail.SYSTEM, MORNING).say("site.rebuilt", ("site", "states"))
    with database.reading() as session:
        assert states.of(session, THING, AXIS) == "open"
        assert verify(session).whole
