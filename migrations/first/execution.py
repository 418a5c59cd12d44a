"""The tables of the chapter execution, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "batches": [["id"], ["code"], ["cord_id"]],
    "entries": [["id"]],
    "sign_offs": [["id"], ["batch_id", "stage", "cycle"]],
    "sign_off_entries": [["id"]],
}


def batches() -> None:
    op.create_table(
        "batches",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cord_id", sa.Integer(), nullable=False),
        sa.Column("cord_code", sa.Text(), nullable=False),
        sa.Column("master_id", sa.Integer(), nullable=False),
        sa.Column("master_title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("specification_id", sa.Integer(), nullable=False),
        sa.Column("specification_sha256", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cord_id", "cord_code"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_batches_cord_id_cord_code"),
        ),
        sa.ForeignKeyConstraint(["cord_id"], ["cords.id"], name=op.f("fk_batches_cord_id")),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_batches_id")),
        sa.ForeignKeyConstraint(["master_id"], ["documents.id"], name=op.f("fk_batches_master_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_batches_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["specification_id"], ["documents.id"], name=op.f("fk_batches_specification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("code", name=op.f("uq_batches_code")),
        sa.UniqueConstraint("cord_id", name=op.f("uq_batches_cord_id")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_batches_cord_code"), "batches", ["cord_code"], unique=False)
    op.create_index(op.f("ix_batches_started_at"), "batches", ["started_at"], unique=False)


def entries() -> None:
    op.create_table(
        "entries",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("not_applicable", sa.Text(), nullable=True),
        sa.Column("performed_at", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("needs_second", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_entries_batch_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["entries.id"], name=op.f("fk_entries_corrects_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_entries_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_entries_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        info={"kind": "record"},
    )
    op.create_index("entries_by_batch", "entries", ["batch_id", "id"], unique=False)
    op.create_index("entries_by_person", "entries", ["person_id", "batch_id"], unique=False)


def sign_offs() -> None:
    op.create_table(
        "sign_offs",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_sign_offs_batch_id")),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_sign_offs_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
        sa.UniqueConstraint(
            "batch_id", "stage", "cycle", name=op.f("uq_sign_offs_batch_id_stage_cycle")
        ),
        info={"kind": "record"},
    )


def sign_off_entries() -> None:
    op.create_table(
        "sign_off_entries",
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_sign_off_entries_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signatures.id"], name=op.f("fk_sign_off_entries_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_entries")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_sign_off_entries_signature_id"), "sign_off_entries", ["signature_id"], unique=False
    )
