"""The tables of the chapter deviations, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "corrective_actions": [["id"]],
    "deviation_assessments": [["id"]],
    "deviation_judgements": [["id"], ["deviation_id"]],
}


def corrective_actions() -> None:
    op.create_table(
        "corrective_actions",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("check_at", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("kind", "corrective,preventive"), name=op.f("ck_corrective_actions_kind")
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_corrective_actions_deviation_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_corrective_actions_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_corrective_actions_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["scope_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_corrective_actions_scope_id_scope"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_actions")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_corrective_actions_deviation_id"),
        "corrective_actions",
        ["deviation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_corrective_actions_scope"), "corrective_actions", ["scope"], unique=False
    )
    op.create_index(
        op.f("ix_corrective_actions_scope_id"), "corrective_actions", ["scope_id"], unique=False
    )


def deviation_assessments() -> None:
    op.create_table(
        "deviation_assessments",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("classification", "minor,major,critical"),
            name=op.f("ck_deviation_assessments_classification"),
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_deviation_assessments_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_deviation_assessments_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_assessments")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_deviation_assessments_deviation_id"),
        "deviation_assessments",
        ["deviation_id"],
        unique=False,
    )


def deviation_judgements() -> None:
    op.create_table(
        "deviation_judgements",
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("decision", "continue,reject"),
            name=op.f("ck_deviation_judgements_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_deviation_judgements_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_deviation_judgements_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_judgements")),
        sa.UniqueConstraint("deviation_id", name=op.f("uq_deviation_judgements_deviation_id")),
        info={"kind": "record"},
    )
