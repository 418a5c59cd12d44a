"""The tables of the chapter people, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "people": [["id"], ["id", "username"], ["username"]],
    "credentials": [["id"]],
    "grants": [["id"]],
}


def attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        info={"kind": "working"},
    )
    op.create_index(op.f("ix_attempts_username"), "attempts", ["username"], unique=False)


def people() -> None:
    op.create_table(
        "people",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_people_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id", "username", name=op.f("uq_people_id_username")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
        info={"kind": "record"},
    )


def credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("temporary", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_credentials_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_credentials_person_id"), "credentials", ["person_id"], unique=False)


def drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id")),
        sa.PrimaryKeyConstraint("person_id", "path", name=op.f("pk_drafts")),
        info={"kind": "working"},
    )


def grants() -> None:
    op.create_table(
        "grants",
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "role",
                "technician,verifier,qc_analyst,qc_reviewer,qa,releaser,master_author,"
                "master_approver,label_printer,administrator,reader",
            ),
            name=op.f("ck_grants_role"),
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_grants_holder_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_grants_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_grants_holder_id"), "grants", ["holder_id"], unique=False)


def sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("locked", sa.Integer(), nullable=False),
        sa.Column("has_signed", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id")),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sessions")),
        info={"kind": "working"},
    )
