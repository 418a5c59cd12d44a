"""Closed vocabularies are closed in the database: a word that no chapter knows is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, Column, Text, text
from sqlalchemy.exc import DBAPIError

import app  # noqa: F401 - every chapter adds its words
from integrity import schema
from integrity.catalogue import Message
from integrity.database import Base, Database
from integrity.findings import Rule
from integrity.vocabulary import RULES
from tests.makers import records

# Text that is no word of a closed vocabulary, and why not.
TYPED = "typed by a person, in their own words"
NUMBERED = "made by the program: a code, a digest, a name of a zone or language"
DOCUMENTED = "a word of a controlled document, which the row or its batch refers to"
FREE = {
    TYPED: {
        *("reason", "remark", "comment", "name", "serial", "room", "reference", "cause", "impact"),
        *("value", "title", "not_applicable", "form_version", "method_version", "laboratory"),
        *("supplier", "supplier_lot", "manufacturer", "certificate", "donor_pool", "storage"),
        *("consignee", "why"),
        *("quantity_text", "area_text", "media_type", "jar_code", "username", "evidence"),
        *(
            "said",
            "corrective_actions.what",
            "setting_changes.was",
            "setting_changes.becomes",
            "responsible",
            "manufacture",
            "others",
            "conclusion",
            "mail",
            "badge",
        ),
    },
    NUMBERED: {
        *("code", "scope", "subject_key", "entry_id", "content", "digest", "previous", "hash"),
        *(
            "sha256",
            "facts_sha256",
            "specification_sha256",
            "facts_digest",
            "password_hash",
            "first_hash",
            "second_hash",
            "nonce",
            "salt",
            "version",
            "token",
            "drawing",
            "zone",
            "language",
            "catalogue",
        ),
        *("place", "day", "role_title", "sample", "cord_code"),
        *("master_title", "attachments.device", "term"),
    },
    DOCUMENTED: {
        *(
            "field",
            "sample_kind",
            "stage",
            "step",
            "test",
            "method",
            "choice",
            "covers",
            "material",
        ),
        *("equipment.kind", "label_prints.kind"),
    },
}
LISTED = {name for names in FREE.values() for name in names}
TABLES = [
    table for table in Base.metadata.sorted_tables if table.info["kind"] in ("record", "fold")
]
CHECKS = [
    (table, constraint)
    for table in TABLES
    for constraint in table.constraints
    if isinstance(constraint, CheckConstraint) and "words" in constraint.info
]


def _is_checked(column: Column) -> bool:
    """Whether a CHECK of its table speaks of it."""
    return any(
        f"{column.name} = " in str(each.sqltext)
        for each in column.table.constraints
        if isinstance(each, CheckConstraint)
    )


def test_every_text_is_a_word_of_a_vocabulary_a_reference_or_free_for_a_reason():
    unexplained = [
        str(column)
        for table in TABLES
        for column in table.columns
        if type(column.type) is Text and not column.foreign_keys and not _is_checked(column)
        if column.name not in LISTED and str(column) not in LISTED
    ]
    assert unexplained == []


def test_every_rule_of_every_chapter_may_be_found():
    found = {rule.value for chapter in Rule.__subclasses__() for rule in chapter}
    assert issubclass(Rule, Message)
    assert found == set(RULES)


def test_a_word_outside_its_vocabulary_is_refused(database: Database):
    records.fill(database)
    assert len(CHECKS) > 25
    with database.engine.connect() as connection:
        for table, constraint in CHECKS:
            with pytest.raises(DBAPIError, match=rf"ck_{table.name}_{constraint.info['column']}"):
                connection.execute(text(_copied(table, constraint.info["column"])))
            connection.rollback()


def _copied(table, outside: str) -> str:
    """A row once more, under keys of its own, with a word that nobody knows."""
    unique = {name for key in schema.unique_keys(table) for name in key}
    values = {column.name: f'"{column.name}"' for column in table.columns}
    for column in table.columns:
        if column.name in unique and column.type.python_type is int:
            values[column.name] = f'"{column.name}" + 1000'
        elif column.name in unique and not _is_checked(column):
            values[column.name] = f"\"{column.name}\" || 'x'"
    values[outside] = "'a word that nobody knows'"
    columns, said = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {said} FROM "{table.name}" LIMIT 1'
