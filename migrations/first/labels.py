"""The tables of the chapter labels, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

from migrations import checks

# record table: the groups of columns of which no value may come twice
RECORDS = {
    "issued_codes": [["id"], ["code"], ["series", "year", "number"]],
    "label_prints": [["id"], ["code", "copy"]],
}


def issued_codes() -> None:
    op.create_table(
        "issued_codes",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("lost_at", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            checks.any_of("series", "B,C,F,J,K,L,M,N,P,Q,R,S,V"),
            name=op.f("ck_issued_codes_series"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_codes_code")),
        sa.UniqueConstraint(
            "series", "year", "number", name=op.f("uq_issued_codes_series_year_number")
        ),
        info={"kind": "record"},
    )
    op.create_index(
        "issued_codes_from_3", "issued_codes", [sa.literal_column("substr(code, 3)")], unique=False
    )
    op.create_index(
        "issued_codes_from_4", "issued_codes", [sa.literal_column("substr(code, 4)")], unique=False
    )
    op.create_index(
        "issued_codes_from_5", "issued_codes", [sa.literal_column("substr(code, 5)")], unique=False
    )
    op.create_index(
        "issued_codes_from_6", "issued_codes", [sa.literal_column("substr(code, 6)")], unique=False
    )
    op.create_index(
        "issued_codes_from_7", "issued_codes", [sa.literal_column("substr(code, 7)")], unique=False
    )
    op.create_index(
        "issued_codes_from_8", "issued_codes", [sa.literal_column("substr(code, 8)")], unique=False
    )


def label_prints() -> None:
    op.create_table(
        "label_prints",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("stock_id", sa.Integer(), nullable=False),
        sa.Column("drawing", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.CheckConstraint(checks.any_of("paper", "a4,roll"), name=op.f("ck_label_prints_paper")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_label_prints_file_id")),
        sa.ForeignKeyConstraint(
            ["person_id", "username"],
            ["people.id", "people.username"],
            name=op.f("fk_label_prints_person_id_username"),
        ),
        sa.ForeignKeyConstraint(
            ["stock_id"], ["documents.id"], name=op.f("fk_label_prints_stock_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_prints")),
        sa.UniqueConstraint("code", "copy", name=op.f("uq_label_prints_code_copy")),
        info={"kind": "record"},
    )
    op.create_index(op.f("ix_label_prints_at"), "label_prints", ["at"], unique=False)
    op.create_index(op.f("ix_label_prints_file_id"), "label_prints", ["file_id"], unique=False)
    op.create_index("label_prints_by_person", "label_prints", ["username", "id"], unique=False)
