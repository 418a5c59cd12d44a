"""The guards of a record table, for SQLite and PostgreSQL; imports nothing from the application.

keeps_values refuses UPDATE, keeps_rows refuses DELETE (and TRUNCATE), keeps_keys refuses an INSERT over an existing key,
because SQLite's INSERT OR REPLACE deletes the old row without firing a DELETE trigger.
"""

MESSAGE = "records are only ever inserted"


def sqlite(table: str, keys: list[str]) -> list[str]:
    """Statements for one table; `keys` are its columns that must stay unique, the primary key first."""
    exists = " OR ".join(f'"{key}" = NEW."{key}"' for key in keys)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
    return [
        f'CREATE TRIGGER "{table}_keeps_values" BEFORE UPDATE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_keeps_rows" BEFORE DELETE ON "{table}" {refuse}',
        f'CREATE TRIGGER "{table}_keeps_keys" BEFORE INSERT ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {exists}) {refuse}',
    ]


POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION cordbook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME; END $$"
)


def postgresql(table: str) -> list[str]:
    """Statements for one table; a duplicate key fails by itself there, so keeps_keys refuses TRUNCATE."""
    return [
        f'CREATE TRIGGER "{table}_keeps_values" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION cordbook_refuse()',
        f'CREATE TRIGGER "{table}_keeps_rows" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION cordbook_refuse()',
        f'CREATE TRIGGER "{table}_keeps_keys" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION cordbook_refuse()',
    ]
