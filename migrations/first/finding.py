"""The tables of the chapter finding, as the first schema has them."""

import sqlalchemy as sa
from alembic import op

# record table: the groups of columns of which no value may come twice
RECORDS = {"scans": [["id"]]}


def scans() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_scans_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
        info={"kind": "log"},
    )
    op.create_index("scans_by_answer", "scans", ["answer", "at", "id"], unique=False)
    op.create_index("scans_by_code", "scans", ["code", "at", "id"], unique=False)
    op.create_index("scans_by_person", "scans", ["username", "at", "id"], unique=False)
    op.create_index("scans_by_time", "scans", ["at", "id"], unique=False)
