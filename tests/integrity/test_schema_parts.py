"""What somebody hangs beside the records, or takes away from under them, is named: triggers, views,
columns, indexes, functions, policies, and an index that answers otherwise than its table.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from integrity import schema_parts, site
from integrity.acts import Act
from integrity.database import Database
from integrity.trail import SYSTEM
from integrity.verification import verify
from tests.templates import Clock

ON_BOTH = {
    "a table": ("CREATE TABLE notes (id INTEGER)", "The table notes is none of Cordbook's"),
    "a view": (
        "CREATE VIEW certificates_in_force AS SELECT id FROM certificates",
        "The view certificates_in_force is none of Cordbook's",
    ),
    "an index": (
        "CREATE INDEX quick ON events (username)",
        "The index quick is none of Cordbook's",
    ),
    "an index that is gone": (
        "DROP INDEX events_by_action",
        "The index events_by_action is missing",
    ),
    "an index of something else": (
        "DROP INDEX events_by_action; CREATE INDEX events_by_action ON events (seq, action)",
        "The index events_by_action is not as Cordbook made it",
    ),
    "a column": (
        "ALTER TABLE results ADD COLUMN nicer VARCHAR",
        "The table results is not as Cordbook made it",
    ),
    "a column of a working table": (
        "ALTER TABLE sessions ADD COLUMN password VARCHAR",
        "The table sessions is not as Cordbook made it",
    ),
}
ON_SQLITE = {
    "a trigger": (
        "CREATE TRIGGER tidy AFTER INSERT ON attempts BEGIN DELETE FROM attempts; END",
        "The trigger tidy is none of Cordbook's",
    ),
}
ON_POSTGRESQL = {
    "a trigger": (
        "CREATE TRIGGER tidy BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()",
        "The trigger tidy is none of Cordbook's",
    ),
    "a function": (
        "CREATE FUNCTION nicer() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "The function nicer is none of Cordbook's",
    ),
    "a rule": (
        "CREATE RULE quiet AS ON INSERT TO outbox DO INSTEAD NOTHING",
        "The rule outbox quiet is none of Cordbook's",
    ),
    "a policy": (
        "CREATE POLICY few ON results USING (false)",
        "The policy results few is none of Cordbook's",
    ),
    "rows that are hidden": (
        "ALTER TABLE results ENABLE ROW LEVEL SECURITY",
        "The table results is not as Cordbook made it",
    ),
    "a check that is gone": (
        "ALTER TABLE results DROP CONSTRAINT ck_results_verdict",
        "The constraint results ck_results_verdict is missing",
    ),
    "a key that is gone": (
        "ALTER TABLE moves DROP CONSTRAINT fk_moves_subject_id",
        "The constraint moves fk_moves_subject_id is missing",
    ),
    "a default": (
        "ALTER TABLE results ALTER COLUMN verdict SET DEFAULT 'conforms'",
        "The table results is not as Cordbook made it",
    ),
}


@pytest.mark.parametrize("what", [*ON_BOTH, *sorted({*ON_SQLITE, *ON_POSTGRESQL})])
def test_what_is_not_as_cordbook_made_it_is_named(what, guarded):
    dialect = guarded.get_bind().dialect.name
    own = ON_SQLITE if dialect == "sqlite" else ON_POSTGRESQL
    statements, sentence = {**ON_BOTH, **own}.get(what, ("", ""))
    for statement in filter(None, statements.split("; ") if what != "a trigger" else [statements]):
        guarded.execute(text(statement))
    told = [fault for fault in verify(guarded).faults if fault.startswith(sentence)]
    assert len(told) == 1 if sentence else verify(guarded).whole


def test_what_was_added_and_what_is_lacking_is_told(guarded):
    guarded.execute(text("ALTER TABLE results ADD COLUMN nicer VARCHAR"))
    assert any("nicer" in fault for fault in verify(guarded).faults)


def test_an_index_that_answers_otherwise_than_its_table_is_found(database: Database):
    """Every row and every definition is as it should be; the database's own check alone sees it."""
    with database.reading() as session:
        assert list(schema_parts.damage(session)) == []
    (_damage_on_sqlite if database.url.startswith("sqlite") else _damage_on_postgresql)(database)
    with database.reading() as session:
        assert list(schema_parts.faults(session)) == []
        damaged = verify(session).faults
    assert damaged and all("events_by_action" in fault for fault in damaged)
    assert all(fault.startswith("The database's own check says") for fault in damaged)


def _damage_on_sqlite(database: Database) -> None:
    """An index of nothing takes the place of events_by_action, under its definition."""
    _add_a_setting(database)
    with database.engine.connect() as connection:
        said = "SELECT sql FROM sqlite_master WHERE name = 'events_by_action'"
        definition = connection.exec_driver_sql(said).scalar_one()
        connection.exec_driver_sql("DROP INDEX events_by_action")
        connection.exec_driver_sql(f"{definition} WHERE seq < 0")
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = ? WHERE name = 'events_by_action'", (definition,)
        )
        connection.commit()
    database.engine.dispose()


def _damage_on_postgresql(database: Database) -> None:
    """A row that is added while the index is told to be asleep."""
    asleep = "UPDATE pg_index SET indisready = {} WHERE indexrelid = 'events_by_action'::regclass"
    for ready in ("false", "true"):
        with database.engine.connect() as connection:
            connection.execute(text(asleep.format(ready)))
            connection.commit()
        database.engine.dispose()
        if ready == "false":
            _add_a_setting(database)


def _add_a_setting(database: Database) -> None:
    with database.writing() as session:
        site.change(
            Act(session, SYSTEM, Clock()()),
            "name",
            "Elsewhere",
            reason="The laboratory moved to another house.",
        )


def test_what_may_not_be_looked_at_is_said_and_is_no_fault(guarded):
    if guarded.get_bind().dialect.name == "sqlite":
        assert verify(guarded).unseen == []
        return
    guarded.execute(text("CREATE ROLE reader_of_all"))
    guarded.execute(text("GRANT USAGE ON SCHEMA public TO reader_of_all"))
    guarded.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_of_all"))
    guarded.execute(text("SET LOCAL ROLE reader_of_all"))
    report = verify(guarded)
    assert report.whole
    assert any("pg_amcheck" in sentence for sentence in report.unseen)
