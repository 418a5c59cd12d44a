"""Whatever a hand with a SQL prompt does to a record, verification finds it and names the first
fault.
"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from integrity import recomputing, schema, trail
from integrity.canonical import GENESIS, canonical, chained, digest, digest_of
from integrity.subjects import Subject
from integrity.trail import Event
from integrity.verification import verify
from tests.makers import records

TABLES = [table.name for table in trail.record_tables()]
EVENTS = records.rows_each() + 2
SWITCHED_OFF = ("The guard", "The constraint")  # what `tampering` took away first


def first_fault(session, anchor=None) -> str:
    report = verify(session, anchor)
    assert not report.whole
    return report.faults[0]


def test_a_world_nobody_touched_is_whole(guarded):
    report = verify(guarded)
    assert report.faults == []
    rows = sum(records.rows_each() + 1 - records.first_number(t) for t in trail.record_tables())
    assert (report.events, report.rows) == (EVENTS, rows)
    assert verify(guarded, (EVENTS, report.head)).whole


@pytest.mark.req("AUD-11")
def test_a_byte_changed_in_any_column_of_any_record_is_found(tampering):
    """Each column of each table is changed in a row of its own, all at once, so that one
    verification has to name every one.
    """
    expected = set()
    for table in trail.record_tables():
        columns = sorted(
            table.columns, key=lambda column: column.name == "id"
        )  # the id last, since it moves its row
        for number, column in enumerate(columns, start=records.first_number(table)):
            records.change_byte(tampering, table, column, "id", number)
            expected.add(
                f"Row {number} of {table.name} was changed after event {number + 1} recorded it."
                if column.name != "id"
                else f"Row {number} of {table.name}, recorded by event {number + 1}, is gone: it "
                "was deleted."
            )
    faults = verify(tampering).faults
    assert expected - set(faults) == set()
    assert [fault for fault in faults if "was changed" in fault] == sorted(
        (fault for fault in expected if "was changed" in fault),
        key=lambda fault: (int(fault.split()[8]), TABLES.index(fault.split()[3])),
    )
    assert faults[0] == f"Row 1 of {TABLES[0]} was changed after event 2 recorded it."


@pytest.mark.req("AUD-11")
@pytest.mark.parametrize("number", [1, 5])
def test_one_byte_changed_is_the_one_fault(number, tampering):
    table = trail.record_tables()[-1]
    records.change_byte(tampering, table, list(table.columns)[0], "id", number)
    faults = [fault for fault in verify(tampering).faults if not fault.startswith(SWITCHED_OFF)]
    assert faults == [
        f"Row {number} of {table.name} was changed after event {number + 1} recorded it."
    ]


@pytest.mark.req("AUD-11")
@pytest.mark.parametrize(
    "column", [column.name for column in Event.__table__.columns if column.name != "seq"]
)
def test_a_byte_changed_in_any_column_of_an_event_is_found(column, tampering):
    records.change_byte(tampering, Event.__table__, Event.__table__.c[column], "seq", 1)
    fault = first_fault(tampering)
    assert fault.startswith(("Event 1 ", "Event 1:")), fault


def test_an_index_column_of_the_trail_that_no_longer_repeats_its_content_is_found(tampering):
    tampering.execute(text("UPDATE events SET scope = 'B3' WHERE seq = 3"))
    assert (
        first_fault(tampering)
        == "Event 3: its column scope was changed and no longer says what its content says."
    )


@pytest.mark.req("AUD-11")
def test_a_row_deleted_inserted_replaced_or_swapped_is_found_in_every_table(tampering):
    """In every table.

    Row 2 deleted, row 900 inserted, row 3 replaced by the content of row 4, rows 5 and 6 swapped.
    """
    expected = set()
    for table in trail.record_tables():
        unique = {column for key in schema.unique_keys(table) for column in key}
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        copied = ", ".join(
            "900" if c.name == "id" else _another(c) if c.name in unique else f'"{c.name}"'
            for c in table.columns
        )
        for statement in (
            f'INSERT INTO "{table.name}" ({columns}) SELECT {copied} FROM "{table.name}" WHERE '
            "id = 7",
            f'DELETE FROM "{table.name}" WHERE id IN (2, 3)',
            f'UPDATE "{table.name}" SET id = 3 WHERE id = 4',
            *(
                f'UPDATE "{table.name}" SET id = {new} WHERE id = {old}'
                for old, new in ((5, 777), (6, 5), (777, 6))
            ),
        ):
            tampering.execute(text(statement))
        expected |= {
            f"Row {key} of {table.name} was changed after event {key + 1} recorded it."
            for key in (3, 5, 6)
        }
        expected |= {
            f"Row {key} of {table.name}, recorded by event {key + 1}, is gone: it was deleted."
            for key in (2, 4)
        }
        expected.add(
            f"Row 900 of {table.name} was inserted behind the trail's back: no event made it."
        )
    faults = [
        fault
        for fault in verify(tampering).faults
        if not fault.startswith((*SWITCHED_OFF, "The state"))
    ]
    assert set(faults) == expected
    assert faults[0] == f"Row 2 of {TABLES[0]}, recorded by event 3, is gone: it was deleted."


def _another(column) -> str:
    return (
        f'"{column.name}" + 100' if column.type.python_type is int else f"\"{column.name}\" || 'x'"
    )


@pytest.mark.req("AUD-11")
def test_an_event_edited_with_its_digest_breaks_the_chain_there(tampering):
    content = tampering.execute(text("SELECT content FROM events WHERE seq = 3")).scalar_one()
    forged = content.replace("Made to be tampered with.", "Made to be believed.")
    tampering.execute(
        text("UPDATE events SET content = :content WHERE seq = 3"), {"content": forged}
    )
    assert first_fault(tampering).startswith(
        "Event 3 (site.rebuilt, 2026-11-02T08:00:00.000Z) was changed"
    )
    tampering.execute(
        text("UPDATE events SET digest = :digest WHERE seq = 3"), {"digest": digest(forged)}
    )
    assert first_fault(tampering).startswith(
        "Event 3 (site.rebuilt, 2026-11-02T08:00:00.000Z) breaks the chain"
    )
    previous = tampering.execute(text("SELECT previous FROM events WHERE seq = 3")).scalar_one()
    tampering.execute(
        text("UPDATE events SET hash = :hash WHERE seq = 3"),
        {"hash": chained(previous, digest(forged))},
    )
    assert first_fault(tampering).startswith(
        "Event 4 (site.rebuilt, 2026-11-02T08:00:00.000Z) breaks the chain"
    )


@pytest.mark.req("AUD-11")
def test_an_event_deleted_in_the_middle_is_a_gap(tampering):
    tampering.execute(text("DELETE FROM events WHERE seq = 3"))
    report = verify(tampering)
    assert report.faults[0] == "Event 3 is missing (the next one present is 4)."
    assert sum("is missing (the next" in fault for fault in report.faults) == 1


@pytest.mark.req("AUD-11")
def test_a_tail_that_was_cut_shows_against_a_head_printed_outside_only(tampering):
    head = trail.head(tampering)
    tampering.execute(text("DELETE FROM events WHERE seq = :seq"), {"seq": EVENTS})
    assert verify(tampering).faults == [
        fault for fault in verify(tampering).faults if fault.startswith(SWITCHED_OFF)
    ]
    assert first_fault(tampering, (EVENTS, head[1])).startswith(
        f"Event {EVENTS} with hash {head[1][:12]}… is printed outside"
    )


@pytest.mark.req("AUD-11")
def test_a_chain_rewritten_from_end_to_end_shows_against_a_head_printed_outside(tampering):
    seq, head, _ = trail.head(tampering)
    previous = GENESIS
    for number in range(1, seq + 1):
        content = tampering.execute(
            text("SELECT content FROM events WHERE seq = :n"), {"n": number}
        ).scalar_one()
        content = content.replace("tampered", "believed")
        made = chained(previous, digest(content))
        tampering.execute(
            text(
                "UPDATE events SET content = :c, digest = :d, previous = :p, hash = :h WHERE seq "
                "= :n"
            ),
            {"c": content, "d": digest(content), "p": previous, "h": made, "n": number},
        )
        previous = made
    assert all(fault.startswith(SWITCHED_OFF) for fault in verify(tampering).faults)
    assert "is printed outside" in first_fault(tampering, (seq, head))


def test_a_backdated_event_is_found(tampering):
    _append(tampering, at="2026-11-02T07:59:57.999Z")
    assert "and no clock event says why" in first_fault(tampering)


def test_a_forged_event_without_its_fields_is_a_fault_and_no_crash(tampering):
    seq, previous, _ = trail.head(tampering)
    for content in ('{"seq":6}', "[]", "not json", '{"rows":[["people"]],"seq":6}'):
        with tampering.begin_nested() as point:
            _insert(tampering, seq + 1, previous, content, "2026-11-02T08:00:00.000Z")
            assert first_fault(tampering).startswith(f"Event {EVENTS + 1} (site.rebuilt")
            point.rollback()


def _append(session, at: str) -> None:
    seq, previous, _ = trail.head(session)
    said = json.loads(
        session.execute(text("SELECT content FROM events WHERE seq = 1")).scalar_one()
    )
    said |= {"seq": seq + 1, "at": at, "action": "site.rebuilt", "entry": None}
    _insert(session, seq + 1, previous, canonical(said), at)


def _insert(session, seq: int, previous: str, content: str, at: str) -> None:
    session.execute(
        text(
            "INSERT INTO events (seq, at, action, username, subject_kind, subject_key, content, "
            "digest, previous, hash) "
            "VALUES (:seq, :at, 'site.rebuilt', 'system', 'site', '1', :content, :digest, "
            ":previous, :hash)"
        ),
        {
            "seq": seq,
            "at": at,
            "content": content,
            "digest": digest(content),
            "previous": previous,
            "hash": chained(previous, digest(content)),
        },
    )


@pytest.mark.req("AUD-04")
@pytest.mark.parametrize("guard", ["keeps_values", "keeps_rows", "keeps_keys"])
def test_a_guard_that_was_dropped_is_named(guard, guarded):
    on = "" if guarded.get_bind().dialect.name == "sqlite" else " ON people"
    guarded.execute(text(f"DROP TRIGGER people_{guard}{on}"))
    assert first_fault(guarded).startswith(f"The guard people_{guard} is missing")


@pytest.mark.req("AUD-04")
def test_a_guard_that_stands_and_no_longer_refuses_is_named(guarded):
    if guarded.get_bind().dialect.name == "sqlite":
        guarded.execute(text("DROP TRIGGER people_keeps_values"))
        guarded.execute(
            text("CREATE TRIGGER people_keeps_values BEFORE UPDATE ON people BEGIN SELECT 1; END")
        )
        assert first_fault(guarded).startswith(
            "The guard people_keeps_values is missing or another one stands in its place"
        )
    else:
        guarded.execute(text("ALTER TABLE people DISABLE TRIGGER people_keeps_values"))
        assert first_fault(guarded).startswith("The guard people_keeps_values is missing")
        guarded.execute(text("ALTER TABLE people ENABLE REPLICA TRIGGER people_keeps_values"))
        assert first_fault(guarded).startswith("The guard people_keeps_values is missing")
        guarded.execute(text("ALTER TABLE people ENABLE TRIGGER people_keeps_values"))
        assert verify(guarded).whole
        guarded.execute(
            text(
                "CREATE OR REPLACE FUNCTION cordbook_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$"
            )
        )
        assert len(verify(guarded).faults) == len(schema.guards("postgresql"))


KIND = records.words_of(Subject.__table__.c.kind)[1]  # of the first subject that is filled in


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "UPDATE states SET state = 'closed' WHERE subject_id = 1",
            f"The state of {KIND} 1 (deviation) says closed",
        ),
        (
            "UPDATE states SET since = 'yesterday' WHERE subject_id = 1",
            f"The state of {KIND} 1 (deviation) says open since yesterday",
        ),
        (
            "DELETE FROM states WHERE subject_id = 1",
            f"The state of {KIND} 1 (deviation) is missing",
        ),
        (
            "INSERT INTO states (subject_id, axis, subject_kind, state, since) "
            f"VALUES (1, 'account', '{KIND}', 'active', '2026')",
            f"The state of {KIND} 1 (account) says active",
        ),
    ],
)
def test_a_standing_that_is_not_what_its_moves_say_is_found(statement, sentence, guarded):
    guarded.execute(text(statement))
    assert first_fault(guarded).startswith(sentence)


def test_a_table_that_is_gone_is_a_fault(tampering):
    tampering.execute(text("DROP TABLE settings"))
    assert first_fault(tampering) == "The table settings is missing."


# The vectors of the algorithm
# -------------------------------------------------------------------------------------------

VECTORS = [
    (
        {
            "action": "GENESIS",
            "actor": "system",
            "entity": "audit",
            "entity_id": "1",
            "field": None,
            "new": None,
            "old": None,
            "reason": None,
            "seq": 1,
            "ts": "2026-01-05T08:00:00.000Z",
        },
        "9a7e117c61ffd68cd2c802337a69b49ee884f71e0f088075b8b1d3801f816d2b",
        "10c1daa45014fd9f153299951d4463f6d0a8ddc15a553d8bbcfa7bf57819de47",
    ),
    (
        {
            "action": "UPDATE",
            "actor": "u-0007",
            "entity": "step_result",
            "entity_id": "42",
            "field": "viability_pct",
            "new": "90.1",
            "old": "91.0",
            "reason": "Transcription error, re-read from counter printout",
            "seq": 2,
            "ts": "2026-01-05T08:01:00.000Z",
        },
        "98d81b506cbd78cd5df0307e21b26edc224910e0b908c3081d793373f00d5240",
        "666fd1c8bf0285f2f210a84bb43809cc5b4050949e7f4f0c1a44d177e8cfb272",
    ),
    (
        {
            "action": "SIGN",
            "actor": "u-0009",
            "entity": "batch",
            "entity_id": "UC26-001",
            "field": None,
            "new": "REVIEWED",
            "old": None,
            "reason": "µ-check: 37 °C",
            "seq": 3,
            "ts": "2026-01-05T08:02:30.500Z",
        },
        "d41f27cf21981dec84f96624bb6ac3d30c0003dd017d69ca8a8109a3df9861e8",
        "970ef222f7471df0ed3d58ac398def7edd9aa3471472d096f801c561ba0ce22a",
    ),
]


@pytest.mark.req("AUD-11")
def test_the_chain_is_made_as_its_vectors_say():
    previous = GENESIS
    for content, content_digest, line_hash in VECTORS:
        assert digest_of(content) == content_digest
        previous = chained(previous, content_digest)
        assert previous == line_hash


@pytest.mark.parametrize("event", [1, 3, EVENTS])
def test_from_an_anchor_on_only_what_follows_it_is_looked_at(event, tampering):
    head = tampering.execute(text(f"SELECT hash FROM events WHERE seq = {event}")).scalar()
    report = verify(tampering, (event, head), since=True)
    assert report.events == EVENTS - event + 1
    assert all(fault.startswith(SWITCHED_OFF) for fault in report.faults)
    assert (
        verify(tampering, (event, "0" * 64), since=True)
        .faults[0]
        .startswith(f"Event {event} with hash 000000000000… is printed outside")
    )


def test_from_an_anchor_on_a_byte_changed_behind_it_is_found(tampering):
    head = tampering.execute(text("SELECT hash FROM events WHERE seq = 2")).scalar()
    last = tampering.execute(text("SELECT max(id) FROM settings")).scalar()
    tampering.execute(text(f"UPDATE settings SET value = 'x' WHERE id = {last}"))
    faults = verify(tampering, (2, head), since=True).faults
    assert any(fault.startswith(f"Row {last} of settings was changed") for fault in faults)


@pytest.mark.parametrize("portion", [1, 2])
def test_what_is_found_does_not_depend_on_who_looked(portion, tampering, monkeypatch):
    tampering.execute(text("DELETE FROM settings WHERE id = 2"))
    tampering.execute(text("UPDATE events SET scope = 'B3' WHERE seq = 3"))
    here = verify(tampering).faults
    monkeypatch.setattr(recomputing, "PORTION", portion)
    monkeypatch.setattr(recomputing, "FEWEST", 0)
    monkeypatch.setattr(recomputing.threading, "active_count", lambda: 1)
    assert verify(tampering).faults == here
