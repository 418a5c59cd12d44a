"""The guards of a record table, for SQLite and PostgreSQL; imports nothing from the application.

keeps_values refuses UPDATE, keeps_rows refuses DELETE, keeps_keys refuses what would go around
both: on SQLite an INSERT over an existing key (INSERT OR REPLACE deletes the old row without firing
a DELETE trigger), on PostgreSQL TRUNCATE."""

MESSAGE = "records are only ever inserted"


def sqlite(table: str, keys: list[list[str]]) -> dict[str, str]:
    """{name: statement} for one table.

    `keys` are the groups of columns that must stay unique, the primary key first.
    """
    exists = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in key) + ")" for key in keys
    )
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: {MESSAGE}'); END"
    return {
        f"{table}_keeps_values": f'CREATE TRIGGER "{table}_keeps_values" BEFORE UPDATE ON '
        f'"{table}" {refuse}',
        f"{table}_keeps_rows": f'CREATE TRIGGER "{table}_keeps_rows" BEFORE DELETE ON "{table}" '
        f"{refuse}",
        f"{table}_keeps_keys": f'CREATE TRIGGER "{table}_keeps_keys" BEFORE INSERT ON "{table}" '
        f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {exists}) {refuse}',
    }


POSTGRESQL_BODY = f"BEGIN RAISE EXCEPTION '%: {MESSAGE}', TG_TABLE_NAME; END"
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION cordbook_refuse() RETURNS trigger LANGUAGE "
    f"plpgsql AS $$ {POSTGRESQL_BODY} $$"
)


def postgresql(table: str) -> dict[str, str]:
    """{name: statement} for one table."""
    what = {
        "keeps_values": ("UPDATE", "ROW"),
        "keeps_rows": ("DELETE", "ROW"),
        "keeps_keys": ("TRUNCATE", "STATEMENT"),
    }
    return {
        f"{table}_{guard}": f"CREATE TRIGGER {table}_{guard} BEFORE {verb} ON {table} FOR EACH "
        f"{each} "
        "EXECUTE FUNCTION cordbook_refuse()"
        for guard, (verb, each) in what.items()
    }


def make(records: dict[str, list[list[str]]]) -> None:
    """Put the guards on these tables, in a migration; {table: its unique groups of columns}."""
    from alembic import op  # only here: the rest is asked by verification, which has no use for it

    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(POSTGRESQL_FUNCTION)
    for table, keys in records.items():
        made = sqlite(table, keys) if on_sqlite else postgresql(table)
        for statement in made.values():
            op.execute(statement)


def renew(records: dict[str, list[list[str]]]) -> None:
    """The same where a guard may stand already, with keys as they were."""
    from alembic import op

    where = "" if op.get_bind().dialect.name == "sqlite" else ' ON "{table}"'
    for table in records:
        for guard in ("keeps_values", "keeps_rows", "keeps_keys"):
            on = where.format(table=table)
            op.execute(f'DROP TRIGGER IF EXISTS "{table}_{guard}"{on}')
    make(records)
