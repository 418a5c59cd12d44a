"""The tables of the chapter documents, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "documents": [["id"], ["kind", "code", "version"], ["sha256"]],
    "document_dates": [["id"]],
}


def documents() -> None:
    op.create_table(
        "documents",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of(
                "kind", "master_record,specification,donor_criteria,materials,label_stock"
            ),
            name=op.f("ck_documents_kind"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_documents_file_id")),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_documents_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_documents_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("kind", "code", "version", name=op.f("uq_documents_kind_code_version")),
        sa.UniqueConstraint("sha256", name=op.f("uq_documents_sha256")),
        info={"kind": "record"},
    )


def document_dates() -> None:
    op.create_table(
        "document_dates",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("moment", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("what", "not_before,effective,ended"), name=op.f("ck_document_dates_what")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_dates_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_document_dates_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_dates")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_document_dates_document_id"), "document_dates", ["document_id"], unique=False
    )
