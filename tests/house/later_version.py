"""A later Cordbook, for the test of the next migration: python -m tests.house.later_version
URL FOLDER.

It knows suppliers, who supplied a piece of equipment, who looked on at an entry, and one more
kind of document. It drafts its migration into FOLDER (a copy of migrations/), upgrades the database
of the version before through it, works on, and prints what it saw as JSON.
"""

from __future__ import annotations

import enum
import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from documents.kinds import Kind
from documents.register import ControlledDocument
from integrity import schema, trail, verification
from integrity.acts import Act
from integrity.database import Base, Database, Record
from integrity.vocabulary import one_of
from manufacturing.execution.entries import Entry
from migrations import draft
from migrations.drafting.following import following
from stores.equipment import Equipment
from tests.makers import records

AT = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class Trade(enum.StrEnum):
    MAKER = "maker"
    SELLER = "seller"


class Supplier(Record):
    """Of whom a piece of equipment was bought."""

    __tablename__ = "suppliers"
    __table_args__ = (one_of("trade", Trade),)

    name: Mapped[str] = mapped_column(index=True)
    trade: Mapped[str]


LaterKind = enum.StrEnum(  # type: ignore[misc]
    "LaterKind", {**{word.name: word.value for word in Kind}, "TRAINING": "training"}
)


def change_the_models() -> None:
    Equipment.supplier_id = mapped_column(ForeignKey("suppliers.id"), nullable=True)
    Entry.onlooker_id = mapped_column(ForeignKey("people.id"), nullable=True, index=True)
    table = ControlledDocument.__table__
    old = next(each for each in table.constraints if str(each.name) == "ck_documents_kind")
    table.constraints.remove(old)
    table.append_constraint(one_of("kind", LaterKind))


def draft_and_upgrade(database: Database, folder: Path) -> str:
    metadata = draft.models()
    drafted = following(metadata, folder, revision="0002", before="0001", what="Suppliers")
    assert drafted
    (folder / "versions" / "0002_suppliers.py").write_text(drafted)
    (folder / "HEAD").write_text("0002\n")
    schema.MIGRATIONS = folder
    schema.upgrade(database.engine, folder)
    again = following(metadata, folder, revision="0003", before="0002", what="Nothing")
    assert again is None, again
    return drafted


def work_on(database: Database) -> None:
    with database.writing() as session:
        act = Act(session, trail.SYSTEM, AT)
        supplier = act.add(Supplier(name="A works", trade=Trade.MAKER))
        words = {
            "kind": "incubator",
            "first_name": "New",
            "first_serial": "1",
            "first_room": "1",
            "username": "system",
        }
        act.add(Equipment(code="EQ-LATER", registered_at=AT, supplier_id=supplier.id, **words))
        act.say("equipment.registered", supplier)


def is_refused(database: Database, statement: str) -> bool:
    with database.engine.connect() as connection, suppress(Exception):
        connection.execute(text(statement))
        return False
    return True


def tampered(database: Database, statement: str) -> list[str]:
    """What verification says of a change that is not kept, besides that what refuses it is off."""
    with database.writing() as session:
        records.switch_off_guards(session.connection())
        session.connection().execute(text(statement))
        faults = verification.verify(session).faults
        session.rollback()
    return [fault for fault in faults if not fault.startswith(("The guard ", "The constraint "))]


def report(url: str, folder: Path) -> dict[str, object]:
    database = Database(url)
    change_the_models()
    drafted = draft_and_upgrade(database, folder)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        left = [str(each) for each in compare_metadata(context, Base.metadata)]
    seen = {"drafted": drafted, "left": left, "after the upgrade": faults_of(database)}
    work_on(database)
    seen["after more work"] = faults_of(database)
    new = "SELECT max(id) FROM equipment"
    return seen | {
        "refused": [is_refused(database, statement) for statement in REFUSED],
        "taken away": tampered(
            database, f"UPDATE equipment SET supplier_id = NULL WHERE id = ({new})"
        ),
        "put in": tampered(
            database, "UPDATE entries SET onlooker_id = person_id WHERE corrects_id IS NULL"
        ),
    }


def faults_of(database: Database) -> list[str]:
    with database.reading() as session:
        return verification.verify(session).faults


COPIED = (
    "INSERT INTO documents "
    "(id, kind, code, version, title, sha256, file_id, imported_at, username) "
    "SELECT (SELECT min(id) FROM subjects WHERE kind = 'people'), '{}', 'X', 1, 'X', 'X', file_id, "
    "imported_at, username FROM documents LIMIT 1"
)
REFUSED = [
    COPIED.format("rumour"),
    "UPDATE entries SET stage = 'x'",
    "DELETE FROM equipment",
    "INSERT INTO suppliers (id, name, trade) VALUES (99, 'X', 'thief')",
    "UPDATE suppliers SET name = 'x'",
    COPIED.format("training"),  # the only one that the new schema takes
]

if __name__ == "__main__":
    sys.stdout.write(json.dumps(report(sys.argv[1], Path(sys.argv[2]))))
