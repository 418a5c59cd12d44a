"""No question of a page or an act looks through a table that grows with the work.

The questions are the ones that are really asked; each is explained by the database itself.
"""

import re
from collections import Counter

import pytest
from sqlalchemy import event

from integrity.database import Base, Database
from tests.house.growth import grow

# These grow with the house (its people, papers and settings), not with what is recorded in it.
SMALL = {
    "credentials",
    "document_dates",
    "documents",
    "equipment",
    "grants",
    "label_reasons",
    "people",
    "sessions",
    "settings",
    "sites",
}
# Still looked through, with the reason: a cord that waits may be as old as any, and only the lack
# of a batch tells.
KNOWN = {
    "FROM cords \nWHERE (cords.id NOT IN (SELECT batches.cord_id",
    # Asked once for a donor who is registered, a lot that is received and a calibration that is
    # recorded: what looks like another one is compared letter by letter, which no index does.
    "SELECT donors.code \nFROM donors",
    "SELECT DISTINCT lots.material \nFROM lots",
    "SELECT equipment.code, calibrations.reference \nFROM calibrations",
}
WHOLE = ("/trail.csv", "/trail.jsonl")  # hand out everything there is
SCANNED = re.compile(r"^SCAN (?:TABLE )?(\w+)")


class Questions:
    """Every SELECT that a database was asked, how often, and with what the last time."""

    def __init__(self, database: Database):
        self.database, self.asked, self.values = database, Counter(), {}

    def _note(self, connection, cursor, statement, values, *rest):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.asked[statement] += 1
            self.values[statement] = values

    def __enter__(self):
        event.listen(self.database.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_):
        event.remove(self.database.engine, "before_cursor_execute", self._note)

    def plan(self, statement):
        """What SQLite says that it would do, a line a table."""
        with self.database.engine.connect() as connection:
            explained = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", self.values[statement]
            )
            return [row[3] for row in explained]


def table_of(name, statement):
    """The table that an alias in a plan stands for."""
    named = re.search(
        rf"\b(\w+) AS {name}\b|\bJOIN (\w+) {name}\b|\bFROM (\w+) {name}\b", statement
    )
    found = named and next(filter(None, named.groups()))
    return found or name


def scans(statement, plan, growing):
    """The growing tables that a plan goes through from end to end.

    What is read in the order of an index and stops at a LIMIT is no scan.
    """
    stops = "LIMIT" in statement.upper() and not any("TEMP B-TREE" in line for line in plan)
    if stops:
        return []
    scanned = [table_of(match[1], statement) for line in plan if (match := SCANNED.match(line))]
    return [table for table in scanned if table in growing]


@pytest.mark.slow
def test_no_question_looks_through_a_table_that_grows(world):
    growing = {table.name for table in Base.metadata.sorted_tables} - SMALL
    with Questions(world.database) as questions:
        for name in ("qa1", "technician1", "admin1"):
            visitor = world.visitor(name)
            for page in world.crawl(name):
                if page.status == 200 and not page.address.startswith(WHOLE):
                    assert visitor.client.get(page.address).status_code in (200, 302, 303)
        grow(world, 1)
    assert len(questions.asked) > 100
    found = {
        statement: scanned
        for statement in questions.asked
        if (scanned := scans(statement, questions.plan(statement), growing))
        and not any(part in statement for part in KNOWN)
    }
    assert found == {}
