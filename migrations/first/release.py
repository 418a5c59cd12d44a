"""The tables of the chapter release, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "certificates": [["id"], ["code", "version"], ["token"]],
    "exception_verdicts": [["id"]],
    "reviews": [["id"]],
    "certificate_files": [["id"], ["certificate_id"]],
}


def certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("facts_sha256", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("release_seq", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("stage", "initial,final"), name=op.f("ck_certificates_stage")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id", "scope"],
            ["subjects.id", "subjects.code"],
            name=op.f("fk_certificates_batch_id_scope"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_certificates_batch_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["subjects.id"], name=op.f("fk_certificates_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_certificates_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["release_seq"],
            ["events.seq"],
            name=op.f("fk_certificates_release_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_certificates_code_version")),
        sa.UniqueConstraint("token", name=op.f("uq_certificates_token")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_certificates_batch_id"), "certificates", ["batch_id"], unique=False)


def exception_verdicts() -> None:
    op.create_table(
        "exception_verdicts",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(
            checks.any_of("effect", "none,accepted,deviation"),
            name=op.f("ck_exception_verdicts_effect"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_exception_verdicts_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviations.id"], name=op.f("fk_exception_verdicts_deviation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_exception_verdicts_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_verdicts")),
        info={"kind": "record"},
    )
    op.create_index(
        op.f("ix_exception_verdicts_batch_id"), "exception_verdicts", ["batch_id"], unique=False
    )


def reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(checks.any_of("gate", "initial,final"), name=op.f("ck_reviews_gate")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_reviews_batch_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_reviews_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["seq"],
            ["events.seq"],
            name=op.f("fk_reviews_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_reviews_batch_id"), "reviews", ["batch_id"], unique=False)


def certificate_files() -> None:
    op.create_table(
        "certificate_files",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_files_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_certificate_files_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_certificate_files_person_id_username"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_files")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_files_certificate_id")),
        info={"kind": "record"},
    )
