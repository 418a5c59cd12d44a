"""Over the whole demonstration: every row of every record is answered for by an event, and every
time that people read says its zone.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from integrity.database import Base, Fold, Log, Working
from integrity.trail import Event, record_tables
from tests.pages import Page

# What is no record, and why it may change.
WAIVED = {
    "states": "a fold over moves, made anew from them",
    "sessions": "who is signed in now",
    "attempts": "counted failures; what they close and every failed signing are events",
    "used_codes": "which codes of phones open nothing any more",
    "known_devices": "who has signed in where, so that a stranger is told from them",
    "scans": "a log: what was asked of the box for codes is no part of the trail",
    "accesses": "the access log: what was read and refused is no part of the trail",
    "drafts": "what was typed when a tablet locked",
    "reminders": "which mail of a day was begun, so that it is not sent twice",
    "unreminded": "who wants no mail of what waits",
    "outbox": "mails that wait; what they report is in the trail",
    "labels_put_away": "cards that a technician does not want to see; nothing of it is recorded",
}
CLOCK_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?! ?[+−-]\d\d:\d\d)(?!:\d)")


@pytest.mark.req("AUD-01")
def test_every_model_is_a_record_of_the_trail_or_waived_by_name():
    waived = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, (Fold, Log, Working))
    }
    records = {table.name for table in record_tables()}
    every = {mapper.local_table.name for mapper in Base.registry.mappers}
    assert waived == set(WAIVED)
    assert every - waived - {Event.__tablename__} == records


@pytest.mark.req("AUD-01")
def test_the_events_answer_for_every_row_of_every_record_once(world):
    with world.database.reading() as session:
        said = Counter()
        for event in session.scalars(select(Event)):
            said.update((table, key) for table, key, _ in event.said["rows"])
        counted = {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in record_tables()
        }
    assert set(said.values()) == {1}
    answered = Counter(table for table, _ in said)
    assert dict(answered) == {name: count for name, count in counted.items() if count}
    assert len(answered) > 30


@pytest.mark.req("TIM-02")
@pytest.mark.parametrize("username", ["technician1", "qa1", "releaser1"])
def test_every_time_on_every_page_says_its_offset(world, username):
    visitor, times = world.visitor(username), 0
    for seen in world.crawl(username):
        if seen.status != 200 or seen.mimetype != "text/html":
            continue
        words = Page(visitor.client.get(seen.address)).words
        assert not CLOCK_TIME.findall(words), seen.address
        times += len(re.findall(r"\d\d:\d\d(?::\d\d)? [+−-]\d\d:\d\d", words))
    assert times > 50
